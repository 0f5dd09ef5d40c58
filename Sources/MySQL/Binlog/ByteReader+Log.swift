// SPDX-License-Identifier: Apache-2.0
public import Wire

extension ByteReader {
  /// An unsigned integer of up to eight bytes, least significant first.
  @inlinable
  @_lifetime(self: copy self)
  mutating func unsigned(bytes count: Int) throws(WireError) -> UInt64 {
    // The usual ones in one step.
    switch count {
    case 1: return UInt64(try byte())
    case 2: return UInt64(try littleEndian(UInt16.self))
    case 4: return UInt64(try littleEndian(UInt32.self))
    default: break
    }
    let field = try bytes(count)
    var value: UInt64 = 0
    for index in 0..<count { value |= UInt64(field[index]) &<< UInt64(8 &* index) }
    return value
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
