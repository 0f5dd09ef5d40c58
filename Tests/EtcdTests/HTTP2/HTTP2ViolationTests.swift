// SPDX-License-Identifier: Apache-2.0
import Support
import Testing
import Wire

@testable import Etcd

/// Bytes that break a rule: the connection ends with the right code, says GOAWAY, and never traps.
@Suite struct HTTP2ViolationTests {
  /// What, the frames after the greeting and stream 1, and the code.
  static let violations: [(String, String, HTTP2ErrorCode)] = [
    ("frame above the maximum", "004001 00 00 00000001", .frameSizeError),
    ("length 2^24-1", "ffffff 00 00 00000001", .frameSizeError),
    ("DATA on stream 0", "000001 00 00 00000000 00", .protocolError),
    ("DATA on an idle stream", "000001 00 00 00000063 00", .protocolError),
    ("DATA on a stream of the server's", "000001 00 00 00000002 00", .protocolError),
    ("padding as long as the payload", "000002 00 08 00000001 0200", .protocolError),
    ("padded without a length", "000000 00 08 00000001", .frameSizeError),
    ("HEADERS on stream 0", "000001 01 04 00000000 88", .protocolError),
    ("HEADERS too short for its priority", "000003 01 24 00000001 000000", .frameSizeError),
    ("a header block that is none", "000001 01 04 00000001 80", .compressionError),
    ("PRIORITY of 4", "000004 02 00 00000001 00000000", .frameSizeError),
    ("RST_STREAM of 3", "000003 03 00 00000001 000000", .frameSizeError),
    ("RST_STREAM on stream 0", "000004 03 00 00000000 00000000", .protocolError),
    ("RST_STREAM on an idle stream", "000004 03 00 00000063 00000000", .protocolError),
    ("SETTINGS of 5", "000005 04 00 00000000 0000000000", .frameSizeError),
    ("SETTINGS on a stream", "000000 04 00 00000001", .protocolError),
    ("SETTINGS ack with content", "000006 04 01 00000000 000100000000", .frameSizeError),
    ("ENABLE_PUSH 1", "000006 04 00 00000000 000200000001", .protocolError),
    ("INITIAL_WINDOW_SIZE 2^31", "000006 04 00 00000000 000480000000", .flowControlError),
    ("MAX_FRAME_SIZE 3", "000006 04 00 00000000 000500000003", .protocolError),
    ("MAX_FRAME_SIZE 2^24", "000006 04 00 00000000 000501000000", .protocolError),
    ("PUSH_PROMISE", "000005 05 04 00000001 0000000288", .protocolError),
    ("PING of 7", "000007 06 00 00000000 00000000000000", .frameSizeError),
    ("PING on a stream", "000008 06 00 00000001 0000000000000000", .protocolError),
    ("GOAWAY of 7", "000007 07 00 00000000 00000000000000", .frameSizeError),
    ("GOAWAY on a stream", "000008 07 00 00000001 0000000000000000", .protocolError),
    ("WINDOW_UPDATE of 3", "000003 08 00 00000000 000000", .frameSizeError),
    ("WINDOW_UPDATE of 0 for the connection", "000004 08 00 00000000 00000000", .protocolError),
    ("connection window above 2^31-1", "000004 08 00 00000000 7fffffff", .flowControlError),
    ("CONTINUATION alone", "000001 09 04 00000001 88", .protocolError),
    ("another frame inside a block", "000001 01 00 00000001 88 000008 06 00 00000000 0000000000000000", .protocolError),
    ("CONTINUATION of another stream", "000001 01 00 00000001 88 000001 09 04 00000003 88", .protocolError),
  ]

  @Test(arguments: violations.indices) func endsTheConnection(_ index: Int) throws {
    let (what, frames, code) = Self.violations[index]
    let pair = try Pair()
    let stream = pair.open()
    try pair.exchange()
    pair.server.output.append(bytes(hex: frames))
    let error = #expect(throws: HTTP2Error.self, "\(what)") { try pair.exchange() }
    #expect(error?.code == code, "\(what): \(error.map { "\($0)" } ?? "")")
    try pair.deliver()
    #expect(pair.server.heard.last == .goAway(GoAwayFrame(lastStream: .connection, code: code)))
    #expect(stream.end == .connectionLost && !pair.client.acceptsStreams)
  }

