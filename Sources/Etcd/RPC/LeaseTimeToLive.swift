// SPDX-License-Identifier: Apache-2.0
public import Wire

/// Asks how long a lease has to live.
public struct LeaseTimeToLiveRequest: EtcdRequest {
  public typealias Response = LeaseTimeToLiveResponse
  public static var path: String { "/etcdserverpb.Lease/LeaseTimeToLive" }
  public var isReadOnly: Bool { true }

  public var id: Int64
  /// Answer the keys of the lease too.
  public var keys: Bool

  public init(id: Int64 = 0, keys: Bool = false) {
    self.id = id
    self.keys = keys
  }

  public init(from bytes: RawSpan) throws(WireError) {
    self.init()
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      switch (tag.field, tag.shape) {
      case (1, .varint): id = try reader.signed()
      case (2, .varint): keys = try reader.bool()
      default: try reader.skip(tag)
      }
    }
  }

  public func encode(to writer: inout ByteWriter) {
    writer.field(1, signed: id)
    writer.field(2, bool: keys)
  }
}

/// The answer to `LeaseTimeToLiveRequest`.
public struct LeaseTimeToLiveResponse: EtcdMessage {
  public var header: ResponseHeader
  public var id: Int64
  /// -1: there is no such lease.
  public var timeToLiveSeconds: Int64
  public var grantedSeconds: Int64
  public var keys: [[UInt8]]

  public init(
    header: ResponseHeader = ResponseHeader(), id: Int64 = 0, timeToLiveSeconds: Int64 = 0, grantedSeconds: Int64 = 0,
    keys: [[UInt8]] = []
  ) {
    self.header = header
    self.id = id
    self.timeToLiveSeconds = timeToLiveSeconds
    self.grantedSeconds = grantedSeconds
    self.keys = keys
  }

  public init(from bytes: RawSpan) throws(WireError) {
    self.init()
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      switch (tag.field, tag.shape) {
      case (1, .bytes): header = try reader.message()
      case (2, .varint): id = try reader.signed()
      case (3, .varint): timeToLiveSeconds = try reader.signed()
      case (4, .varint): grantedSeconds = try reader.signed()
      case (5, .bytes): keys.append(try reader.array())
      default: try reader.skip(tag)
      }
    }
  }

  public func encode(to writer: inout ByteWriter) {
    writer.field(1, message: header)
    writer.field(2, signed: id)
    writer.field(3, signed: timeToLiveSeconds)
    writer.field(4, signed: grantedSeconds)
    for item in keys { writer.field(5, bytes: item, evenEmpty: true) }
  }
}
