// SPDX-License-Identifier: Apache-2.0
//
//   (1,'it\'s',NULL,0x00FF),            fields  value 0..1 │ value 1..5 │ null │ value 5..7
//   bytes  1 i t ' s 00 FF
internal import Wire

/// One row of an INSERT: its literals turned into the bytes they stand for, as they arrive.
///
/// It takes bytes in any pieces and remembers where it is, inside an escape or between two hexadecimal digits, so that
/// a row needs no more memory than it has bytes, however long its statement is.
@usableFromInline
struct DumpRow: ~Copyable {
  enum Outcome { case needsInput, row, end }

  private enum Place {
    case nextRow, value, zero, token, hex, string, escape, stringQuote, valueEnd, rowEnd
  }

  /// What a quoted literal is in.
  private enum Form { case text, hex, bits }

  /// `max_allowed_packet` cannot be larger.
  static let bytesMax = 1 << 30
  static let fieldsMax = 4096

  private var out = ByteWriter(capacity: 4096)
  private var storage: [RowField] = []
  private var place = Place.value
  private var form = Form.text
  private var delimiter: UInt8 = 0
  private var fieldStart = 0
  /// The first digit of a pair that has been cut; above 15 where there is none.
  private var pending: UInt8 = 0xFF

  /// The bytes of the row that is whole.
  @usableFromInline var bytes: RawSpan {
    @_lifetime(borrow self)
    get { out.bytes }
  }

  @usableFromInline var fields: Span<RowField> {
    @_lifetime(borrow self)
    get { storage.span }
  }

  var fieldCount: Int { storage.count }

  /// The first row of an INSERT, behind its parenthesis.
  mutating func begin() {
    clear()
    place = .value
  }

  private mutating func clear() {
    out.clear()
    storage.removeAll(keepingCapacity: true)
    fieldStart = 0
  }

  /// Takes bytes from `offset` on, up to the end of a row or of the statement.
  mutating func consume(_ bytes: RawSpan, from offset: inout Int) throws(WireError) -> Outcome {
    while offset < bytes.byteCount {
      switch place {
      case .string: try string(bytes, &offset)
      case .hex: if unhex(bytes, &offset) { try endHex(at: offset) }
      case .token: try token(bytes, &offset)
      case .value: try value(bytes[offset], &offset)
      case .valueEnd: if let outcome = try valueEnd(bytes[offset], &offset) { return outcome }
      case .zero, .escape, .stringQuote, .rowEnd, .nextRow:
        if let outcome = try step(bytes[offset], &offset) { return outcome }
      }
      if out.count > Self.bytesMax { throw refused(.badLength(out.count), at: offset) }
    }
    return .needsInput
  }

  private func refused(_ reason: WireError.Reason, at offset: Int) -> WireError {
    WireError(reason, offset: offset, context: "row of a dump file")
  }

  /// One byte where no run can be.
  private mutating func step(_ byte: UInt8, _ offset: inout Int) throws(WireError) -> Outcome? {
    switch place {
    case .zero:
      if byte | 0x20 == UInt8(ascii: "x") {
        offset += 1
        place = .hex
        pending = 0xFF
      } else {
        out.append(UInt8(ascii: "0"))
        place = .token
      }
    case .escape:
      escape(byte)
      offset += 1
      place = .string
    case .stringQuote:
      if byte == delimiter, form == .text {
        out.append(byte)
        offset += 1
        place = .string
      } else {
        try endString(at: offset)
      }
    case .rowEnd:
      offset += 1
      if byte == UInt8(ascii: ";") { return .end }
      if byte == UInt8(ascii: ",") { place = .nextRow } else { try onlySpace(byte, at: offset) }
    case .nextRow:
      offset += 1
      if byte == UInt8(ascii: "(") {
        clear()
        place = .value
      } else {
        try onlySpace(byte, at: offset)
      }
    case .value, .valueEnd, .string, .hex, .token: break
    }
    return nil
  }

  private func onlySpace(_ byte: UInt8, at offset: Int) throws(WireError) {
    if byte > 0x20 { throw refused(.badValue("something between two rows"), at: offset) }
  }

  private mutating func value(_ byte: UInt8, _ offset: inout Int) throws(WireError) {
    switch byte {
    case 0x20, 0x09, 0x0A, 0x0D: offset += 1
    case UInt8(ascii: "'"), UInt8(ascii: "\""):
      beginString(byte, .text)
      offset += 1
    case UInt8(ascii: "0"):
      offset += 1
      place = .zero
    case UInt8(ascii: ")") where storage.isEmpty: place = .valueEnd
    default:
      guard byte.isToken else { throw refused(.badValue("no literal"), at: offset) }
      place = .token
    }
  }

  private mutating func valueEnd(_ byte: UInt8, _ offset: inout Int) throws(WireError) -> Outcome? {
    switch byte {
    case UInt8(ascii: ","):
      offset += 1
      place = .value
      fieldStart = out.count
    case UInt8(ascii: ")"):
      offset += 1
      place = .rowEnd
      return .row
    case 0x20, 0x09, 0x0A, 0x0D: offset += 1
    default: throw refused(.badValue("something behind a literal"), at: offset)
    }
    return nil
  }

  private mutating func endField(_ kind: RowField.Kind = .value, at offset: Int) throws(WireError) {
    guard storage.count < Self.fieldsMax else { throw refused(.badLength(storage.count + 1), at: offset) }
    storage.append(RowField(kind: kind, offset: fieldStart, length: out.count - fieldStart))
    place = .valueEnd
  }

  // MARK: Numbers, NULL, prefixes