  @Test func floodOfContinuationsIsBounded() throws {
    let pair = try Pair()
    _ = pair.open()
    try pair.exchange()
    let block: [UInt8] = [0x88]
    HeadersFrame(stream: StreamID(1), endsStream: false, endsHeaders: false, fragment: block.span.bytes)
      .encode(to: &pair.server.output)
    for _ in 0..<100 {
      ContinuationFrame(stream: StreamID(1), endsHeaders: false, fragment: block.span.bytes.extracting(0..<0))
        .encode(to: &pair.server.output)
    }
    let error = #expect(throws: HTTP2Error.self) { try pair.exchange() }
    #expect(error?.code == .enhanceYourCalm)
  }

  /// A peer that asks for answers and does not read them.
  @Test func unreadAnswersDoNotFillMemory() throws {
    let pair = try Pair()
    var pings = ByteWriter()
    for number in 0..<10_000 { PingFrame(opaque: UInt64(number)).encode(to: &pings) }
    for _ in 0..<150 {
      pair.client.input.append(pings.bytes)
      try pair.client.process()
    }
    #expect(pair.client.output.count <= HTTP2Limits().outputBytesMax + 100)
    #expect(pair.client.input.count > 0)
  }

  /// What concerns one stream ends that stream only.
  @Test(arguments: ["data before headers", "no status", "headers in the middle", "beyond the window", "update of 0"])
  func malformedAnswersEndTheirStreamOnly(_ what: String) throws {
    let pair = try Pair()
    let stream = pair.open()
    let other = pair.open()
    try pair.exchange()
    switch what {
    case "data before headers": pair.server.data(1, [1])
    case "no status": pair.server.headers(1, [HeaderField("a", "b")])
    case "headers in the middle":
      pair.server.headers(1, ServerSide.head)
      pair.server.headers(1, ServerSide.head)
    case "beyond the window":
      pair.server.headers(1, ServerSide.head)
      for _ in 0..<65 { pair.server.data(1, [UInt8](repeating: 0, count: 16_384)) }
    default: pair.server.windowUpdate(1, 0)
    }
    try pair.exchange()
    guard case .malformed = stream.end else { throw Unexpected() }
    #expect(other.end == nil && pair.client.failure == nil)
    #expect(
      pair.server.heard.contains { if case .reset(let frame) = $0 { frame.stream == StreamID(1) } else { false } })
    pair.server.answer(3, [])
    // Frames for the stream that was given back are passed over.
    pair.server.data(1, [1, 2, 3])
    try pair.exchange()
    #expect(pair.client.failure == nil)
  }

  struct Unexpected: Error {}

  @Test(arguments: [
    ("HTTP/1.1 400 Bad Request\r\n\r\n", "HTTP/1"), ("\u{15}\u{03}\u{01}\0\u{02}", "https"),
    ("SSH-2.0-OpenSSH_9.2\r\n", "frame header"),
  ])
  func strangersAreNamed(_ greeting: String, _ word: String) {
    let client = HTTP2Connection(input: ReceiveBuffer(), output: SendBuffer())
    let bytes = Array(greeting.utf8)
    client.input.append(bytes.span.bytes)
    let error = #expect(throws: HTTP2Error.self) { try client.process() }
    #expect("\(error.map { "\($0)" } ?? "")".contains(word))
  }

  @Test func firstFrameMustBeSettings() throws {
    let client = HTTP2Connection(input: ReceiveBuffer(), output: SendBuffer())
    let ping = bytes(hex: "000008 06 00 00000000 0000000000000000")
    client.input.append(ping.span.bytes)
    #expect(throws: HTTP2Error.self) { try client.process() }
  }

  @Test func randomBytesNeverTrap() throws {
    var generator = SeededGenerator(seed: SeededGenerator.ofThisRun)
    for _ in 0..<2000 {
      let pair = try Pair()
      _ = pair.open()
      try pair.exchange()
      for _ in 0..<6 {
        // A valid header, so that the payload is looked at.
        let count = Int.random(in: 0...40, using: &generator)
        FrameHeader(
          length: count, type: FrameType(UInt8.random(in: 0...10, using: &generator)),
          flags: UInt8.random(in: 0 ... .max, using: &generator),
          stream: StreamID(UInt32.random(in: 0...3, using: &generator))
        ).encode(to: &pair.server.output)
        for _ in 0..<count { pair.server.output.append(UInt8.random(in: 0 ... .max, using: &generator)) }
      }
      do { try pair.exchange() } catch {}
    }
  }
}
