// SPDX-License-Identifier: Apache-2.0
//
// The serialization library of MySQL 8.3+ (libs/mysql/serialization), as far as GTID_TAGGED_LOG_EVENT needs it.
internal import Wire

extension ByteReader {
  /// A variable-length integer: as many ones as end the first byte, so many bytes follow; the bits above them, and the
  /// bytes that follow, are the value, least significant first.
  @_lifetime(self: copy self)
  mutating func serializedUnsigned() throws(WireError) -> UInt64 {
    let first = try byte()
    let extra = (~first).trailingZeroBitCount
    if extra >= 8 { return try littleEndian() }
    let low = UInt64(first) >> UInt64(extra + 1)
    let high = try unsigned(bytes: extra)
    return extra == 7 ? high : high << UInt64(7 - extra) | low
  }

  /// A signed one: the sign is the lowest bit, and a negative number is complemented.
  @_lifetime(self: copy self)
  mutating func serializedSigned() throws(WireError) -> Int64 {
    let bits = try serializedUnsigned()
    let value = Int64(bitPattern: bits >> 1)
    return bits & 1 == 0 ? value : ~value
  }
}

extension ByteWriter {
  mutating func append(serialized value: UInt64) {
    let bits = 64 - value.leadingZeroBitCount
    let extra = bits <= 7 ? 0 : (bits - 1) / 7
    if extra >= 8 {
      append(0xFF as UInt8)
      append(littleEndian: value)
      return
    }
    let ones = (UInt64(1) << UInt64(extra)) - 1
    append(unsigned: value << UInt64(extra + 1) | ones, bytes: extra + 1)
  }

  mutating func append(serializedSigned value: Int64) {
    append(serialized: UInt64(bitPattern: (value << 1) ^ (value >> 63)))
  }
}
