// SPDX-License-Identifier: Apache-2.0
internal import Wire

extension ByteWriter {
  /// A little-endian integer of one to eight bytes.
  @inline(__always)
  mutating func append(unsigned bytes: RawSpan) throws(WireError) {
    append(digits: try bytes.integer())
  }

  @inline(__always)
  mutating func append(signed bytes: RawSpan) throws(WireError) {
    let integer = try bytes.integer()
    let shift = 64 &- 8 &* Int64(bytes.byteCount)
    append(digits: (Int64(bitPattern: integer) &<< shift) &>> shift)
  }

  /// BIT: up to eight bytes, most significant first.
  mutating func append(bits bytes: RawSpan) throws(WireError) {
    guard bytes.byteCount <= 8 else {
      throw WireError(.badLength(bytes.byteCount), offset: 0, context: "BIT")
    }
    append(digits: bytes.bigEndian(0, bytes.byteCount))
  }

  /// An integer as text, without the zeros in front that ZEROFILL prints and YEAR has.
  mutating func append(integerText text: RawSpan) throws(WireError) {
    guard text.firstIndex(of: 0x2E) == nil else {
      throw WireError(.badValue("not an integer"), offset: 0, context: "number")
    }
    try append(decimalText: text)
  }

  /// A number without exponent, every digit kept but the zeros in front that ZEROFILL prints.
  mutating func append(decimalText text: RawSpan) throws(WireError) {
    var start = 0
    if start < text.byteCount, text[start] == 0x2D {
      append(0x2D as UInt8)
      start = 1
    }
    while start + 1 < text.byteCount, text[start] == 0x30, text[start + 1].isDigit { start += 1 }
    let number = text.extracting(start..<text.byteCount)
    guard number.endOfNumber(from: 0) == number.byteCount, number.byteCount > 0, number[0] != 0x2D else {
      throw WireError(.badValue("not a number"), offset: start, context: "number")
    }
    append(number)
  }

  /// A SET's labels, which have no commas themselves, as an array.
  mutating func append(labelSetText text: RawSpan) {
    append(0x5B as UInt8)
    var start = 0
    while start < text.byteCount {
      let end = text.firstIndex(of: 0x2C, from: start) ?? text.byteCount
      if start > 0 { append(0x2C as UInt8) }
      append(string: text.extracting(start..<end))
      start = end + 1
    }
    append(0x5D as UInt8)
  }

  /// GEOMETRY: four bytes of the SRID, then WKB as stored. An empty one, which ALTER TABLE can leave in old rows, has
  /// neither.
  mutating func append(geometry bytes: RawSpan) {
    let head = min(4, bytes.byteCount)
    append("{\"srid\":" as StaticString)
    append(digits: bytes.littleEndian(0, head))
    append(",\"wkb\":\"" as StaticString)
    append(base64: bytes.extracting(head..<bytes.byteCount))
    append("\"}" as StaticString)
  }

  /// VECTOR: floats, least significant byte first.
  mutating func append(vector bytes: RawSpan) throws(WireError) {
    guard bytes.byteCount % 4 == 0 else {
      throw WireError(.badLength(bytes.byteCount), offset: 0, context: "VECTOR")
    }
    append(0x5B as UInt8)
    for start in stride(from: 0, to: bytes.byteCount, by: 4) {
      if start > 0 { append(0x2C as UInt8) }
      append(float: Float(bitPattern: UInt32(truncatingIfNeeded: bytes.littleEndian(start, 4))))
    }
    append(0x5D as UInt8)
  }

  /// A literal's date, as it is.
  mutating func append(dateText text: RawSpan) throws(WireError) {
    guard text.byteCount == 10, text[4] == 0x2D, text[7] == 0x2D, text.firstToEscape(from: 0) == 10 else {
      throw .time(text)
    }
    append(text)
  }

  /// A literal's `2026-01-02 03:04:05.678900`, which has its column's digits.
  mutating func append(dateTimeText text: RawSpan, digits: Int, hasZone: Bool) throws(WireError) {
    let count = 19 + (digits > 0 ? digits + 1 : 0)
    guard text.byteCount == count, text[10] == 0x20, text.firstToEscape(from: 0) == count else { throw .time(text) }
    try append(dateText: text.extracting(0..<10))
    append(0x54 as UInt8)
    append(text.extracting(11..<count))
    if hasZone { append("+00:00" as StaticString) }
  }
}

extension RawSpan {
  @inline(__always)
  fileprivate func integer() throws(WireError) -> UInt64 {
    switch byteCount {
    case 1: return UInt64(self[0])
    case 2: return unsafe UInt64(UInt16(littleEndian: unsafeLoadUnaligned(fromByteOffset: 0, as: UInt16.self)))
    case 4: return unsafe UInt64(UInt32(littleEndian: unsafeLoadUnaligned(fromByteOffset: 0, as: UInt32.self)))
    case 8: return unsafe UInt64(littleEndian: unsafeLoadUnaligned(fromByteOffset: 0, as: UInt64.self))
    case 3, 5, 6, 7: return littleEndian(0, byteCount)
    default: throw WireError(.badLength(byteCount), offset: 0, context: "integer")
    }
  }
}
