// SPDX-License-Identifier: Apache-2.0
internal import Wire

/// Frames in.
extension HTTP2Connection {
  /// Takes every whole frame from `input`. After an error the connection is over: GOAWAY is in `output`.
  package func process() throws(HTTP2Error) {
    if let failure { throw failure }
    do {
      while output.count < limits.outputBytesMax, try processFrame() {}
    } catch {
      // The offset within the frame becomes the offset within the connection.
      var located = error
      located.cause.offset += input.consumedTotal
      fail(located)
      throw located
    }
  }

  private func processFrame() throws(HTTP2Error) -> Bool {
    let input = self.input
    let unread = input.unread
    if !isGreeted { try Self.checkGreeting(unread) }
    guard unread.byteCount >= FrameHeader.size else { return false }
    let size: Int
    do {
      var reader = ByteReader(unread)
      let header = try FrameHeader(from: &reader)
      guard header.length <= limits.frameBytesMax else {
        throw WireError(.badLength(header.length), offset: 0, context: "frame header")
      }
      size = FrameHeader.size + header.length
      guard unread.byteCount >= size else { return false }
      guard isGreeted || header.type == .settings else {
        throw WireError(.badValue("does not begin with SETTINGS: not an HTTP/2 server"), offset: 0)
      }
      let frame = try HTTP2Frame(header: header, payload: unread.extracting(FrameHeader.size..<size))
      framesReceived += 1
      try receive(frame)
    } catch let error as WireError {
      throw HTTP2Error(decoding: error)
    } catch let error as HTTP2Error {
      throw error
    } catch {
      preconditionFailure("only the two errors above are thrown")
    }
    input.consume(size)
    return true
  }

  /// Two servers that are met by mistake, told by their first bytes.
  private static func checkGreeting(_ unread: RawSpan) throws(HTTP2Error) {
    if unread.byteCount >= 5, unread.extracting(0..<5).isEqual(to: "HTTP/") {
      throw HTTP2Error(.http11Required, WireError(.badValue("an HTTP/1 answer: not an HTTP/2 server"), offset: 0))
    }
    if unread.byteCount >= 3, unread[0] == 0x15, unread[1] == 0x03 {
      throw HTTP2Error(.protocolError, WireError(.badValue("a TLS alert: the server wants TLS (https)"), offset: 0))
    }
  }

  private func receive(_ frame: HTTP2Frame) throws {
    if let open = block?.stream {
      // "If the END_HEADERS flag is not set, this frame MUST be followed by another CONTINUATION frame. A receiver MUST
      // treat the receipt of any other type of frame or a frame on a different stream as a connection error"
      guard case .continuation(let next) = frame, next.stream == open else {
        throw WireError(.badValue("a header block is not finished"), offset: 0, context: "CONTINUATION")
      }
    }
    switch frame {
    case .data(let frame): try receive(frame)
    case .headers(let frame):
      try checkOurs(frame.stream, "HEADERS")
      block = HeaderBlock(stream: frame.stream, endsStream: frame.endsStream)
      try continueBlock(frame.fragment, ends: frame.endsHeaders)
    case .continuation(let frame):
      guard block != nil else {
        throw WireError(.badValue("no header block is open"), offset: 0, context: "CONTINUATION")
      }
      block?.continuations += 1
      try continueBlock(frame.fragment, ends: frame.endsHeaders)
    case .resetStream(let frame): try receive(frame)
    case .settings(let frame): try receive(frame)
    case .pushPromise:
      throw WireError(.badValue("push is switched off"), offset: 0, context: "PUSH_PROMISE")
    case .ping(let frame):
      if !frame.isAcknowledgement {
        PingFrame(isAcknowledgement: true, opaque: frame.opaque).encode(to: &output.writer)
      } else if frame.opaque == unansweredPing {
        unansweredPing = nil
      }
    case .goAway(let frame): receive(frame)
    case .windowUpdate(let frame): try receive(frame)
    case .priority, .other: break
    }
  }

  private func receive(_ frame: DataFrame) throws {
    try checkOurs(frame.stream, "DATA")
    // "The entire DATA frame payload is included in flow control, including the Pad Length and Padding fields if
    // present." (section 6.1)
    let size = frame.data.byteCount + (frame.padLength.map { $0 + 1 } ?? 0)
    guard size <= receiveWindow.available else {
      throw HTTP2Error(
        .flowControlError, WireError(.badValue("beyond the connection's window"), offset: 0, context: "DATA"))
    }
    receiveWindow.take(size)
    let missing = limits.connectionWindowBytes - receiveWindow.available
    if missing >= limits.connectionWindowBytes / 2 {
      try receiveWindow.grow(by: missing)
      WindowUpdateFrame(stream: .connection, increment: missing).encode(to: &output.writer)
    }
    guard let stream = streams[frame.stream] else { return }
    guard size <= stream.receiveWindow.available else {
      return reject(stream, .flowControlError, "beyond the stream's window")
    }
    guard stream.head != nil else { return reject(stream, .protocolError, "DATA before HEADERS") }
    stream.receiveWindow.take(size)
    stream.answer.append(frame.data)
    if frame.endsStream { stream.isRemoteClosed = true }
    closeIfDone(stream)
  }

