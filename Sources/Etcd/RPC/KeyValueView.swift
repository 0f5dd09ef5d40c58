// SPDX-License-Identifier: Apache-2.0
public import Wire

/// A key and what etcd knows of it, borrowed from the answer.
public struct KeyValueView: ~Escapable {
  public let key: RawSpan
  public let value: RawSpan
  public let createRevision: Int64
  public let modRevision: Int64
  public let version: Int64
  public let lease: Int64

  @_lifetime(copy bytes)
  public init(from bytes: RawSpan) throws(WireError) {
    let empty = bytes.extracting(0..<0)
    var key = empty
    var value = empty
    var numbers: (create: Int64, mod: Int64, version: Int64, lease: Int64) = (0, 0, 0, 0)
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      switch (tag.field, tag.shape) {
      case (1, .bytes): key = try reader.bytes()
      case (2, .varint): numbers.create = try reader.signed()
      case (3, .varint): numbers.mod = try reader.signed()
      case (4, .varint): numbers.version = try reader.signed()
      case (5, .bytes): value = try reader.bytes()
      case (6, .varint): numbers.lease = try reader.signed()
      default: try reader.skip(tag)
      }
    }
    self.key = key
    self.value = value
    createRevision = numbers.create
    modRevision = numbers.mod
    version = numbers.version
    lease = numbers.lease
  }

  public var copy: KeyValue {
    KeyValue(
      key: key.array, createRevision: createRevision, modRevision: modRevision, version: version, value: value.array,
      lease: lease)
  }
}