  private mutating func token(_ bytes: RawSpan, _ offset: inout Int) throws(WireError) {
    let start = offset
    while offset < bytes.byteCount, bytes[offset].goesOnToken { offset += 1 }
    out.append(bytes.extracting(start..<offset))
    guard offset < bytes.byteCount else { return }
    let word = Self.word(out.bytes.extracting(fieldStart..<out.count))
    if word == .number { return try endField(at: offset) }
    out.truncate(to: fieldStart)
    let isQuote = bytes[offset] == UInt8(ascii: "'")
    switch word {
    case .null: try endField(.null, at: offset)
    case .hex where isQuote:
      beginString(bytes[offset], .hex)
      offset += 1
    case .bits where isQuote:
      beginString(bytes[offset], .bits)
      offset += 1
    // The character set does not change the bytes.
    case .introducer: place = .value
    case .hex, .bits, .number, .other: throw refused(.badValue("no literal"), at: start)
    }
  }

  private enum Word { case number, null, introducer, hex, bits, other }

  private static func word(_ text: RawSpan) -> Word {
    switch text[0] {
    case 0x30...0x39, UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."): isNumber(text) ? .number : .other
    case UInt8(ascii: "_"): isName(text) ? .introducer : .other
    case UInt8(ascii: "x"), UInt8(ascii: "X"): text.byteCount == 1 ? .hex : .other
    case UInt8(ascii: "b"), UInt8(ascii: "B"): text.byteCount == 1 ? .bits : .other
    default: text.isEqual(to: "NULL") ? .null : .other
    }
  }

  private static func isName(_ text: RawSpan) -> Bool {
    for index in 0..<text.byteCount where !text[index].isToken { return false }
    return true
  }

  private static func isNumber(_ text: RawSpan) -> Bool {
    for index in 0..<text.byteCount where text[index] &- 0x30 >= 10 {
      switch text[index] {
      case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): break
      default: return false
      }
    }
    return true
  }

  // MARK: Strings

  private mutating func beginString(_ quote: UInt8, _ form: Form) {
    delimiter = quote
    self.form = form
    pending = 0xFF
    place = .string
  }

  private mutating func string(_ bytes: RawSpan, _ offset: inout Int) throws(WireError) {
    switch form {
    case .text: return try text(bytes, &offset)
    case .hex: if !unhex(bytes, &offset) { return }
    case .bits:
      let start = offset
      while offset < bytes.byteCount, bytes[offset] | 1 == 0x31 { offset += 1 }
      out.append(bytes.extracting(start..<offset))
      guard offset < bytes.byteCount else { return }
    }
    guard bytes[offset] == delimiter else { throw refused(.badValue("digit in a literal"), at: offset) }
    offset += 1
    place = .stringQuote
  }

  /// A quoted text up to its end, its escapes included, as far as it has arrived.
  private mutating func text(_ bytes: RawSpan, _ offset: inout Int) throws(WireError) {
    while true {
      let end = bytes.firstOf(delimiter, 0x5C, from: offset)
      out.append(bytes.extracting(offset..<end))
      offset = end
      guard end < bytes.byteCount else { return }
      offset += 1
      if bytes[end] == delimiter { break }
      guard offset < bytes.byteCount else {
        place = .escape
        return
      }
      escape(bytes[offset])
      offset += 1
    }
    // Nearly always the string ends here, and what comes behind it has arrived.
    if offset < bytes.byteCount, bytes[offset] != delimiter { return try endField(at: offset) }
    place = .stringQuote
  }

  private mutating func endString(at offset: Int) throws(WireError) {
    switch form {
    case .text: break
    case .hex: return try endHex(at: offset)
    case .bits: packBits()
    }
    try endField(at: offset)
  }

  /// "String Literals", table of escapes: \0 \b \n \r \t \Z; `\%` and `\_` stay as they are; of any other the backslash
  /// is left out.
  private mutating func escape(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "0"): out.append(0 as UInt8)
    case UInt8(ascii: "b"): out.append(0x08 as UInt8)
    case UInt8(ascii: "n"): out.append(0x0A as UInt8)
    case UInt8(ascii: "r"): out.append(0x0D as UInt8)
    case UInt8(ascii: "t"): out.append(0x09 as UInt8)
    case UInt8(ascii: "Z"): out.append(0x1A as UInt8)
    case UInt8(ascii: "%"), UInt8(ascii: "_"):
      out.append(UInt8(ascii: "\\"))
      out.append(byte)
    default: out.append(byte)
    }
  }

  // MARK: Digits

  /// Takes pairs of digits; true once something else is there.
  private mutating func unhex(_ bytes: RawSpan, _ offset: inout Int) -> Bool {
    while offset < bytes.byteCount {
      guard let digit = bytes[offset].hexDigitValue else { return true }
      offset += 1
      if pending > 15 {
        pending = digit
      } else {
        out.append(pending &<< 4 | digit)
        pending = 0xFF
      }
    }
    return false
  }

  /// The tools write whole bytes.
  private mutating func endHex(at offset: Int) throws(WireError) {
    if pending <= 15 { throw refused(.badValue("odd number of hexadecimal digits"), at: offset) }
    try endField(at: offset)
  }

  /// The digits of `b'…'` at the end of the row become bytes, most significant first.
  private mutating func packBits() {
    let digits = out.bytes.extracting(fieldStart..<out.count).array
    out.truncate(to: fieldStart)
    var value: UInt8 = 0
    for (index, digit) in digits.enumerated() {
      value = value &<< 1 | (digit & 1)
      if (digits.count - 1 - index) % 8 == 0 {
        out.append(value)
        value = 0
      }
    }
  }
}