  private func continueBlock(_ fragment: RawSpan, ends: Bool) throws {
    block?.bytes.append(fragment)
    guard let size = block?.bytes.count, let continuations = block?.continuations else { return }
    guard size <= limits.headerListBytesMax, continuations <= limits.continuationsMax else {
      throw HTTP2Error(
        .enhanceYourCalm, WireError(.badValue("header block too large"), offset: 0, context: "CONTINUATION"))
    }
    guard ends, let finished = block.take() else { return }
    let fields: [HeaderField]
    do {
      fields = try decoder.decode(finished.bytes.bytes)
    } catch {
      throw HTTP2Error(.compressionError, error)
    }
    // The block was decoded in any case: the table is shared by all streams.
    guard let stream = streams[finished.stream] else { return }
    do {
      try stream.receive(fields, endsStream: finished.endsStream)
    } catch {
      cancel(stream, code: .protocolError, end: .malformed(error))
    }
    closeIfDone(stream)
  }

  private func receive(_ frame: ResetStreamFrame) throws {
    try checkOurs(frame.stream, "RST_STREAM")
    guard let stream = streams.removeValue(forKey: frame.stream) else { return }
    // "refused … prior to performing any application processing": not believed of a stream whose answer has begun.
    stream.finish(frame.code == .refusedStream && stream.head == nil ? .refused : .reset(frame.code))
    startWaiting()
  }

  private func receive(_ frame: SettingsFrame) throws {
    if frame.isAcknowledgement { return }
    let before = peer.initialWindowSize
    for entry in frame.entries { try peer.apply(entry) }
    // "a receiver MUST adjust the size of all stream flow-control windows that it maintains by the difference between
    // the new value and the old value" (section 6.9.2)
    for stream in streams.values {
      do {
        try stream.sendWindow.grow(by: peer.initialWindowSize - before)
      } catch {
        throw HTTP2Error(.flowControlError, error)
      }
    }
    isGreeted = true
    SettingsFrame(isAcknowledgement: true).encode(to: &output.writer)
    flushAll()
    startWaiting()
  }

  private func receive(_ frame: GoAwayFrame) {
    goAway = frame
    // "… any streams … with identifiers higher than the indicated … might be retried on a new connection": they did
    // not happen (section 6.8).
    for stream in streams.values where stream.id > frame.lastStream {
      streams[stream.id] = nil
      stream.finish(.refused)
    }
    for stream in waiting { stream.finish(.refused) }
    waiting.removeAll()
  }

  private func receive(_ frame: WindowUpdateFrame) throws {
    let isZero = frame.increment == 0
    if frame.stream == .connection {
      guard !isZero else { throw WireError(.badValue("increment 0"), offset: 0, context: "WINDOW_UPDATE") }
      do {
        try sendWindow.grow(by: frame.increment)
      } catch {
        throw HTTP2Error(.flowControlError, error)
      }
      flushAll()
      return
    }
    try checkOurs(frame.stream, "WINDOW_UPDATE")
    guard let stream = streams[frame.stream] else { return }
    if isZero { return reject(stream, .protocolError, "WINDOW_UPDATE of 0") }
    do {
      try stream.sendWindow.grow(by: frame.increment)
    } catch {
      return cancel(stream, code: .flowControlError, end: .malformed(error))
    }
    flush(stream)
  }

  /// "Receiving any frame other than HEADERS or PRIORITY on a stream in [idle] state MUST be treated as a connection
  /// error of type PROTOCOL_ERROR" (section 5.1); and a server opens none, as push is off.
  private func checkOurs(_ stream: StreamID, _ name: StaticString) throws(WireError) {
    guard stream.isOurs, stream < nextStream else {
      throw WireError(.badValue("on a stream that was not opened"), offset: 0, context: name)
    }
  }

  private func reject(_ stream: HTTP2Stream, _ code: HTTP2ErrorCode, _ what: StaticString) {
    cancel(stream, code: code, end: .malformed(WireError(.badValue(what), offset: 0, context: "DATA")))
  }
}
