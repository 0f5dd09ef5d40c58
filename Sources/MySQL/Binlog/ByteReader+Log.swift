// SPDX-License-Identifier: Apache-2.0
public import Wire

extension ByteReader {
  /// An unsigned integer of up to eight bytes, least significant first.
  @inlinable
  @_lifetime(self: copy self)
  mutating func unsigned(bytes count: Int) throws(WireError) -> UInt64 {
    // One load, unless the span ends too soon behind the integer.
    if count <= 8, remaining >= 8 {
      let word = UInt64(littleEndian: unsafe span.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
      try skip(count)
      return count == 8 ? word : word & ((1 as UInt64) &<< UInt64(8 &* count) &- 1)
    }
    let field = try bytes(count)
    var value: UInt64 = 0
    for index in 0..<count { value |= UInt64(field[index]) &<< UInt64(8 &* index) }
    return value
  }
}

extension ByteReader {
  /// What TABLE_MAP and rows events begin with: the table's number, which had four bytes before MySQL 5.1.4, and flags.
  @inlinable @inline(__always)
  @_lifetime(self: copy self)
  mutating func tableAndFlags(postHeaderLength: Int) throws(WireError) -> (table: UInt64, flags: UInt16) {
    if postHeaderLength == 6 { return (UInt64(try littleEndian(UInt32.self)), try littleEndian()) }
    let both = try littleEndian(UInt64.self)
    return (both & 0xFFFF_FFFF_FFFF, UInt16(truncatingIfNeeded: both >> 48))
  }
}

extension ByteWriter {
  /// The low bytes of `value`, least significant first.
  mutating func append(unsigned value: UInt64, bytes count: Int) {
    for index in 0..<count { append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
  }

  /// Bytes behind their length, which the log's documentation calls a packed integer.
  mutating func append(lengthEncoded bytes: RawSpan) {
    append(lengthEncoded: UInt64(bytes.byteCount))
    append(bytes)
  }
}
