// SPDX-License-Identifier: Apache-2.0
//
//   document   type, then its value
//   object     count, size, for each member where its name lies and how long it is, for each member type and value or
//              where that lies; the names; the values
//   array      the same without names
//   string     length in groups of seven bits, bytes          opaque  a column type, length, bytes
//   double     8 bytes        integers  2, 4 or 8 bytes       literal  0 null, 1 true, 2 false
//
// Counts, sizes and places have 2 bytes in small containers and 4 in large ones; literals and integers that are no
// longer than that stand in place of their place (MySQL: sql-common/json_binary.h).
internal import MySQL
internal import Wire

extension ByteWriter {
  /// JSON as MySQL stores and logs it, as compact text: what the server prints, without its blanks.
  mutating func append(binaryJSON document: RawSpan) throws(WireError) {
    // "An empty value is the JSON null": a NOT NULL column that nobody gave a value.
    if document.byteCount == 0 { return append("null" as StaticString) }
    // Containers that share their contents could become endless text: none of the server's is much larger than it.
    let budget = count + 256 + 24 * document.byteCount
    try append(json: document[0], document.extracting(1..<document.byteCount), level: 0, budget)
  }

  private mutating func append(
    json type: UInt8, _ value: RawSpan, level: Int, _ budget: Int
  ) throws(WireError) {
    switch type {
    case 0x00...0x03: try append(jsonContainer: value, type, level: level, budget)
    case 0x04: try append(jsonLiteral: value.jsonInteger(1))
    case 0x05: append(digits: Int64(Int16(truncatingIfNeeded: try value.jsonInteger(2))))
    case 0x06: append(digits: try value.jsonInteger(2))
    case 0x07: append(digits: Int64(Int32(truncatingIfNeeded: try value.jsonInteger(4))))
    case 0x08: append(digits: try value.jsonInteger(4))
    case 0x09: append(digits: Int64(bitPattern: try value.jsonInteger(8)))
    case 0x0A: append(digits: try value.jsonInteger(8))
    case 0x0B: append(jsonDouble: Double(bitPattern: try value.jsonInteger(8)))
    case 0x0C: append(string: try value.jsonData(from: 0))
    case 0x0F:
      guard value.byteCount > 0 else { throw .binaryJSON("no opaque type") }
      try append(jsonOpaque: ColumnType(rawValue: value[0]), value.jsonData(from: 1))
    default: throw .binaryJSON("unknown type")
    }
  }

  private mutating func append(
    jsonContainer value: RawSpan, _ type: UInt8, level: Int, _ budget: Int
  ) throws(WireError) {
    // "JSON documents are at most 100 levels deep."
    guard level < 128 else { throw .binaryJSON("nested too deep") }
    let isObject = type < 2
    let width = type & 1 == 0 ? 2 : 4
    let members = Int(try value.jsonInteger(width))
    let size = Int(try value.jsonInteger(width, at: width))
    let names = isObject ? members * (width + 2) : 0
    let head = 2 * width + names + members * (1 + width)
    guard size <= value.byteCount, head <= size else { throw .binaryJSON("a container's size") }
    let container = value.extracting(0..<size)
    append((isObject ? 0x7B : 0x5B) as UInt8)
    for member in 0..<members {
      guard count < budget else { throw .binaryJSON("contents that are shared") }
      if member > 0 { append(0x2C as UInt8) }
      if isObject {
        let entry = 2 * width + member * (width + 2)
        let start = Int(try container.jsonInteger(width, at: entry))
        let length = Int(try container.jsonInteger(2, at: entry + width))
        guard start + length <= size else { throw .binaryJSON("a name's place") }
        append(string: container.extracting(start..<(start + length)))
        append(0x3A as UInt8)
      }
      let entry = 2 * width + names + member * (1 + width)
      let type = container[entry]
      let isInPlace = type == 4 || type == 5 || type == 6 || width == 4 && (type == 7 || type == 8)
      let start = isInPlace ? entry + 1 : Int(try container.jsonInteger(width, at: entry + 1))
      guard start < size, isInPlace || start >= head else { throw .binaryJSON("a value's place") }
      try append(json: type, container.extracting(start..<size), level: level + 1, budget)
    }
    append((isObject ? 0x7D : 0x5D) as UInt8)
  }

  private mutating func append(jsonLiteral value: UInt64) throws(WireError) {
    switch value {
    case 0: append("null" as StaticString)
    case 1: append("true" as StaticString)
    case 2: append("false" as StaticString)
    default: throw .binaryJSON("unknown literal")
    }
  }

  /// What has no JSON type of its own: a DECIMAL as a number, dates and times as strings, anything else as base64 with
  /// its column type.
  private mutating func append(jsonOpaque type: ColumnType, _ data: RawSpan) throws(WireError) {
    switch type {
    case .newDecimal:
      guard data.byteCount >= 2 else { throw .binaryJSON("a DECIMAL's length") }
      let decimal = PackedDecimal(precision: Int(data[0]), scale: Int(data[1]))
      try decimal.append(data.extracting(2..<data.byteCount), into: &self)
    case .date, .dateTime, .timestamp, .time:
      let packed = Int64(bitPattern: try data.jsonInteger(8))
      append(0x22 as UInt8)
      append(jsonTime: packed, type)
      append(0x22 as UInt8)
    default:
      append("\"base64:type" as StaticString)
      append(digits: UInt64(type.rawValue))
      append(0x3A as UInt8)
      append(jsonBase64: data)
      append(0x22 as UInt8)
    }
  }

  private mutating func append(jsonTime packed: Int64, _ type: ColumnType) {
    let magnitude = packed.magnitude
    let seconds = magnitude >> 24
    var time = CalendarTime(year: seconds >> 22 / 13, month: seconds >> 22 % 13, day: seconds >> 17 & 31)
    time.minute = seconds >> 6 & 63
    time.second = seconds & 63
    time.microsecond = magnitude & 0xFF_FFFF
    if type == .time {
      time.hour = seconds >> 12 & 0x3FF
      append(time: time, isNegative: packed < 0, digits: 6)
    } else if type == .date {
      append(date: time)
    } else {
      time.hour = seconds >> 12 & 31
      append(dateTime: time, digits: 6, hasZone: false, separator: 0x20)
    }
  }

  /// In lines of 76 characters, as the server writes it, the line feeds escaped.
  private mutating func append(jsonBase64 data: RawSpan) {
    for start in stride(from: 0, to: data.byteCount, by: 57) {
      if start > 0 { append("\\n" as StaticString) }
      append(base64: data.extracting(start..<min(start + 57, data.byteCount)))
    }
  }
}

extension RawSpan {
  fileprivate func jsonInteger(_ width: Int, at offset: Int = 0) throws(WireError) -> UInt64 {
    guard offset + width <= byteCount else { throw .binaryJSON("a value that is cut off") }
    return littleEndian(offset, width)
  }

  /// Bytes with their length in front.
  @_lifetime(copy self)
  fileprivate func jsonData(from offset: Int) throws(WireError) -> RawSpan {
    var length = 0
    var position = offset
    while true {
      guard position < byteCount, position - offset < 5 else { throw .binaryJSON("a length") }
      let byte = self[position]
      length |= Int(byte & 0x7F) << (7 * (position - offset))
      position += 1
      if byte < 0x80 { break }
    }
    guard length <= byteCount - position else { throw .binaryJSON("a value that is cut off") }
    return extracting(position..<(position + length))
  }
}

extension WireError {
  fileprivate static func binaryJSON(_ what: StaticString) -> WireError {
    WireError(.badValue(what), offset: 0, context: "binary JSON")
  }
}
