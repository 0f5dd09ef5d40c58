// SPDX-License-Identifier: Apache-2.0
public import Wire

/// Gives a member's free space back to its file system.
public struct DefragmentRequest: EtcdRequest {
  public typealias Response = DefragmentResponse
  public static var path: String { "/etcdserverpb.Maintenance/Defragment" }
  public static var worksWithoutLeader: Bool { true }

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

/// The answer to `DefragmentRequest`.
public struct DefragmentResponse: EtcdMessage {
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
