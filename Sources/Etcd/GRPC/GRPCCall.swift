// SPDX-License-Identifier: Apache-2.0
package import Wire

/// One call, unary or streaming, over a stream: messages out and in, and in the end a status.
package final class GRPCCall {
  /// How it ended.
  package enum End: Equatable {
    case status(GRPCStatus)
    /// Surely not processed: the server refused the stream, or it was never sent.
    case refused
    /// Ended under way, by the peer's RST_STREAM, by us, or with the connection.
    case lost(String)
    /// The answer is not one of gRPC.
    case violation(String)
  }

  private let connection: HTTP2Connection
  private let stream: HTTP2Stream
  private let messageBytesMax: Int
  private var broken: WireError?

  package init(
    on connection: HTTP2Connection, path: String, scheme: String, authority: String, metadata: [HeaderField] = [],
    timeout: Duration? = nil, messageBytesMax: Int
  ) {
    self.connection = connection
    self.messageBytesMax = messageBytesMax
    var request = [
      HeaderField(":method", "POST"), HeaderField(":scheme", scheme), HeaderField(":path", path),
      HeaderField(":authority", authority), HeaderField("content-type", "application/grpc"),
      HeaderField("te", "trailers"), HeaderField("user-agent", "syncd"),
    ]
    if let timeout { request.append(HeaderField("grpc-timeout", GRPCTimeout.text(timeout))) }
    stream = connection.open(request + metadata)
  }

  /// The request has been written, at least its beginning: the server may act on it.
  package var isSent: Bool { stream.isSent && stream.end != .refused }

  package func send(_ message: RawSpan, last: Bool) {
    var prefix = ByteWriter()
    GRPCPrefix(length: message.byteCount).encode(to: &prefix)
    connection.send(prefix.bytes, endsStream: false, on: stream)
    connection.send(message, endsStream: last, on: stream)
  }

  /// Sends the one message of a call, its prefix included.
  package func send(_ body: RequestBody) { connection.send(body, on: stream) }

  package func cancel() { connection.cancel(stream) }

  /// Reads the next whole message in place and consumes it; nil while none is whole.
  package func next<R>(_ body: (RawSpan) throws(WireError) -> R) throws(WireError) -> R? {
    if let broken { throw broken }
    let buffer = stream.answer
    let unread = buffer.unread
    do throws(WireError) {
      guard unread.byteCount >= GRPCPrefix.size else { return nil }
      var reader = ByteReader(unread)
      let prefix = try GRPCPrefix(from: &reader)
      guard !prefix.isCompressed else {
        throw WireError(.badValue("compressed, which was not offered"), offset: 0, context: "gRPC message")
      }
      guard prefix.length <= messageBytesMax else {
        throw WireError(.badLength(prefix.length), offset: 1, context: "gRPC message")
      }
      guard prefix.length <= reader.remaining else {
        stream.expectedBytes = GRPCPrefix.size + prefix.length
        connection.replenish(stream)
        return nil
      }
      let result = try body(try reader.bytes(prefix.length))
      buffer.consume(GRPCPrefix.size + prefix.length)
      stream.expectedBytes = 0
      connection.replenish(stream)
      return result
    } catch {
      broken = error
      connection.cancel(stream)
      throw error
    }
  }

  /// Nil while under way. Messages that have come are still to be read.
  package var end: End? {
    if let broken { return .violation("\(broken)") }
    guard let end = stream.end else { return nil }
    switch end {
    case .refused: return .refused
    case .connectionLost: return .lost("the connection ended before the answer")
    case .cancelled: return .lost("cancelled")
    case .reset(let code): return .lost("the server reset the stream (\(code))")
    case .malformed(let error): return .violation("\(error)")
    case .complete: return completed
    }
  }

  private var completed: End {
    let head = stream.head ?? []
    if let status = GRPCStatus(stream.trailers ?? head) { return .status(status) }
    let http = head.first { $0.isNamed(":status") }?.valueText ?? "none"
    let type = head.first { $0.isNamed("content-type") }?.valueText ?? "none"
    if http != "200" || !type.hasPrefix("application/grpc") {
      return .violation("not a gRPC answer: HTTP status \(http), content type \(type)")
    }
    return .violation("the answer has no grpc-status")
  }
}
