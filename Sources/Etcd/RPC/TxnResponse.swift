// SPDX-License-Identifier: Apache-2.0
public import Wire

/// The answer to `TxnRequest`.
public struct TxnResponse: EtcdMessage {
  public var header: ResponseHeader
  /// The comparisons held, and `success` was done.
  public var succeeded: Bool
  /// One for each step of the branch that was done.
  public var responses: [ResponseOperation]

  public init(
    header: ResponseHeader = ResponseHeader(), succeeded: Bool = false, responses: [ResponseOperation] = []
  ) {
    self.header = header
    self.succeeded = succeeded
    self.responses = responses
  }

  public init(from bytes: RawSpan) throws(WireError) { try self.init(from: bytes, depth: 0) }

  init(from bytes: RawSpan, depth: Int) throws(WireError) {
    self.init()
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      switch (tag.field, tag.shape) {
      case (1, .bytes): header = try reader.message()
      case (2, .varint): succeeded = try reader.bool()
      case (3, .bytes): responses.append(try ResponseOperation(from: try reader.bytes(), depth: depth))
      default: try reader.skip(tag)
      }
    }
  }

  public func encode(to writer: inout ByteWriter) {
    writer.field(1, message: header)
    writer.field(2, bool: succeeded)
    for item in responses { writer.field(3, message: item) }
  }
}

/// What one step of a transaction answered.
public indirect enum ResponseOperation: EtcdMessage {
  case range(RangeResponse)
  case put(PutResponse)
  case deleteRange(DeleteRangeResponse)
  case txn(TxnResponse)
  /// A step of a kind unknown here; 0: none at all.
  case other(Int)

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
        guard depth < RequestOperation.depthMax else { throw nestedTooDeep(at: reader.reader.offset) }
        self = .txn(try TxnResponse(from: try reader.bytes(), depth: depth + 1))
      default:
        self = .other(tag.field)
        try reader.skip(tag)
      }
    }
  }

  public func encode(to writer: inout ByteWriter) {
    switch self {
    case .range(let response): writer.field(1, message: response)
    case .put(let response): writer.field(2, message: response)
    case .deleteRange(let response): writer.field(3, message: response)
    case .txn(let response): writer.field(4, message: response)
    case .other: break
    }
  }
}
