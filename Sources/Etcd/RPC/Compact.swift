// SPDX-License-Identifier: Apache-2.0
public import Wire

/// Forgets what keys were before a revision.
public struct CompactRequest: EtcdRequest {
  public typealias Response = CompactResponse
  public static var path: String { "/etcdserverpb.KV/Compact" }

  public var revision: Int64
  /// Answer only when the space is given back to the store.
  public var physical: Bool

  public init(revision: Int64 = 0, physical: Bool = false) {
    self.revision = revision
    self.physical = physical
  }

  public init(from bytes: RawSpan) throws(WireError) {
    self.init()
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      switch (tag.field, tag.shape) {
      case (1, .varint): revision = try reader.signed()
      case (2, .varint): physical = try reader.bool()
      default: try reader.skip(tag)
      }
    }
  }

  public func encode(to writer: inout ByteWriter) {
    writer.field(1, signed: revision)
    writer.field(2, bool: physical)
  }
}

/// The answer to `CompactRequest`.
public struct CompactResponse: EtcdMessage {
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
