// SPDX-License-Identifier: Apache-2.0
public import Wire

/// Who answered, and at which revision.
public struct ResponseHeader: EtcdMessage {
  public var clusterID: UInt64
  public var memberID: UInt64
  /// The store's revision when the request was applied.
  public var revision: Int64
  public var raftTerm: UInt64

  public init(clusterID: UInt64 = 0, memberID: UInt64 = 0, revision: Int64 = 0, raftTerm: UInt64 = 0) {
    self.clusterID = clusterID
    self.memberID = memberID
    self.revision = revision
    self.raftTerm = raftTerm
  }

  public init(from bytes: RawSpan) throws(WireError) {
    self.init()
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      switch (tag.field, tag.shape) {
      case (1, .varint): clusterID = try reader.unsigned()
      case (2, .varint): memberID = try reader.unsigned()
      case (3, .varint): revision = try reader.signed()
      case (4, .varint): raftTerm = try reader.unsigned()
      default: try reader.skip(tag)
      }
    }
  }

  public func encode(to writer: inout ByteWriter) {
    writer.field(1, unsigned: clusterID)
    writer.field(2, unsigned: memberID)
    writer.field(3, signed: revision)
    writer.field(4, unsigned: raftTerm)
  }
}
