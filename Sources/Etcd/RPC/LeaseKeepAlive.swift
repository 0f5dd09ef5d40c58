// SPDX-License-Identifier: Apache-2.0
public import Wire

/// Renews a lease; one message of a stream.
public struct LeaseKeepAliveRequest: EtcdRequest {
  public typealias Response = LeaseKeepAliveResponse
  public static var path: String { "/etcdserverpb.Lease/LeaseKeepAlive" }

  public var id: Int64

  public init(id: Int64 = 0) {
    self.id = id
  }

  public init(from bytes: RawSpan) throws(WireError) {
    self.init()
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      switch (tag.field, tag.shape) {
      case (1, .varint): id = try reader.signed()
      default: try reader.skip(tag)
      }
    }
  }

  public func encode(to writer: inout ByteWriter) {
    writer.field(1, signed: id)
  }
}

/// The answer to `LeaseKeepAliveRequest`.
public struct LeaseKeepAliveResponse: EtcdMessage {
  public var header: ResponseHeader
  public var id: Int64
  /// 0: there is no such lease (any more).
  public var timeToLiveSeconds: Int64

  public init(header: ResponseHeader = ResponseHeader(), id: Int64 = 0, timeToLiveSeconds: Int64 = 0) {
    self.header = header
    self.id = id
    self.timeToLiveSeconds = timeToLiveSeconds
  }

  public init(from bytes: RawSpan) throws(WireError) {
    self.init()
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      switch (tag.field, tag.shape) {
      case (1, .bytes): header = try reader.message()
      case (2, .varint): id = try reader.signed()
      case (3, .varint): timeToLiveSeconds = try reader.signed()
      default: try reader.skip(tag)
      }
    }
  }

  public func encode(to writer: inout ByteWriter) {
    writer.field(1, message: header)
    writer.field(2, signed: id)
    writer.field(3, signed: timeToLiveSeconds)
  }
}
