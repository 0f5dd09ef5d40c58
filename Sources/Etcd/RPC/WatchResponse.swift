// SPDX-License-Identifier: Apache-2.0
public import Wire

/// One message of a watch stream, from the server.
public struct WatchResponse: EtcdMessage {
  public var header: ResponseHeader
  public var watchID: Int64
  /// The answer to a create request. Together with `isCanceled` and `watchID` -1: refused (permission denied).
  public var isCreated: Bool
  /// The watch has ended; `cancelReason` and `compactRevision` say why.
  public var isCanceled: Bool
  /// Not 0: what was to be watched is forgotten up to here.
  public var compactRevision: Int64
  public var cancelReason: String
  /// More events of the same revision follow in the next response.
  public var isFragment: Bool
  public var events: [WatchEvent]

  public init(
    header: ResponseHeader = ResponseHeader(), watchID: Int64 = 0, isCreated: Bool = false, isCanceled: Bool = false,
    compactRevision: Int64 = 0, cancelReason: String = "", isFragment: Bool = false, events: [WatchEvent] = []
  ) {
    self.header = header
    self.watchID = watchID
    self.isCreated = isCreated
    self.isCanceled = isCanceled
    self.compactRevision = compactRevision
    self.cancelReason = cancelReason
    self.isFragment = isFragment
    self.events = events
  }

  public init(from bytes: RawSpan) throws(WireError) {
    self.init()
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      switch (tag.field, tag.shape) {
      case (1, .bytes): header = try reader.message()
      case (2, .varint): watchID = try reader.signed()
      case (3, .varint): isCreated = try reader.bool()
      case (4, .varint): isCanceled = try reader.bool()
      case (5, .varint): compactRevision = try reader.signed()
      case (6, .bytes): cancelReason = try reader.text()
      case (7, .varint): isFragment = try reader.bool()
      case (11, .bytes): events.append(try reader.message())
      default: try reader.skip(tag)
      }
    }
  }

  public func encode(to writer: inout ByteWriter) {
    writer.field(1, message: header)
    writer.field(2, signed: watchID)
    writer.field(3, bool: isCreated)
    writer.field(4, bool: isCanceled)
    writer.field(5, signed: compactRevision)
    writer.field(6, text: cancelReason)
    writer.field(7, bool: isFragment)
    for event in events { writer.field(11, message: event) }
  }
}

/// One change of one key. Of a deletion, the key's `modRevision` is the deletion's revision, and there is no value.
public struct WatchEvent: EtcdMessage {
  public enum Kind: ProtobufEnum {
    case put, delete
    case other(Int)

    public static var known: [Kind] { [.put, .delete] }

    public var otherValue: Int? {
      if case .other(let value) = self { value } else { nil }
    }
  }

  public var kind: Kind
  public var keyValue: KeyValue
  public var previous: KeyValue?

  public init(kind: Kind = .put, keyValue: KeyValue = KeyValue(), previous: KeyValue? = nil) {
    self.kind = kind
    self.keyValue = keyValue
    self.previous = previous
  }

  public init(from bytes: RawSpan) throws(WireError) {
    self.init()
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      switch (tag.field, tag.shape) {
      case (1, .varint): kind = try reader.enumeration()
      case (2, .bytes): keyValue = try reader.message()
      case (3, .bytes): previous = try reader.message()
      default: try reader.skip(tag)
      }
    }
  }

  public func encode(to writer: inout ByteWriter) {
    writer.field(1, enumeration: kind)
    writer.field(2, message: keyValue)
    if let previous { writer.field(3, message: previous) }
  }
}
