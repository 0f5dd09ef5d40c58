// SPDX-License-Identifier: Apache-2.0
//
//   0x00 … 0xfa   the number itself
//   0xfb          NULL, in a row
//   0xfc int<2>   0xfd int<3>   0xfe int<8>
public import Wire

extension ByteReader {
  /// "Length-encoded integer".
  @inlinable
  @_lifetime(self: copy self)
  public mutating func lengthEncoded() throws(WireError) -> UInt64 {
    let start = offset
    let first = try byte()
    switch first {
    case 0xFC: return UInt64(try littleEndian(UInt16.self))
    case 0xFD: return UInt64(try littleEndian24())
    case 0xFE: return try littleEndian(UInt64.self)
    case 0xFB, 0xFF: throw WireError(.badValue("no length-encoded integer"), offset: start)
    default: return UInt64(first)
    }
  }

  /// A length of bytes that follow: as `lengthEncoded`, held within what an `Int` can be.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func lengthEncodedCount() throws(WireError) -> Int {
    let start = offset
    let value = try lengthEncoded()
    guard let count = Int(exactly: value) else { throw WireError(.badLength(Int.max), offset: start) }
    return count
  }

  /// "Length-encoded string".
  @inlinable
  @_lifetime(self: copy self)
  @_lifetime(copy self)
  public mutating func lengthEncodedBytes() throws(WireError) -> RawSpan {
    try bytes(try lengthEncodedCount())
  }

  @inlinable
  @_lifetime(self: copy self)
  public mutating func lengthEncodedString() throws(WireError) -> String {
    String(decoding: try lengthEncodedBytes())
  }

  @inlinable
  @_lifetime(self: copy self)
  public mutating func littleEndian24() throws(WireError) -> Int {
    let low = try littleEndian(UInt16.self)
    return Int(low) | Int(try byte()) << 16
  }
}

extension ByteWriter {
  /// In its shortest form.
  package mutating func append(lengthEncoded value: UInt64) {
    switch value {
    case 0..<0xFB: append(UInt8(value))
    case 0xFB..<0x1_0000:
      append(0xFC as UInt8)
      append(littleEndian: UInt16(value))
    case 0x1_0000..<0x100_0000:
      append(0xFD as UInt8)
      append(littleEndian24: Int(value))
    default:
      append(0xFE as UInt8)
      append(littleEndian: value)
    }
  }

  package mutating func append(lengthEncoded bytes: [UInt8]) {
    append(lengthEncoded: UInt64(bytes.count))
    append(bytes)
  }

  package mutating func append(lengthEncoded text: String) { append(lengthEncoded: Array(text.utf8)) }

  /// The low three bytes.
  package mutating func append(littleEndian24 value: Int) {
    append(UInt8(truncatingIfNeeded: value))
    append(UInt8(truncatingIfNeeded: value >> 8))
    append(UInt8(truncatingIfNeeded: value >> 16))
  }
}
