// SPDX-License-Identifier: Apache-2.0
public import Wire

/// Ends a lease and deletes its keys.
public struct LeaseRevokeRequest: EtcdRequest {
  public typealias Response = LeaseRevokeResponse
  public static var path: String { "/etcdserverpb.Lease/LeaseRevoke" }

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

/// The answer to `LeaseRevokeRequest`.
public struct LeaseRevokeResponse: EtcdMessage {
  public var header: ResponseHeader

  public init(header: ResponseHeader = ResponseHeader()) {
    self.header = header
  }

  public init(from bytes: RawSpan) throws(WireError) {
    self.init()
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      switch (tag.field, tag.shape) {
      case (1, .bytes): header = try reader.message()
      default: try reader.skip(tag)
      }
    }
  }

  public func encode(to writer: inout ByteWriter) {
    writer.field(1, message: header)
  }
}
