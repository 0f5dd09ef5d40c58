// SPDX-License-Identifier: Apache-2.0
public import Wire

/// Asks which leases there are.
public struct LeaseLeasesRequest: EtcdRequest {
  public typealias Response = LeaseLeasesResponse
  public static var path: String { "/etcdserverpb.Lease/LeaseLeases" }
  public var isReadOnly: Bool { true }

  public init() {}

  public init(from bytes: RawSpan) throws(WireError) {
    self.init()
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      try reader.skip(tag)
    }
  }

  public func encode(to writer: inout ByteWriter) {}
}

/// The answer to `LeaseLeasesRequest`.
public struct LeaseLeasesResponse: EtcdMessage {
  public var header: ResponseHeader
  public var leases: [LeaseStatus]

  public init(header: ResponseHeader = ResponseHeader(), leases: [LeaseStatus] = []) {
    self.header = header
    self.leases = leases
  }

  public init(from bytes: RawSpan) throws(WireError) {
    self.init()
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      switch (tag.field, tag.shape) {
      case (1, .bytes): header = try reader.message()
      case (2, .bytes): leases.append(try reader.message())
      default: try reader.skip(tag)
      }
    }
  }

  public func encode(to writer: inout ByteWriter) {
    writer.field(1, message: header)
    for item in leases { writer.field(2, message: item) }
  }
}

/// A lease in a list.
public struct LeaseStatus: EtcdMessage {
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
