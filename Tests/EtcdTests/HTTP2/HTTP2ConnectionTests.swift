// SPDX-License-Identifier: Apache-2.0
import Support
import Testing
import Wire

@testable import Etcd

/// The client's machine against a server that does what servers may do.
@Suite struct HTTP2ConnectionTests {
  let payload = (0..<50_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }

  @Test func greetsWithItsWindows() throws {
    let pair = try Pair()
    #expect(pair.client.isGreeted)
    let heard = pair.server.takeHeard()
    #expect(
      heard.first
        == .settings(
          SettingsFrame(entries: [
            .init(.enablePush, 0), .init(.initialWindowSize, 1 << 20), .init(.maxHeaderListSize, 64 << 10),
          ])))
    #expect(heard.contains(.windowUpdate(WindowUpdateFrame(stream: .connection, increment: (8 << 20) - 65_535))))
    #expect(heard.contains(.settings(SettingsFrame(isAcknowledgement: true))))
  }

  @Test func requestAndAnswer() throws {
    let pair = try Pair()
    let stream = pair.open()
    pair.send([1, 2, 3], on: stream)
    try pair.exchange()
    #expect(pair.server.heard.contains(.data(StreamID(1), [1, 2, 3], ends: true)))
    pair.server.headers(1, [HeaderField(":status", "100")])
    pair.server.answer(1, [9])
    try pair.exchange()
    #expect(stream.end == .complete && stream.head?.first?.valueText == "200")
    #expect(stream.trailers?.first == HeaderField("grpc-status", "0"))
    #expect(pair.client.openStreams == 0)
  }

  /// S38: a window of one byte. Every byte waits for its own update, and END_STREAM for none.
  @Test func windowOfOneByte() throws {
    let pair = try Pair([.init(.initialWindowSize, 1)])
    let stream = pair.open()
    pair.send(Array(payload[..<20]), on: stream)
    try pair.exchange()
    for count in 1..<20 {
      #expect(pair.server.body(of: 1).count == count)
      pair.server.windowUpdate(1, 1)
      try pair.exchange()
    }
    #expect(pair.server.body(of: 1) == Array(payload[..<20]))
    #expect(pair.server.heard.last == .data(StreamID(1), [payload[19]], ends: true))
  }

  /// RFC 9113, 6.9.2: the initial window shrinks while a stream is open, its window becomes negative.
  @Test func windowMayBecomeNegative() throws {
    let pair = try Pair([.init(.initialWindowSize, 100)])
    let stream = pair.open()
    pair.send(Array(payload[..<300]), on: stream)
    try pair.exchange()
    #expect(pair.server.body(of: 1).count == 100)
    pair.server.settings([.init(.initialWindowSize, 10)])
    try pair.exchange()
    #expect(stream.sendWindow.available == -90)
    pair.server.windowUpdate(1, 90)
    try pair.exchange()
    #expect(pair.server.body(of: 1).count == 100)
    pair.server.windowUpdate(1, 5)
    try pair.exchange()
    #expect(pair.server.body(of: 1).count == 105)
    pair.server.settings([.init(.initialWindowSize, 1000)])
    try pair.exchange()
    #expect(pair.server.body(of: 1) == Array(payload[..<300]))
  }

  @Test func connectionWindowIsSharedByStreams() throws {
    let pair = try Pair([.init(.initialWindowSize, 1 << 20)])
    let first = pair.open()
    let second = pair.open()
    pair.send(payload, on: first)
    pair.send(payload, on: second)
    try pair.exchange()
    #expect(pair.server.body(of: 1).count + pair.server.body(of: 3).count == 65_535)
    pair.server.windowUpdate(0, 1 << 20)
    try pair.exchange()
    #expect(pair.server.body(of: 1) == payload && pair.server.body(of: 3) == payload)
  }

  @Test(arguments: [16_384, 20_000]) func splitsAtTheLargestFrame(_ size: Int) throws {
    let pair = try Pair([.init(.maxFrameSize, UInt32(size)), .init(.initialWindowSize, 1 << 20)])
    pair.send(payload, on: pair.open())
    try pair.exchange()
    let sizes = pair.server.heard.compactMap { if case .data(_, let bytes, _) = $0 { bytes.count } else { nil } }
    #expect(sizes.max() == size && sizes.reduce(0, +) == payload.count)
    #expect(pair.server.body(of: 1) == payload)
  }

  /// S38: one stream at a time; the second waits, and one that is given up while it waits is never sent.
  @Test func streamsWaitForTheirTurn() throws {
    let pair = try Pair([.init(.maxConcurrentStreams, 1)])
    let streams = (0..<3).map { _ in pair.open() }
    for stream in streams { pair.send([7], on: stream) }
    try pair.exchange()
    #expect(streams.map(\.isSent) == [true, false, false])
    pair.client.cancel(streams[1])
    pair.server.answer(1, [])
    try pair.exchange()
    #expect(streams[2].isSent && streams[2].id == StreamID(3) && !streams[1].isSent)
    #expect(pair.server.body(of: 3) == [7])
    pair.server.settings([.init(.maxConcurrentStreams, 5)])
    let fourth = pair.open()
    try pair.exchange()
    #expect(fourth.isSent)
  }

  @Test func goAwayTellsWhatDidNotHappen() throws {
    let pair = try Pair()
    let streams = (0..<3).map { _ in pair.open() }
    for stream in streams { pair.send([7], on: stream) }
    try pair.exchange()
    GoAwayFrame(lastStream: StreamID(3), code: .enhanceYourCalm, debugData: Array("too_many_pings".utf8))
      .encode(to: &pair.server.output)
    try pair.exchange()
    #expect(streams.map(\.end) == [nil, nil, .refused])
    #expect(!pair.client.acceptsStreams)
    #expect(pair.open().end == .refused)
    pair.server.answer(1, [])
    try pair.exchange()
    pair.client.transportClosed()
    #expect(streams.map(\.end) == [.complete, .connectionLost, .refused])
  }

  @Test func resetsAreToldApart() throws {
    let pair = try Pair()
    let streams = (0..<3).map { _ in pair.open() }
    try pair.exchange()
    ResetStreamFrame(stream: StreamID(1), code: .refusedStream).encode(to: &pair.server.output)
    ResetStreamFrame(stream: StreamID(3), code: .other(77)).encode(to: &pair.server.output)
    pair.server.answer(5, [1])
    ResetStreamFrame(stream: StreamID(5), code: .noError).encode(to: &pair.server.output)
    try pair.exchange()
    #expect(streams.map(\.end) == [.refused, .reset(.other(77)), .complete])
    // It had not said all it had to say: the stream is given back.
    #expect(pair.server.heard.contains(.reset(ResetStreamFrame(stream: StreamID(5), code: .cancel))))
  }

  /// A stream whose answer has begun was not refused, whatever the server says.
  @Test func refusedAfterTheAnswerBegan() throws {
    let pair = try Pair()
    let stream = pair.open()
    try pair.exchange()
    pair.server.headers(1, ServerSide.head)
    ResetStreamFrame(stream: StreamID(1), code: .refusedStream).encode(to: &pair.server.output)
    try pair.exchange()
    #expect(stream.end == .reset(.refusedStream))
  }

  /// S38: a header block in pieces of one byte, padded frames, a priority.
  @Test func continuationAndPadding() throws {
    let pair = try Pair()
    let stream = pair.open()
    try pair.exchange()
    var block = ByteWriter()
    HPACKEncoder().encode([HeaderField(":status", "200"), HeaderField("a", "b")], to: &block)
    let bytes = block.bytes.array
    HeadersFrame(
      stream: stream.id, endsStream: false, endsHeaders: false, padLength: 200,
      priority: StreamPriority(isExclusive: true, dependency: StreamID(9), weight: 3),
      fragment: bytes.span.bytes.extracting(0..<1)
    ).encode(to: &pair.server.output)
    for index in bytes.indices.dropFirst() {
      ContinuationFrame(
        stream: stream.id, endsHeaders: index == bytes.count - 1,
        fragment: bytes.span.bytes.extracting(index..<index + 1)
      ).encode(to: &pair.server.output)
    }
    pair.server.data(1, [1, 2], padLength: 255)
    pair.server.data(1, [3], padLength: 0)
    pair.server.data(1, [], padLength: 9, ends: true)
    try pair.exchange()
    #expect(stream.head?.last == HeaderField("a", "b"))
    let body = stream.answer
    let received = body.unread.array
    #expect(received == [1, 2, 3] && stream.isRemoteClosed)
    // Padding counts.
    #expect(stream.receiveWindow.available == (1 << 20) - (258 + 2 + 10))
  }

  /// S38: a header table of size 0: nothing of ours needs one.
  @Test func headerTableOfSizeZero() throws {
    let pair = try Pair([.init(.headerTableSize, 0)], headerTableSize: 0)
    for _ in 0..<3 { _ = pair.open("/the/same/path") }
    try pair.exchange()
    let paths = pair.server.heard.compactMap {
      if case .headers(_, let fields, _) = $0 { fields[2].valueText } else { nil }
    }
    #expect(paths == ["/the/same/path", "/the/same/path", "/the/same/path"])
  }

  @Test func largeRequestHeadersAreSplit() throws {
    let pair = try Pair()
    _ = pair.client.open([HeaderField("long", String(repeating: "\u{7F}", count: 40_000))])
    try pair.exchange()
    guard case .headers(_, let fields, _) = pair.server.heard.last else { throw NotHeard() }
    #expect(fields[0].value.count == 40_000)
  }

  struct NotHeard: Error {}

  @Test func pingsAreAnsweredAndOursAreMatched() throws {
    let pair = try Pair()
    PingFrame(opaque: 0x0204_1010_090E_0707).encode(to: &pair.server.output)
    FrameHeader(length: 3, type: .other(0xF0), flags: 0xFF, stream: StreamID(99)).encode(to: &pair.server.output)
    pair.server.output.append([1, 2, 3])
    try pair.exchange()
    #expect(pair.server.heard.last == .ping(PingFrame(isAcknowledgement: true, opaque: 0x0204_1010_090E_0707)))
    pair.client.ping()
    let opaque = try #require(pair.client.unansweredPing)
    PingFrame(isAcknowledgement: true, opaque: opaque &+ 1).encode(to: &pair.server.output)
    try pair.exchange()
    #expect(pair.client.unansweredPing == opaque)
    PingFrame(isAcknowledgement: true, opaque: opaque).encode(to: &pair.server.output)
    try pair.exchange()
    #expect(pair.client.unansweredPing == nil)
  }

  @Test func numbersRunOut() throws {
    let pair = try Pair()
    pair.client.nextStream = StreamID(StreamID.renewal.rawValue - 1)
    let last = pair.open()
    #expect(last.isSent && last.id == StreamID((1 << 30) - 1))
    #expect(!pair.client.acceptsStreams && pair.open().end == .refused)
  }

  @Test func ourWindowsAreRenewed() throws {
    let pair = try Pair()
    let stream = pair.open()
    pair.server.headers(1, ServerSide.head)
    try pair.exchange()
    _ = pair.server.takeHeard()
    for _ in 0..<300 {
      pair.server.data(1, [UInt8](repeating: 1, count: 16_000))
      try pair.exchange()
      stream.answer.consume(stream.answer.count)
      pair.client.replenish(stream)
    }
    try pair.exchange()
    let updates = pair.server.heard.compactMap { if case .windowUpdate(let frame) = $0 { frame } else { nil } }
    #expect(updates.contains { $0.stream == .connection } && updates.contains { $0.stream == StreamID(1) })
    let granted = updates.filter { $0.stream == StreamID(1) }.reduce(1 << 20) { $0 + $1.increment }
    #expect(granted >= 300 * 16_000 && granted <= 300 * 16_000 + (1 << 20))
  }
}
