// SPDX-License-Identifier: Apache-2.0
internal import MySQL
internal import Wire

/// JSON as MySQL stores and logs it, as compact text: what the server prints, without its blanks.
enum BinaryJSONText: BinaryJSONVisitor {
  static func beginObject(_ out: inout ByteWriter) { out.append(0x7B as UInt8) }
  static func endObject(_ out: inout ByteWriter) { out.append(0x7D as UInt8) }
  static func beginArray(_ out: inout ByteWriter) { out.append(0x5B as UInt8) }
  static func endArray(_ out: inout ByteWriter) { out.append(0x5D as UInt8) }
  static func null(_ out: inout ByteWriter) { out.append("null" as StaticString) }
  static func integer(_ value: Int64, _ out: inout ByteWriter) { out.append(digits: value) }
  static func unsigned(_ value: UInt64, _ out: inout ByteWriter) { out.append(digits: value) }
  static func double(_ value: Double, _ out: inout ByteWriter) { out.append(jsonDouble: value) }
  static func string(_ text: RawSpan, _ out: inout ByteWriter) { out.append(string: text) }

  static func boolean(_ value: Bool, _ out: inout ByteWriter) {
    out.append((value ? "true" : "false") as StaticString)
  }

  static func key(_ name: RawSpan, isFirst: Bool, _ out: inout ByteWriter) {
    out.append(memberName: name, isFirst: isFirst)
  }

  static func element(isFirst: Bool, _ out: inout ByteWriter) {
    if !isFirst { out.append(0x2C as UInt8) }
  }

  /// A DECIMAL is a number, dates and times are strings, anything else is base64 with its column type.
  static func opaque(_ type: ColumnType, _ bytes: RawSpan, _ out: inout ByteWriter) throws(WireError) {
    switch type {
    case .newDecimal: try decimal(bytes, &out)
    case .date, .dateTime, .timestamp, .time: try time(type, bytes, &out)
    default:
      out.append("\"base64:type" as StaticString)
      out.append(digits: UInt64(type.rawValue))
      out.append(0x3A as UInt8)
      // In lines of 76 characters, as the server writes it, the line feeds escaped.
      for start in stride(from: 0, to: bytes.byteCount, by: 57) {
        if start > 0 { out.append("\\n" as StaticString) }
        out.append(base64: bytes.extracting(start..<min(start + 57, bytes.byteCount)))
      }
      out.append(0x22 as UInt8)
    }
  }

  /// Precision, scale, and the number as a column has it.
  private static func decimal(_ bytes: RawSpan, _ out: inout ByteWriter) throws(WireError) {
    guard bytes.byteCount >= 2 else { throw .binaryJSON("a DECIMAL that is cut off") }
    let decimal = PackedDecimal(precision: bytes[0], scale: bytes[1])
    try decimal.append(bytes.extracting(2..<bytes.byteCount), into: &out)
  }

  /// 64 bits: 17 of year × 13 + month, 5 of the day, 5 (TIME: 10 above them) of the hour, 6 of the minute, 6 of the
  /// second, 24 of microseconds; a negative TIME is the negative number.
  private static func time(_ type: ColumnType, _ bytes: RawSpan, _ out: inout ByteWriter) throws(WireError) {
    guard bytes.byteCount == 8 else { throw .binaryJSON("a date or time of another length") }
    let packed = Int64(bitPattern: bytes.littleEndian(0, 8))
    let seconds = packed.magnitude >> 24
    let months = seconds >> 22
    var time = CalendarTime(year: months / 13, month: months % 13, day: seconds >> 17 & 31)
    time.hour = seconds >> 12 & (type == .time ? 0x3FF : 31)
    time.minute = seconds >> 6 & 63
    time.second = seconds & 63
    time.microsecond = packed.magnitude & 0xFF_FFFF
    out.append(0x22 as UInt8)
    switch type {
    case .time: out.append(time: time, isNegative: packed < 0, digits: 6)
    case .date: out.append(date: time)
    default: out.append(dateTime: time, digits: 6, hasZone: false, separator: 0x20)
    }
    out.append(0x22 as UInt8)
  }
}

extension WireError {
  fileprivate static func binaryJSON(_ what: StaticString) -> WireError {
    WireError(.badValue(what), offset: 0, context: "binary JSON")
  }
}
