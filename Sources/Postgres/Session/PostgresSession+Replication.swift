// SPDX-License-Identifier: Apache-2.0
public import Wire

extension PostgresSession {
  /// Sends a START_REPLICATION.
  public func beginReplication(_ command: String) throws(PostgresError) {
    try send(query: command, entering: .copyStarting)
    isInStream = false
  }

  /// True once the stream runs; false while bytes are missing.
  public func pollReplicationStart() throws(PostgresError) -> Bool {
    try pollCopyStart { message in
      if case .copyBothResponse = message { .copyBoth } else { nil }
    }
  }

  /// Hands every message that has arrived to the sink, as a view of the receive buffer, until the sink pauses.
  ///
  /// Allocates nothing. Nobody may fill or consume `input` while the sink is called.
  @inlinable
  public func drainReplication<Sink: ReplicationSink & ~Copyable>(
    into sink: inout Sink
  ) throws(DrainError<Sink.Failure>) -> DrainResult {
    while true {
      switch try deliverReplication(to: &sink) {
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

  @inlinable
  func deliverReplication<Sink: ReplicationSink & ~Copyable>(
    to sink: inout Sink
  ) throws(DrainError<Sink.Failure>) -> Delivery {
    let input = self.input
    let bytes = input.unread
    // Looked up once: neither changes while the sink runs, and in this loop each access would count.
    let mayDeliver = isCopying
    var inStream = isInStream
    defer { isInStream = inStream }
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
      do throws(DrainError<Sink.Failure>) {
        flow = try deliver(body, to: &sink, at: offset, &inStream)
      } catch {
        if case .sink = error { input.consume(offset) }
        throw error
      }
      offset &+= header.frameCount
      if flow == .pause {
        input.consume(offset)
        return .paused
      }
    }
  }

  /// One CopyData payload.
  @inlinable
  func deliver<Sink: ReplicationSink & ~Copyable>(
    _ body: RawSpan, to sink: inout Sink, at offset: Int, _ inStream: inout Bool
  ) throws(DrainError<Sink.Failure>) -> Flow {
    let message: ReplicationMessage
    do throws(WireError) {
      message = try ReplicationMessage(body)
    } catch {
      throw .postgres(malformed(error, tag: UInt8(ascii: "d"), at: offset))
    }
    switch message {
    case .xLogData(let data):
      let logical: LogicalMessage
      do throws(WireError) {
        logical = try LogicalMessage(data.payload, inStream: inStream)
      } catch {
        throw .postgres(malformed(error, tag: UInt8(ascii: "d"), at: offset))
      }
      let flow: Flow
      do throws(Sink.Failure) {
        flow = try sink.receive(
          logical, walStart: data.walStart, walEnd: data.walEnd, serverTime: data.serverTime)
      } catch {
        throw .sink(error)
      }
      switch logical {
      case .streamStart: inStream = true
      case .streamStop: inStream = false
      default: break
      }
      return flow
    case .keepalive(let keepalive):
      do throws(Sink.Failure) {
        return try sink.keepalive(walEnd: keepalive.walEnd, replyRequested: keepalive.replyRequested)
      } catch {
        throw .sink(error)
      }
    case .standbyStatus, .hotStandbyFeedback:
      throw .postgres(
        malformed(WireError(.badValue("a client's message"), offset: 0), tag: UInt8(ascii: "d"), at: offset))
    case .other:
      // "w" and "k" are all that a server sends today; what is new is not for us.
      return .more
    }
  }

  /// Tells the server how far we are; it keeps the log from `flushed` on.
  public func sendStandbyStatus(_ update: StandbyStatusUpdate) {
    guard phase == .copyBoth else { return }
    output.writer.append(Copy.CopyData.tag)
    output.writer.lengthPrefixed(Int32.self, includingItself: true) { update.encode(to: &$0) }
  }

  /// Asks for the end of the stream: keep draining until it is finished, what the server has already sent comes first.
  public func beginReplicationEnd() {
    guard phase == .copyBoth else { return }
    Copy.CopyDone().encodeFrame(to: &output.writer)
    phase = .copyBothEnding
  }
}
