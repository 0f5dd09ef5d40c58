// SPDX-License-Identifier: Apache-2.0
internal import Wire

/// Requests out: headers, and data as far as the windows let it through.
extension HTTP2Connection {
  /// Begins a request. Above the peer's MAX_CONCURRENT_STREAMS it waits for another to end.
  package func open(_ request: [HeaderField]) -> HTTP2Stream {
    let stream = HTTP2Stream(
      request: request, sendWindow: FlowWindow(peer.initialWindowSize),
      receiveWindow: FlowWindow(limits.streamWindowBytes))
    guard acceptsStreams else {
      stream.finish(.refused)
      return stream
    }
    waiting.append(stream)
    startWaiting()
    return stream
  }

  /// Sends `bytes` on the stream; what the windows hold back is copied and follows when they open.
  package func send(_ bytes: RawSpan, endsStream: Bool, on stream: HTTP2Stream) {
    guard stream.acceptsOctets else { return }
    var sent = 0
    if stream.isSent, stream.unsent == nil { sent = write(bytes, endsStream: endsStream, on: stream) }
    if sent < bytes.byteCount || endsStream && !stream.isLocalClosed {
      stream.keep(bytes.extracting(sent..<bytes.byteCount))
      stream.endsAfterUnsent = endsStream
    }
    closeIfDone(stream)
  }

  /// Sends all there is to be sent on the stream from where it lies; what is held back follows from there.
  package func send(_ body: RequestBody, on stream: HTTP2Stream) {
    guard stream.acceptsOctets, stream.unsent == nil else { return }
    stream.unsent = (body, body.start)
    stream.endsAfterUnsent = true
    if stream.isSent { flush(stream) }
  }

  /// Gives a stream up.
  package func cancel(_ stream: HTTP2Stream, code: HTTP2ErrorCode = .cancel, end: HTTP2Stream.End = .cancelled) {
    guard stream.end == nil else { return }
    if stream.isSent {
      ResetStreamFrame(stream: stream.id, code: code).encode(to: &output.writer)
      streams[stream.id] = nil
    } else {
      waiting.removeAll { $0 === stream }
    }
    stream.finish(end)
    startWaiting()
  }

  /// The call has consumed octets of the answer, or expects more: gives the peer room accordingly.
  package func replenish(_ stream: HTTP2Stream) {
    guard stream.end == nil, !stream.isRemoteClosed, stream.isSent else { return }
    let target = limits.streamWindowBytes + stream.expectedBytes
    let increment = target - stream.answer.count - stream.receiveWindow.available
    guard increment >= limits.streamWindowBytes / 2 else { return }
    try? stream.receiveWindow.grow(by: increment)
    WindowUpdateFrame(stream: stream.id, increment: increment).encode(to: &output.writer)
  }

  /// Numbers and headers for those that wait, as many as the peer allows.
  func startWaiting() {
    while let stream = waiting.first, acceptsStreams, streams.count < peer.maxConcurrentStreams {
      waiting.removeFirst()
      stream.id = nextStream
      nextStream = nextStream.next
      stream.sendWindow = FlowWindow(peer.initialWindowSize)
      streams[stream.id] = stream
      writeHeaders(of: stream)
      flush(stream)
    }
  }

  private func writeHeaders(of stream: HTTP2Stream) {
    var block = ByteWriter()
    encoder.encode(stream.request, to: &block)
    stream.request = []
    let output = self.output
    let bytes = block.bytes
    var from = min(bytes.byteCount, peer.maxFrameSize)
    HeadersFrame(
      stream: stream.id, endsStream: false, endsHeaders: from == bytes.byteCount, fragment: bytes.extracting(0..<from)
    ).encode(to: &output.writer)
    while from < bytes.byteCount {
      let until = min(bytes.byteCount, from + peer.maxFrameSize)
      ContinuationFrame(
        stream: stream.id, endsHeaders: until == bytes.byteCount, fragment: bytes.extracting(from..<until)
      ).encode(to: &output.writer)
      from = until
    }
  }

  /// The windows have changed.
  func flushAll() {
    for id in streams.keys.sorted() {
      guard sendWindow.allowance > 0 else { return }
      if let stream = streams[id] { flush(stream) }
    }
  }

  func flush(_ stream: HTTP2Stream) {
    guard stream.end == nil, case (let body, var cursor)? = stream.unsent else { return }
    while let size = beginData(cursor.rest, endsStream: stream.endsAfterUnsent, on: stream) {
      body.send(size, from: &cursor, to: output)
      if cursor.rest == 0 { break }
    }
    let isDone = cursor.rest == 0 && (stream.isLocalClosed || !stream.endsAfterUnsent)
    stream.unsent = isDone ? nil : (body, cursor)
    closeIfDone(stream)
  }

  /// DATA frames for as many of `bytes` as both windows allow; answers how many.
  private func write(_ bytes: RawSpan, endsStream: Bool, on stream: HTTP2Stream) -> Int {
    var sent = 0
    while let size = beginData(bytes.byteCount - sent, endsStream: endsStream, on: stream) {
      output.writer.append(bytes.extracting(sent..<(sent + size)))
      sent += size
      if sent == bytes.byteCount { break }
    }
    return sent
  }

  /// The header of a DATA frame with as many of `rest` octets as the windows allow; the octets follow. Nil: for none.
  private func beginData(_ rest: Int, endsStream: Bool, on stream: HTTP2Stream) -> Int? {
    let size = min(rest, peer.maxFrameSize, sendWindow.allowance, stream.sendWindow.allowance)
    // "Frames with zero length with the END_STREAM flag set (that is, an empty DATA frame) MAY be sent if there is no
    // available space in either flow-control window." (section 6.9.1)
    if size == 0, rest > 0 || !endsStream { return nil }
    let ends = endsStream && size == rest
    FrameHeader(
      length: size, type: .data, flags: ends ? FrameFlag.endStream.rawValue : 0, stream: stream.id
    ).encode(to: &output.writer)
    sendWindow.take(size)
    stream.sendWindow.take(size)
    if ends { stream.isLocalClosed = true }
    return size
  }

  /// A stream that both sides have closed leaves; its place goes to one that waits.
  func closeIfDone(_ stream: HTTP2Stream) {
    guard stream.end == nil, stream.isRemoteClosed else { return }
    // The server has answered in full without waiting for the rest of the request (RFC 9113, section 8.1): the rest is
    // not sent, and the stream is given back.
    if !stream.isLocalClosed { ResetStreamFrame(stream: stream.id, code: .cancel).encode(to: &output.writer) }
    streams[stream.id] = nil
    stream.finish(.complete)
    startWaiting()
  }
}
