// SPDX-License-Identifier: Apache-2.0
import Support
import Testing
import Wire

@testable import Etcd

@Suite struct GRPCCallTests {
  func call(on pair: Pair, messageBytesMax: Int = 8 << 20) -> GRPCCall {
    GRPCCall(on: pair.client, path: "/p", scheme: "http", authority: "a", messageBytesMax: messageBytesMax)
  }

  @Test(arguments: DripFeed.all) func messagesThenStatus(_ feed: DripFeed) throws {
    let pair = try Pair()
    let call = call(on: pair)
    call.send([UInt8]().span.bytes, last: true)
    try pair.exchange()
    #expect(pair.server.body(of: 1) == [0, 0, 0, 0, 0])
    let messages: [[UInt8]] = [[], [1], [UInt8](repeating: 2, count: 5000)]
    pair.server.headers(1, ServerSide.head)
    for message in messages { pair.server.data(1, ServerSide.framed(message)) }
    pair.server.headers(
      1, [HeaderField("grpc-status", "5"), HeaderField("grpc-message", "a%20%C3%BC%zz%")], ends: true)
    let said = pair.server.output.withBytes { $0.array }
    var heard: [[UInt8]] = []
    try feed.feed(said, into: pair.client.input) {
      try pair.client.process()
      while let message = try call.next({ $0.array }) { heard.append(message) }
    }
    #expect(heard == messages)
    #expect(call.end == .status(GRPCStatus(code: .notFound, message: "a ü%zz%")))
  }

  /// A message far above the stream's window: the window follows what the prefix announces, and no further.
  @Test func largeMessagesGetTheirWindow() throws {
    let pair = try Pair()
    let call = call(on: pair)
    try pair.exchange()
    let message = [UInt8](repeating: 7, count: 5 << 20)
    var rest = ServerSide.framed(message)[...]
    pair.server.headers(1, ServerSide.head)
    var window = 1 << 20
    var turns = 0
    while !rest.isEmpty, turns < 10_000 {
      turns += 1
      let size = min(rest.count, window, 16_384)
      if size > 0 {
        pair.server.data(1, Array(rest.prefix(size)))
        rest = rest.dropFirst(size)
        window -= size
      }
      try pair.exchange()
      #expect(try call.next({ $0.byteCount }) == (rest.isEmpty ? message.count : nil))
      try pair.exchange()
      for case .windowUpdate(let update) in pair.server.takeHeard() where update.stream == StreamID(1) {
        window += update.increment
      }
      #expect(window <= (6 << 20) + 5)
    }
    #expect(rest.isEmpty)
  }

  @Test(arguments: [
    [0, 0, 0, 0, 101], [0, 0x7F, 0xFF, 0xFF, 0xFF], [0, 0xFF, 0xFF, 0xFF, 0xFF], [1, 0, 0, 0, 1], [2],
  ])
  func prefixesThatAreRefused(_ prefix: [UInt8]) throws {
    let pair = try Pair()
    let call = call(on: pair, messageBytesMax: 100)
    try pair.exchange()
    pair.server.headers(1, ServerSide.head)
    pair.server.data(1, prefix + [UInt8](repeating: 0, count: 8))
    try pair.exchange()
    #expect(throws: WireError.self) { try call.next { $0.array } }
    try pair.exchange()
    guard case .violation = call.end else { throw Unexpected() }
    #expect(pair.server.heard.last == .reset(ResetStreamFrame(stream: StreamID(1), code: .cancel)))
    #expect(pair.client.failure == nil)
  }

  struct Unexpected: Error {}

  @Test func trailersOnly() throws {
    let pair = try Pair()
    let call = call(on: pair)
    try pair.exchange()
    pair.server.answer(1, [], status: 3, words: "etcdserver: duplicate key given in txn request")
    try pair.exchange()
    #expect(try call.next { $0.array } == nil)
    guard case .status(let status) = call.end else { throw Unexpected() }
    #expect(EtcdError.status(code: status.code, message: status.message).fault == .duplicateKey)
  }
}

@Suite struct GRPCTimeoutTests {
  @Test(arguments: [
    (Duration.milliseconds(1500), "1500m"), (.zero, "1m"), (.nanoseconds(5), "1m"), (.seconds(99_999), "99999000m"),
    (.seconds(100_000), "100000S"), (.seconds(Int64.max / 2), "99999999S"), (.seconds(-3), "1m"),
  ])
  func hasAtMostEightDigits(_ duration: Duration, _ text: String) {
    #expect(GRPCTimeout.text(duration) == text)
  }
}

@Suite struct GRPCStatusCodeTests {
  @Test func numbersAreThoseOfGRPC() {
    #expect((0...16).map { GRPCStatusCode($0).rawValue } == Array(0...16))
    #expect(GRPCStatusCode(3) == .invalidArgument && GRPCStatusCode(14) == .unavailable)
    #expect(GRPCStatusCode(99) == .other(99) && "\(GRPCStatusCode(16))" == "UNAUTHENTICATED")
  }
}
