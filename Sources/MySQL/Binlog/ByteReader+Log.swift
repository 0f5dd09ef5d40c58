// SPDX-License-Identifier: Apache-2.0
public import Wire

extension ByteReader {
  /// An unsigned integer of up to eight bytes, least significant first.
  @inlinable
  @_lifetime(self: copy self)
  mutating func unsigned(bytes count: Int) throws(WireError) -> UInt64 {
    let field = try bytes(count)
    var value: UInt64 = 0
    for index in 0..<count { value |= UInt64(field[index]) &<< UInt64(8 &* index) }
    return value
  }

  /// A "packed integer": one byte up to 250, or 252, 253 and 254 before two, three and eight bytes. 251 is NULL in
  /// rows and nothing here; 255 is nothing anywhere.
  @inlinable
  @_lifetime(self: copy self)
  mutating func packed() throws(WireError) -> UInt64 {
    let first = try byte()
    switch first {
    case 252: return try unsigned(bytes: 2)
    case 253: return try unsigned(bytes: 3)
    case 254: return try unsigned(bytes: 8)
    case 251, 255: throw WireError(.badValue("no packed integer"), offset: offset &- 1)
    default: return UInt64(first)
    }
  }

  /// A packed integer that says how many bytes or items follow: at most as many as there are bytes left.
  @inlinable
  @_lifetime(self: copy self)
  mutating func packedCount() throws(WireError) -> Int {
    let start = offset
    let value = try packed()
    guard value <= UInt64(remaining) else {
      throw WireError(.badLength(Int(clamping: value)), offset: start)
    }
    return Int(value)
  }

  /// Bytes after their packed length.
  @inlinable
  @_lifetime(self: copy self)
  @_lifetime(copy self)
  mutating func packedBytes() throws(WireError) -> RawSpan {
    try bytes(packedCount())
  }
}

extension ByteWriter {
  /// The low bytes of `value`, least significant first.
  mutating func append(unsigned value: UInt64, bytes count: Int) {
    for index in 0..<count { append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
  }

  /// A packed integer in its shortest form.
  mutating func append(packed value: UInt64) {
    switch value {
    case ...250: append(UInt8(value))
    case ...0xFFFF:
      append(252 as UInt8)
      append(unsigned: value, bytes: 2)
    case ...0xFF_FFFF:
      append(253 as UInt8)
      append(unsigned: value, bytes: 3)
    default:
      append(254 as UInt8)
      append(littleEndian: value)
    }
  }

  mutating func append(packedBytes bytes: RawSpan) {
    append(packed: UInt64(bytes.byteCount))
    append(bytes)
  }
}

extension ByteWriter {
  mutating func append(packedArray bytes: [UInt8]) {
    append(packed: UInt64(bytes.count))
    append(bytes)
  }

  mutating func append(packedText text: String) {
    append(packed: UInt64(text.utf8.count))
    append(text)
  }
}
