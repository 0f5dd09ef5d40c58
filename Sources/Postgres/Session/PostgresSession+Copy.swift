// SPDX-License-Identifier: Apache-2.0
public import Wire

extension PostgresSession {
  /// Sends a `COPY … TO STDOUT`.
  public func beginCopyOut(_ text: String) throws(PostgresError) {
    try send(query: text, entering: .copyStarting)
  }

  /// True once the server copies; false while bytes are missing.
  public func pollCopyOut() throws(PostgresError) -> Bool {
    try pollCopyStart { message in
      if case .copyOutResponse = message { .copyOut } else { nil }
    }
  }

  /// Awaits the response that `next` maps to a phase; an error is thrown when the server is ready again.
  func pollCopyStart(_ next: (BackendMessage) -> Phase?) throws(PostgresError) -> Bool {
    while let message = try nextMessage() {
      if let phase = next(message) {
        self.phase = phase
        return true
      }
      switch message {
      case .errorResponse(let response): try received(response)
      case .readyForQuery(let ready):
        try becomeReady(ready.status)
        throw failure(.refused("the statement copies nothing"))
      case .rowDescription, .dataRow, .commandComplete, .emptyQueryResponse: break
      default: throw unexpected(message)
      }
    }
    return false
  }

  /// Hands every CopyData that has arrived to the sink, without copying it, until the sink pauses.
  ///
  /// Bytes that the sink does not take stay in `input`. Nobody may fill or consume `input` while the sink is called.
  @inlinable
  public func drainCopy<Sink: CopySink & ~Copyable>(
    into sink: inout Sink
  ) throws(DrainError<Sink.Failure>) -> DrainResult {
    while true {
      switch try deliverCopy(to: &sink) {
      case .needsInput: return .needsInput
      case .paused: return .paused
      case .control:
        do throws(PostgresError) {
          if let tag = try takeCopyControl() { return .finished(commandTag: tag) }
        } catch {
          throw .postgres(error)
        }
      }
    }
  }

  /// Why a run over the data messages ended.
  @usableFromInline
  enum Delivery {
    case needsInput
    case paused
    /// The next message is whole and is not ours to deliver.
    case control
  }

  @inlinable
  func deliverCopy<Sink: CopySink & ~Copyable>(
    to sink: inout Sink
  ) throws(DrainError<Sink.Failure>) -> Delivery {
    let input = self.input
    let bytes = input.unread
    // Looked up once: it does not change while the sink runs.
    let mayDeliver = isCopying
    var offset = 0
    while true {
      guard let header = try peekData(bytes, at: offset, Sink.Failure.self) else {
        needMore(bytes, at: offset)
        return .needsInput
      }
      guard header.tag == UInt8(ascii: "d"), mayDeliver else {
        input.consume(offset)
        return .control
      }
      let body = bytes.extracting((offset &+ FrameHeader.byteCount)..<(offset &+ header.frameCount))
      let flow: Flow
      do throws(Sink.Failure) {
        flow = try sink.receive(body)
      } catch {
        input.consume(offset)
        throw .sink(error)
      }
      offset &+= header.frameCount
      if flow == .pause {
        input.consume(offset)
        return .paused
      }
    }
  }

  /// The head of the message at `offset` if all of it is there. Consumed once for a whole run of messages, so that the
  /// span stays valid meanwhile.
  @inlinable
  func peekData<Failure: Error>(
    _ bytes: RawSpan, at offset: Int, _: Failure.Type
  ) throws(DrainError<Failure>) -> FrameHeader? {
    do throws(WireError) {
      guard let header = try FrameHeader.peek(bytes, at: offset, messageBytesMax: messageBytesMax),
        header.frameCount <= bytes.byteCount &- offset
      else { return nil }
      return header
    } catch {
      throw .postgres(malformed(error, tag: bytes[offset], at: offset))
    }
  }

  /// Consumes what is delivered and tells the link how much the next message needs.
  @usableFromInline
  func needMore(_ bytes: RawSpan, at offset: Int) {
    let header = try? FrameHeader.peek(bytes, at: offset, messageBytesMax: messageBytesMax)
    input.consume(offset)
    if let header { input.wanted = header.frameCount }
  }

  func noteCopying() {
    isCopying =
      switch phase {
      case .copyOut, .copyBoth, .copyBothEnding: pendingError == nil
      case .new, .login, .ready, .query, .copyStarting, .copyEnded, .ended: false
      }
  }

  /// Takes one message that is not data; the command tag once the stream has ended in order.
  @usableFromInline
  func takeCopyControl() throws(PostgresError) -> String? {
    guard case .message(let message) = try takeMessage() else { return nil }
    switch (message, phase) {
    case (.copyDone, .copyOut), (.copyDone, .copyBothEnding): phase = .copyEnded(commandTag: "")
    case (.copyDone, .copyBoth):
      // "If the server has sent CopyDone first, the client must send its own" to leave the mode.
      Copy.CopyDone().encodeFrame(to: &output.writer)
      phase = .copyEnded(commandTag: "")
    case (.commandComplete(let complete), .copyEnded(let tag)):
      // A replication stream ends with `COPY 0` and then the command's own tag: the first one stands.
      if tag.isEmpty { phase = .copyEnded(commandTag: complete.commandTag) }
    case (.commandComplete(let complete), .copyBoth), (.commandComplete(let complete), .copyBothEnding):
      // So a server that shuts down ends the stream before it closes.
      phase = .ended
      return complete.commandTag
    case (.errorResponse(let response), _): try received(response)
    case (.rowDescription, .copyEnded), (.dataRow, .copyEnded): break
    case (.copyData, .copyEnded):
      // Seen on 15 and 17: a walsender's last keepalive may come behind its CopyDone.
      break
    case (.readyForQuery(let ready), .copyEnded(let tag)):
      try becomeReady(ready.status)
      return tag
    case (.readyForQuery(let ready), _) where pendingError != nil: try becomeReady(ready.status)
    case (.copyData, _) where pendingError != nil, (.copyDone, _) where pendingError != nil:
      // Behind an error: nobody waits for it.
      break
    default: throw unexpected(message)
    }
    return nil
  }
}
