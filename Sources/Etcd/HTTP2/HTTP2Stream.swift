// SPDX-License-Identifier: Apache-2.0
package import Wire

/// One request and its answer. The connection fills it; the call above it reads it.
package final class HTTP2Stream {
  /// How it ended.
  package enum End: Equatable {
    /// Both sides said all they had to say (or the server did, before we had).
    case complete
    /// The peer's RST_STREAM.
    case reset(HTTP2ErrorCode)
    /// Surely not processed: RST_STREAM with REFUSED_STREAM, or above a GOAWAY's last stream, or never sent.
    case refused
    /// By us.
    case cancelled
    /// The answer broke a rule that concerns this stream only.
    case malformed(WireError)
    /// The connection ended first.
    case connectionLost
  }

  /// 0 until the headers are written: a stream above MAX_CONCURRENT_STREAMS waits for its number.
  package internal(set) var id = StreamID.connection
  package internal(set) var end: End?
  /// The answer's headers (not those of an interim answer), and its trailers; a trailers-only answer has just a head.
  package internal(set) var head: [HeaderField]?
  package internal(set) var trailers: [HeaderField]?
  /// Octets of the answer that nobody has consumed yet.
  package let answer = ReceiveBuffer(capacity: 1024)
  /// Octets that must come together before anything is consumed; the receive window makes room for them.
  package var expectedBytes = 0

  /// The request's headers until they are written.
  var request: [HeaderField]
  /// What of the request no window has let through yet.
  var unsent: (body: RequestBody, cursor: RequestBody.Cursor)?
  /// END_STREAM follows the last unsent octet.
  var endsAfterUnsent = false
  var isLocalClosed = false
  var isRemoteClosed = false
  var sendWindow: FlowWindow
  var receiveWindow: FlowWindow

  init(request: [HeaderField], sendWindow: FlowWindow, receiveWindow: FlowWindow) {
    self.request = request
    self.sendWindow = sendWindow
    self.receiveWindow = receiveWindow
  }

  /// Whether any octet of it may have reached the peer.
  package var isSent: Bool { id != .connection }
  /// Octets of the request that wait for a window.
  package var unsentBytes: Int { unsent?.cursor.rest ?? 0 }
  /// The request goes on.
  var acceptsOctets: Bool { end == nil && !isLocalClosed && !endsAfterUnsent }

  /// Holds back a copy of `bytes`.
  func keep(_ bytes: RawSpan) {
    let body = unsent?.body ?? RequestBody()
    body.appendOwn { $0.append(bytes) }
    var cursor = unsent?.cursor ?? RequestBody.Cursor(rest: 0)
    cursor.rest += bytes.byteCount
    unsent = (body, cursor)
  }

  /// Ends it once; what comes later is ignored.
  func finish(_ end: End) {
    guard self.end == nil else { return }
    self.end = end
    unsent = nil
    isLocalClosed = true
    isRemoteClosed = true
  }

  /// A whole list of headers has arrived.
  func receive(_ fields: [HeaderField], endsStream: Bool) throws(WireError) {
    if head == nil {
      guard let status = fields.first, status.isNamed(":status") else {
        throw WireError(.badValue("answer without :status"), offset: 0, context: "HEADERS")
      }
      // "An interim response … MUST NOT have END_STREAM": 1xx, to be passed over.
      if status.value.first == UInt8(ascii: "1"), !endsStream { return }
      head = fields
    } else {
      // "A HEADERS frame without the END_STREAM flag set after … a final (non-informational) status code" is malformed.
      guard endsStream, !fields.contains(where: { $0.name.first == UInt8(ascii: ":") }) else {
        throw WireError(.badValue("headers in the middle of an answer"), offset: 0, context: "HEADERS")
      }
      trailers = fields
    }
    if endsStream { isRemoteClosed = true }
  }
}
