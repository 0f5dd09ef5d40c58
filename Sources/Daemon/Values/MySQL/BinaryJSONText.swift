// SPDX-License-Identifier: Apache-2.0
internal import MySQL
internal import Wire

/// JSON as MySQL stores and logs it, as compact text: what the server prints, without its blanks.
struct BinaryJSONText: BinaryJSONVisitor, ~Copyable {
  /// The target while a document is written; otherwise an empty one that is kept for the exchange.
  private var out = ByteWriter(capacity: 64)
  private var error: WireError?

  mutating func append(_ document: RawSpan, into target: inout ByteWriter) throws(WireError) {
    error = nil
    swap(&target, &out)
    defer { swap(&target, &out) }
    try BinaryJSON.walk(document, &self)
    if let error { throw error }
  }

  mutating func beginObject(count: Int) { out.append(0x7B as UInt8) }
  mutating func endObject() { out.append(0x7D as UInt8) }
  mutating func beginArray(count: Int) { out.append(0x5B as UInt8) }
  mutating func endArray() { out.append(0x5D as UInt8) }
  mutating func null() { out.append("null" as StaticString) }
  mutating func boolean(_ value: Bool) { out.append((value ? "true" : "false") as StaticString) }
  mutating func integer(_ value: Int64) { out.append(digits: value) }
  mutating func unsigned(_ value: UInt64) { out.append(digits: value) }
  mutating func double(_ value: Double) { out.append(jsonDouble: value) }
  mutating func string(_ text: RawSpan) { out.append(string: text) }

  mutating func key(_ name: RawSpan, isFirst: Bool) {
    if !isFirst { out.append(0x2C as UInt8) }
    out.append(string: name)
    out.append(0x3A as UInt8)
  }

  mutating func element(isFirst: Bool) {
    if !isFirst { out.append(0x2C as UInt8) }
  }

  /// A DECIMAL is a number, dates and times are strings, anything else is base64 with its column type.
  mutating func opaque(_ type: ColumnType, _ bytes: RawSpan) {
    switch type {
    case .newDecimal: decimal(bytes)
    case .date, .dateTime, .timestamp, .time: time(type, bytes)
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
  private mutating func decimal(_ bytes: RawSpan) {
    guard bytes.byteCount >= 2 else { return fail("a DECIMAL that is cut off") }
    let decimal = PackedDecimal(precision: Int(bytes[0]), scale: Int(bytes[1]))
    do throws(WireError) {
      try decimal.append(bytes.extracting(2..<bytes.byteCount), into: &out)
    } catch {
      self.error = error
    }
  }

  /// 64 bits: 17 of year × 13 + month, 5 of the day, 5 (TIME: 10 above them) of the hour, 6 of the minute, 6 of the
  /// second, 24 of microseconds; a negative TIME is the negative number.
  private mutating func time(_ type: ColumnType, _ bytes: RawSpan) {
    guard bytes.byteCount == 8 else { return fail("a date or time of another length") }
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

  private mutating func fail(_ what: StaticString) {
    error = WireError(.badValue(what), offset: 0, context: "binary JSON")
  }
}
