// SPDX-License-Identifier: Apache-2.0
public import Wire

/// Sets a key.
public struct PutRequest: EtcdRequest {
  public typealias Response = PutResponse
  public static var path: String { "/etcdserverpb.KV/Put" }

  public var key: [UInt8]
  public var value: [UInt8]
  public var lease: Int64
  /// Answer the key's former value.
  public var previous: Bool
  /// Keep the value, change the lease only.
  public var ignoreValue: Bool
  /// Keep the lease.
  public var ignoreLease: Bool

  public init(
    key: [UInt8], value: [UInt8], lease: Int64 = 0, previous: Bool = false, ignoreValue: Bool = false,
    ignoreLease: Bool = false
  ) {
    self.key = key
    self.value = value
    self.lease = lease
    self.previous = previous
    self.ignoreValue = ignoreValue
    self.ignoreLease = ignoreLease
  }

  public init(from bytes: RawSpan) throws(WireError) {
    self.init(key: [], value: [])
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      switch (tag.field, tag.shape) {
      case (1, .bytes): key = try reader.array()
      case (2, .bytes): value = try reader.array()
      case (3, .varint): lease = try reader.signed()
      case (4, .varint): previous = try reader.bool()
      case (5, .varint): ignoreValue = try reader.bool()
      case (6, .varint): ignoreLease = try reader.bool()
      default: try reader.skip(tag)
      }
    }
  }

  public func encode(to writer: inout ByteWriter) {
    writer.field(1, bytes: key)
    writer.field(2, bytes: value)
    writer.field(3, signed: lease)
    writer.field(4, bool: previous)
    writer.field(5, bool: ignoreValue)
    writer.field(6, bool: ignoreLease)
  }
}

/// The answer to `PutRequest`.
public struct PutResponse: EtcdMessage {
  public var header: ResponseHeader
  public var previous: KeyValue?

  public init(header: ResponseHeader = ResponseHeader(), previous: KeyValue? = nil) {
    self.header = header
    self.previous = previous
  }

  public init(from bytes: RawSpan) throws(WireError) {
    self.init()
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      switch (tag.field, tag.shape) {
      case (1, .bytes): header = try reader.message()
      case (2, .bytes): previous = try reader.message()
      default: try reader.skip(tag)
      }
    }
  }

  public func encode(to writer: inout ByteWriter) {
    writer.field(1, message: header)
    if let previous { writer.field(2, message: previous) }
  }
}
