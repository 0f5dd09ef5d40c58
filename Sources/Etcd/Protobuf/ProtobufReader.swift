// SPDX-License-Identifier: Apache-2.0
//
//   message:  ( tag value )*            tag: varint of  field number << 3 | type
//   value:    0 varint | 1 eight bytes | 2 varint length, bytes | 5 four bytes
package import Wire

/// One field's number and the shape of its value.
package struct ProtobufTag: Equatable {
  package enum Shape: UInt8 { case varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 }

  package var field: Int
  package var shape: Shape
}

/// A cursor over a protobuf message: fields in the order sent, unknown ones skipped by the caller.
package struct ProtobufReader: ~Escapable {
  package var reader: ByteReader

  @_lifetime(copy bytes)
  package init(_ bytes: RawSpan) { reader = ByteReader(bytes) }

  /// The next field's tag, nil at the end of the message.
  @_lifetime(self: copy self)
  package mutating func next() throws(WireError) -> ProtobufTag? {
    if reader.isAtEnd { return nil }
    let at = reader.offset
    let tag = try reader.varint()
    guard let shape = ProtobufTag.Shape(rawValue: UInt8(tag & 7)) else {
      throw WireError(.badValue("a group, or no protobuf"), offset: at, context: "protobuf tag")
    }
    guard tag >> 3 > 0, tag >> 3 < 1 << 29 else {
      throw WireError(.badValue("impossible field number"), offset: at, context: "protobuf tag")
    }
    return ProtobufTag(field: Int(tag >> 3), shape: shape)
  }

  @_lifetime(self: copy self)
  package mutating func unsigned() throws(WireError) -> UInt64 { try reader.varint() }

  /// "int64": two's complement in ten bytes when negative.
  @_lifetime(self: copy self)
  package mutating func signed() throws(WireError) -> Int64 { Int64(bitPattern: try reader.varint()) }

  @_lifetime(self: copy self)
  package mutating func bool() throws(WireError) -> Bool { try reader.varint() != 0 }

  @_lifetime(self: copy self)
  package mutating func enumeration<E: ProtobufEnum>(_: E.Type = E.self) throws(WireError) -> E {
    E(protobuf: Int(truncatingIfNeeded: try reader.varint()))
  }

  /// A length-delimited value, borrowed.
  @_lifetime(self: copy self)
  @_lifetime(copy self)
  package mutating func bytes() throws(WireError) -> RawSpan {
    let at = reader.offset
    let length = try reader.varint()
    guard length <= UInt64(reader.remaining) else {
      throw WireError(
        .short(needed: Int(clamping: length), available: reader.remaining), offset: at, context: "protobuf field")
    }
    return try reader.bytes(Int(length))
  }

  @_lifetime(self: copy self)
  package mutating func array() throws(WireError) -> [UInt8] { try bytes().array }

  @_lifetime(self: copy self)
  package mutating func text() throws(WireError) -> String { String(decoding: try bytes()) }

  @_lifetime(self: copy self)
  package mutating func message<M: EtcdMessage>(_: M.Type = M.self) throws(WireError) -> M {
    try M(from: try bytes())
  }

  /// "Parsers … skip fields that they do not know": a newer server's.
  @_lifetime(self: copy self)
  package mutating func skip(_ tag: ProtobufTag) throws(WireError) {
    switch tag.shape {
    case .varint: _ = try reader.varint()
    case .fixed64: try reader.skip(8)
    case .bytes: _ = try bytes()
    case .fixed32: try reader.skip(4)
    }
  }
}
