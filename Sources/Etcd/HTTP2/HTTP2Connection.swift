// SPDX-License-Identifier: Apache-2.0
package import Wire

/// The client's side of an HTTP/2 connection (RFC 9113) as a machine over two buffers: bytes in by `input`, bytes out
/// by `output`, no descriptor.
///
/// Whoever drives it appends to `input` and calls `process()`; streams are then found filled. Our preface, SETTINGS and
/// the connection's window are in `output` from the beginning; an answer to the peer's SETTINGS and PINGs follows by
/// itself.
package final class HTTP2Connection {
  package let input: ReceiveBuffer
  package let output: SendBuffer
  package let limits: HTTP2Limits

  package internal(set) var peer = PeerSettings()
  /// The peer has said SETTINGS: it does speak HTTP/2.
  package internal(set) var isGreeted = false
  /// The peer's last GOAWAY: no new stream is opened.
  package internal(set) var goAway: GoAwayFrame?
  /// Why the connection has ended, when by a broken rule.
  package internal(set) var failure: HTTP2Error?
  /// The opaque octets of our PING that is not answered yet.
  package internal(set) var unansweredPing: UInt64?
  /// Frames received: who watches the peer's life compares it.
  package internal(set) var framesReceived = 0

  var decoder: HPACKDecoder
  let encoder = HPACKEncoder()
  var streams: [StreamID: HTTP2Stream] = [:]
  /// Streams above the peer's MAX_CONCURRENT_STREAMS, oldest first.
  var waiting: [HTTP2Stream] = []
  var nextStream = StreamID.first
  var sendWindow = FlowWindow.initial
  var receiveWindow: FlowWindow
  /// A header block whose END_HEADERS has not come.
  var block: HeaderBlock?
  var pings: UInt64 = 0

  struct HeaderBlock: ~Copyable {
    var stream: StreamID
    var endsStream: Bool
    var continuations = 0
    var bytes = ByteWriter()
  }

  package init(input: ReceiveBuffer, output: SendBuffer, limits: HTTP2Limits = HTTP2Limits()) {
    self.input = input
    self.output = output
    self.limits = limits
    decoder = HPACKDecoder(listSizeMax: limits.headerListBytesMax)
    receiveWindow = FlowWindow(limits.connectionWindowBytes)
    output.writer.append("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" as StaticString)
    SettingsFrame(entries: [
      .init(.enablePush, 0),
      .init(.initialWindowSize, UInt32(limits.streamWindowBytes)),
      .init(.maxHeaderListSize, UInt32(limits.headerListBytesMax)),
    ]).encode(to: &output.writer)
    WindowUpdateFrame(
      stream: .connection, increment: limits.connectionWindowBytes - FlowWindow.initial.available
    ).encode(to: &output.writer)
  }

  /// Streams that have begun and not ended, waiting ones included.
  package var openStreams: Int { streams.count + waiting.count }

  /// Whether a new stream may be opened. False after a GOAWAY, after a failure, and when the numbers run out: finish
  /// what is under way and connect again.
  package var acceptsStreams: Bool {
    failure == nil && goAway == nil && nextStream < StreamID.renewal
  }

  /// The transport is gone: nothing more will come.
  package func transportClosed() {
    endAll(with: .connectionLost)
  }

  /// Says GOAWAY (NO_ERROR); streams still open end.
  package func close() {
    guard failure == nil else { return }
    GoAwayFrame(lastStream: .connection, code: .noError).encode(to: &output.writer)
    endAll(with: .connectionLost)
  }

  /// Sends a PING unless one is unanswered.
  package func ping() {
    guard unansweredPing == nil, failure == nil else { return }
    pings += 1
    unansweredPing = pings
    PingFrame(opaque: pings).encode(to: &output.writer)
  }

  func endAll(with end: HTTP2Stream.End) {
    for stream in streams.values { stream.finish(end) }
    for stream in waiting { stream.finish(.refused) }
    streams.removeAll()
    waiting.removeAll()
  }

  /// A broken rule: GOAWAY with its code, and the end of everything.
  func fail(_ error: HTTP2Error) {
    guard failure == nil else { return }
    failure = error
    GoAwayFrame(lastStream: .connection, code: error.code).encode(to: &output.writer)
    endAll(with: .connectionLost)
  }
}
