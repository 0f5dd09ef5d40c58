// SPDX-License-Identifier: Apache-2.0
public import Wire

/// Grants a lease.
public struct LeaseGrantRequest: EtcdRequest {
  public typealias Response = LeaseGrantResponse
  public static var path: String { "/etcdserverpb.Lease/LeaseGrant" }

  public var timeToLiveSeconds: Int64
  /// 0: the server chooses.
  public var id: Int64

  public init(timeToLiveSeconds: Int64 = 0, id: Int64 = 0) {
    self.timeToLiveSeconds = timeToLiveSeconds
    self.id = id
  }

  public init(from bytes: RawSpan) throws(WireError) {
    self.init()
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      switch (tag.field, tag.shape) {
      case (1, .varint): timeToLiveSeconds = try reader.signed()
      case (2, .varint): id = try reader.signed()
      default: try reader.skip(tag)
      }
    }
  }

  public func encode(to writer: inout ByteWriter) {
    writer.field(1, signed: timeToLiveSeconds)
    writer.field(2, signed: id)
  }
}

/// The answer to `LeaseGrantRequest`.
public struct LeaseGrantResponse: EtcdMessage {
  public var header: ResponseHeader
  public var id: Int64
  /// What was granted, which may be more than was asked for.
  public var timeToLiveSeconds: Int64
  public var error: String

  public init(
    header: ResponseHeader = ResponseHeader(), id: Int64 = 0, timeToLiveSeconds: Int64 = 0, error: String = ""
  ) {
    self.header = header
    self.id = id
    self.timeToLiveSeconds = timeToLiveSeconds
    self.error = error
  }

  public init(from bytes: RawSpan) throws(WireError) {
    self.init()
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      switch (tag.field, tag.shape) {
      case (1, .bytes): header = try reader.message()
      case (2, .varint): id = try reader.signed()
      case (3, .varint): timeToLiveSeconds = try reader.signed()
      case (4, .bytes): error = try reader.text()
      default: try reader.skip(tag)
      }
    }
  }

  public func encode(to writer: inout ByteWriter) {
    writer.field(1, message: header)
    writer.field(2, signed: id)
    writer.field(3, signed: timeToLiveSeconds)
    writer.field(4, text: error)
  }
}
