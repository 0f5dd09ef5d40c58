// SPDX-License-Identifier: Apache-2.0
public import Wire

/// If all comparisons hold, `success`, else `failure`: at one revision, all or nothing.
public struct TxnRequest: EtcdRequest {
  public typealias Response = TxnResponse
  public static var path: String { "/etcdserverpb.KV/Txn" }
  /// A transaction of reads may be sent again.
  public var isReadOnly: Bool { (success + failure).allSatisfy(\.isReadOnly) }

  public var compare: [Compare]
  public var success: [RequestOperation]
  public var failure: [RequestOperation]

  public init(compare: [Compare] = [], success: [RequestOperation] = [], failure: [RequestOperation] = []) {
    self.compare = compare
    self.success = success
    self.failure = failure
  }

  public init(from bytes: RawSpan) throws(WireError) { try self.init(from: bytes, depth: 0) }

  init(from bytes: RawSpan, depth: Int) throws(WireError) {
    self.init()
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      switch (tag.field, tag.shape) {
      case (1, .bytes): compare.append(try reader.message())
      case (2, .bytes): success.append(try RequestOperation(from: try reader.bytes(), depth: depth))
      case (3, .bytes): failure.append(try RequestOperation(from: try reader.bytes(), depth: depth))
      default: try reader.skip(tag)
      }
    }
  }

  public func encode(to writer: inout ByteWriter) {
    for item in compare { writer.field(1, message: item) }
    for item in success { writer.field(2, message: item) }
    for item in failure { writer.field(3, message: item) }
  }
}

/// One step of a transaction.
public indirect enum RequestOperation: EtcdMessage {
  case range(RangeRequest)
  case put(PutRequest)
  case deleteRange(DeleteRangeRequest)
  case txn(TxnRequest)
  /// A step of a kind unknown here; 0: none at all.
  case other(Int)

  /// Deeper nesting is refused before it can exhaust the stack; etcd itself never sees more than two levels from us.
  static let depthMax = 16

  var isReadOnly: Bool {
    switch self {
    case .range: true
    case .txn(let inner): inner.isReadOnly
    case .put, .deleteRange, .other: false
    }
  }

  public init(from bytes: RawSpan) throws(WireError) { try self.init(from: bytes, depth: 0) }

  init(from bytes: RawSpan, depth: Int) throws(WireError) {
    self = .other(0)
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      switch (tag.field, tag.shape) {
      case (1, .bytes): self = .range(try reader.message())
      case (2, .bytes): self = .put(try reader.message())
      case (3, .bytes): self = .deleteRange(try reader.message())
      case (4, .bytes):
        guard depth < Self.depthMax else { throw nestedTooDeep(at: reader.reader.offset) }
        self = .txn(try TxnRequest(from: try reader.bytes(), depth: depth + 1))
      default:
        self = .other(tag.field)
        try reader.skip(tag)
      }
    }
  }

  public func encode(to writer: inout ByteWriter) {
    switch self {
    case .range(let request): writer.field(1, message: request)
    case .put(let request): writer.field(2, message: request)
    case .deleteRange(let request): writer.field(3, message: request)
    case .txn(let request): writer.field(4, message: request)
    case .other: break
    }
  }
}

func nestedTooDeep(at offset: Int) -> WireError {
  WireError(.badValue("transactions nested too deep"), offset: offset, context: "Txn")
}
