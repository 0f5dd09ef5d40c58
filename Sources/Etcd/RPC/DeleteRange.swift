// SPDX-License-Identifier: Apache-2.0
public import Wire

/// Deletes a key or a range of keys.
public struct DeleteRangeRequest: EtcdRequest {
  public typealias Response = DeleteRangeResponse
  public static var path: String { "/etcdserverpb.KV/DeleteRange" }

  public var key: [UInt8]
  /// As in `RangeRequest`.
  public var rangeEnd: [UInt8]
  /// Answer what was deleted.
  public var previous: Bool

  public init(key: [UInt8], rangeEnd: [UInt8] = [], previous: Bool = false) {
    self.key = key
    self.rangeEnd = rangeEnd
    self.previous = previous
  }

  public init(from bytes: RawSpan) throws(WireError) {
    self.init(key: [])
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      switch (tag.field, tag.shape) {
      case (1, .bytes): key = try reader.array()
      case (2, .bytes): rangeEnd = try reader.array()
      case (3, .varint): previous = try reader.bool()
      default: try reader.skip(tag)
      }
    }
  }

  public func encode(to writer: inout ByteWriter) {
    writer.field(1, bytes: key)
    writer.field(2, bytes: rangeEnd)
    writer.field(3, bool: previous)
  }
}

/// The answer to `DeleteRangeRequest`.
public struct DeleteRangeResponse: EtcdMessage {
  public var header: ResponseHeader
  /// How many keys.
  public var deleted: Int64
  public var previous: [KeyValue]

  public init(header: ResponseHeader = ResponseHeader(), deleted: Int64 = 0, previous: [KeyValue] = []) {
    self.header = header
    self.deleted = deleted
    self.previous = previous
  }

  public init(from bytes: RawSpan) throws(WireError) {
    self.init()
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      switch (tag.field, tag.shape) {
      case (1, .bytes): header = try reader.message()
      case (2, .varint): deleted = try reader.signed()
      case (3, .bytes): previous.append(try reader.message())
      default: try reader.skip(tag)
      }
    }
  }

  public func encode(to writer: inout ByteWriter) {
    writer.field(1, message: header)
    writer.field(2, signed: deleted)
    for item in previous { writer.field(3, message: item) }
  }
}
