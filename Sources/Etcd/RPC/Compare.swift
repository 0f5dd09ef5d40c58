// SPDX-License-Identifier: Apache-2.0
public import Wire

/// A condition of a transaction: what is known of a key, compared with a constant.
public struct Compare: EtcdMessage {
  public enum Relation: ProtobufEnum {
    case equal, greater, less, notEqual
    case other(Int)

    public static var known: [Relation] { [.equal, .greater, .less, .notEqual] }

    public var otherValue: Int? {
      if case .other(let value) = self { value } else { nil }
    }
  }

  /// What is compared, and with what. A key that does not exist has version, revisions and lease 0.
  public enum Target: Equatable, Sendable {
    case version(Int64)
    case createRevision(Int64)
    case modRevision(Int64)
    case value([UInt8])
    case lease(Int64)
    case other(Int)
  }

  public var key: [UInt8]
  /// As in `RangeRequest`: the condition holds for every key of the range.
  public var rangeEnd: [UInt8]
  public var relation: Relation
  public var target: Target

  public init(key: [UInt8], rangeEnd: [UInt8] = [], _ relation: Relation = .equal, _ target: Target) {
    self.key = key
    self.rangeEnd = rangeEnd
    self.relation = relation
    self.target = target
  }

  public init(from bytes: RawSpan) throws(WireError) {
    self.init(key: [], .equal, .version(0))
    var kind: Int64 = 0
    var number: Int64 = 0
    var value: [UInt8] = []
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      switch (tag.field, tag.shape) {
      case (1, .varint): relation = try reader.enumeration()
      case (2, .varint): kind = try reader.signed()
      case (3, .bytes): key = try reader.array()
      case (4, .varint), (5, .varint), (6, .varint), (8, .varint): number = try reader.signed()
      case (7, .bytes): value = try reader.array()
      case (64, .bytes): rangeEnd = try reader.array()
      default: try reader.skip(tag)
      }
    }
    switch kind {
    case 0: target = .version(number)
    case 1: target = .createRevision(number)
    case 2: target = .modRevision(number)
    case 3: target = .value(value)
    case 4: target = .lease(number)
    default: target = .other(Int(kind))
    }
  }

  public func encode(to writer: inout ByteWriter) {
    writer.field(1, enumeration: relation)
    // A member of a oneof is written even if it is 0: that it is there says which one is meant.
    switch target {
    case .version(let number):
      writer.field(3, bytes: key)
      writer.field(4, signed: number, evenZero: true)
    case .createRevision(let number):
      writer.field(2, unsigned: 1)
      writer.field(3, bytes: key)
      writer.field(5, signed: number, evenZero: true)
    case .modRevision(let number):
      writer.field(2, unsigned: 2)
      writer.field(3, bytes: key)
      writer.field(6, signed: number, evenZero: true)
    case .value(let value):
      writer.field(2, unsigned: 3)
      writer.field(3, bytes: key)
      writer.field(7, bytes: value, evenEmpty: true)
    case .lease(let number):
      writer.field(2, unsigned: 4)
      writer.field(3, bytes: key)
      writer.field(8, signed: number, evenZero: true)
    case .other(let kind):
      writer.field(2, signed: Int64(kind))
      writer.field(3, bytes: key)
    }
    writer.field(64, bytes: rangeEnd)
  }
}
