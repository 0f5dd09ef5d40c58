// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import Wire

/// Protobuf fields as proto3 writes them: in the order of their numbers, nothing for a value of zero.
extension ByteWriter {
  mutating func tag(_ field: Int, _ shape: ProtobufTag.Shape) {
    append(varint: UInt64(field) << 3 | UInt64(shape.rawValue))
  }

  mutating func field(_ field: Int, unsigned value: UInt64, evenZero: Bool = false) {
    guard value != 0 || evenZero else { return }
    tag(field, .varint)
    append(varint: value)
  }

  mutating func field(_ field: Int, signed value: Int64, evenZero: Bool = false) {
    self.field(field, unsigned: UInt64(bitPattern: value), evenZero: evenZero)
  }

  mutating func field(_ field: Int, bool value: Bool) {
    self.field(field, unsigned: value ? 1 : 0)
  }

  mutating func field<E: ProtobufEnum>(_ field: Int, enumeration value: E) {
    self.field(field, signed: Int64(value.protobuf))
  }

  mutating func field(_ field: Int, bytes value: [UInt8], evenEmpty: Bool = false) {
    guard !value.isEmpty || evenEmpty else { return }
    tag(field, .bytes)
    append(varint: UInt64(value.count))
    append(value)
  }

  mutating func field(_ field: Int, text value: String) {
    guard !value.isEmpty else { return }
    tag(field, .bytes)
    append(varint: UInt64(value.utf8.count))
    append(value)
  }

  /// An embedded message: always written, as its presence says something. Its length is known only afterwards; one that
  /// needs more than the byte kept for it is moved up. (The hot path, transaction packing, does not come through here.)
  mutating func field<M: EtcdMessage>(_ field: Int, message: M) {
    tag(field, .bytes)
    let at = count
    append(0 as UInt8)
    message.encode(to: &self)
    let size = count - at - 1
    var length = ByteWriter(capacity: 16)
    length.append(varint: UInt64(size))
    let extra = length.count - 1
    for _ in 0..<extra { append(0 as UInt8) }
    let bytes = length.bytes
    unsafe withUnsafeMutableBytes { buffer in
      guard let base = buffer.baseAddress else { return }
      if extra > 0 { unsafe memmove(base + at + 1 + extra, base + at + 1, size) }
      for index in 0..<bytes.byteCount { unsafe buffer[at + index] = bytes[index] }
    }
  }
}
