// SPDX-License-Identifier: Apache-2.0
public import Wire

/// A key and what etcd knows of it, copied. `KeyValueView` is the same, borrowed.
public struct KeyValue: EtcdMessage {
  public var key: [UInt8]
  /// The revision of the put that created the key, after its last deletion.
  public var createRevision: Int64
  /// The revision of its last put.
  public var modRevision: Int64
  /// Puts since the creation: 1 for the first.
  public var version: Int64
  public var value: [UInt8]
  /// The lease that the key ends with; 0: none.
  public var lease: Int64

  public init(
    key: [UInt8] = [], createRevision: Int64 = 0, modRevision: Int64 = 0, version: Int64 = 0, value: [UInt8] = [],
    lease: Int64 = 0
  ) {
    self.key = key
    self.createRevision = createRevision
    self.modRevision = modRevision
    self.version = version
    self.value = value
    self.lease = lease
  }

  public init(from bytes: RawSpan) throws(WireError) {
    self.init()
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      switch (tag.field, tag.shape) {
      case (1, .bytes): key = try reader.array()
      case (2, .varint): createRevision = try reader.signed()
      case (3, .varint): modRevision = try reader.signed()
      case (4, .varint): version = try reader.signed()
      case (5, .bytes): value = try reader.array()
      case (6, .varint): lease = try reader.signed()
      default: try reader.skip(tag)
      }
    }
  }

  public func encode(to writer: inout ByteWriter) {
    writer.field(1, bytes: key)
    writer.field(2, signed: createRevision)
    writer.field(3, signed: modRevision)
    writer.field(4, signed: version)
    writer.field(5, bytes: value)
    writer.field(6, signed: lease)
  }
}
