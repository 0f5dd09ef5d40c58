// SPDX-License-Identifier: Apache-2.0
public import Wire

/// The answer to `RangeRequest`: the message's bytes as they came, read in place. A page of a thousand rows is one
/// piece of memory, not two thousand.
public struct RangeResponse: EtcdMessage {
  public private(set) var header: ResponseHeader
  /// There are more keys than the limit let through.
  public private(set) var more: Bool
  /// Keys in the range, whatever the limit.
  public private(set) var count: Int64
  /// Keys in this answer.
  public private(set) var keyValueCount: Int
  private let bytes: [UInt8]

  public init(
    header: ResponseHeader = ResponseHeader(), keyValues: [KeyValue] = [], more: Bool = false, count: Int64 = 0
  ) {
    var writer = ByteWriter()
    writer.field(1, message: header)
    for item in keyValues { writer.field(2, message: item) }
    writer.field(3, bool: more)
    writer.field(4, signed: count)
    self.header = header
    self.more = more
    self.count = count
    self.keyValueCount = keyValues.count
    self.bytes = writer.bytes.array
  }

  /// Reads it all once, so that `forEach` cannot fail.
  public init(from bytes: RawSpan) throws(WireError) {
    header = ResponseHeader()
    more = false
    count = 0
    keyValueCount = 0
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      switch (tag.field, tag.shape) {
      case (1, .bytes): header = try reader.message()
      case (2, .bytes):
        _ = try KeyValueView(from: try reader.bytes())
        keyValueCount += 1
      case (3, .varint): more = try reader.bool()
      case (4, .varint): count = try reader.signed()
      default: try reader.skip(tag)
      }
    }
    self.bytes = bytes.array
  }

  public func encode(to writer: inout ByteWriter) { writer.append(bytes) }

  /// Each key with its value, borrowed, in the server's order.
  public func forEach<E: Error>(_ body: (KeyValueView) throws(E) -> Void) throws(E) {
    let bytes = self.bytes
    var reader = ProtobufReader(unsafe bytes.span.bytes)
    while let tag = try? reader.next() {
      guard tag.field == 2, tag.shape == .bytes else {
        guard (try? reader.skip(tag)) != nil else { return }
        continue
      }
      guard let item = try? reader.bytes(), let view = try? KeyValueView(from: item) else { return }
      try body(view)
    }
  }

  /// The same, copied.
  public var keyValues: [KeyValue] {
    var all: [KeyValue] = []
    forEach { all.append($0.copy) }
    return all
  }

  /// The only key asked for, or nil if there is none.
  public var first: KeyValue? { keyValues.first }
}
