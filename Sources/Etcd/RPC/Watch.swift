// SPDX-License-Identifier: Apache-2.0
public import Wire

/// One message of a watch stream, from us.
public enum WatchRequest: EtcdRequest {
  public typealias Response = WatchResponse
  public static var path: String { "/etcdserverpb.Watch/Watch" }

  case create(WatchCreate)
  case cancel(watchID: Int64)
  /// Asks for a response with the present revision now.
  case progress
  case other(Int)

  public init(from bytes: RawSpan) throws(WireError) {
    self = .other(0)
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      switch (tag.field, tag.shape) {
      case (1, .bytes): self = .create(try reader.message())
      case (2, .bytes): self = .cancel(watchID: try reader.message(WatchCancel.self).watchID)
      case (3, .bytes):
        _ = try reader.bytes()
        self = .progress
      default:
        self = .other(tag.field)
        try reader.skip(tag)
      }
    }
  }

  public func encode(to writer: inout ByteWriter) {
    switch self {
    case .create(let create): writer.field(1, message: create)
    case .cancel(let watchID): writer.field(2, message: WatchCancel(watchID: watchID))
    case .progress: writer.field(3, bytes: [], evenEmpty: true)
    case .other: break
    }
  }
}

/// What to watch.
public struct WatchCreate: EtcdMessage {
  public enum Filter: ProtobufEnum {
    case noPut, noDelete
    case other(Int)

    public static var known: [Filter] { [.noPut, .noDelete] }

    public var otherValue: Int? {
      if case .other(let value) = self { value } else { nil }
    }
  }

  public var key: [UInt8]
  /// As in `RangeRequest`.
  public var rangeEnd: [UInt8]
  /// The first revision to tell of; 0: from now on.
  public var startRevision: Int64
  /// Send a response without events now and then, so that it is known up to where nothing happened.
  public var progressNotify: Bool
  public var filters: [Filter]
  /// Tell what a key was before.
  public var previous: Bool
  /// 0: the server chooses.
  public var watchID: Int64
  /// Large revisions may come in pieces (`WatchResponse.isFragment`).
  public var fragment: Bool

  public init(
    key: [UInt8], rangeEnd: [UInt8] = [], startRevision: Int64 = 0, progressNotify: Bool = false,
    filters: [Filter] = [], previous: Bool = false, watchID: Int64 = 0, fragment: Bool = false
  ) {
    self.key = key
    self.rangeEnd = rangeEnd
    self.startRevision = startRevision
    self.progressNotify = progressNotify
    self.filters = filters
    self.previous = previous
    self.watchID = watchID
    self.fragment = fragment
  }

  public init(from bytes: RawSpan) throws(WireError) {
    self.init(key: [])
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      switch (tag.field, tag.shape) {
      case (1, .bytes): key = try reader.array()
      case (2, .bytes): rangeEnd = try reader.array()
      case (3, .varint): startRevision = try reader.signed()
      case (4, .varint): progressNotify = try reader.bool()
      case (5, .varint): filters.append(try reader.enumeration())
      case (5, .bytes):
        var packed = ProtobufReader(try reader.bytes())
        while !packed.reader.isAtEnd { filters.append(try packed.enumeration()) }
      case (6, .varint): previous = try reader.bool()
      case (7, .varint): watchID = try reader.signed()
      case (8, .varint): fragment = try reader.bool()
      default: try reader.skip(tag)
      }
    }
  }

  public func encode(to writer: inout ByteWriter) {
    writer.field(1, bytes: key)
    writer.field(2, bytes: rangeEnd)
    writer.field(3, signed: startRevision)
    writer.field(4, bool: progressNotify)
    if !filters.isEmpty {
      var packed = ByteWriter()
      for filter in filters { packed.append(varint: UInt64(filter.protobuf)) }
      writer.field(5, bytes: packed.bytes.array)
    }
    writer.field(6, bool: previous)
    writer.field(7, signed: watchID)
    writer.field(8, bool: fragment)
  }
}

struct WatchCancel: EtcdMessage {
  var watchID: Int64

  init(watchID: Int64) { self.watchID = watchID }

  init(from bytes: RawSpan) throws(WireError) {
    watchID = 0
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      switch (tag.field, tag.shape) {
      case (1, .varint): watchID = try reader.signed()
      default: try reader.skip(tag)
      }
    }
  }

  func encode(to writer: inout ByteWriter) { writer.field(1, signed: watchID) }
}
