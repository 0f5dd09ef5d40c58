// SPDX-License-Identifier: Apache-2.0
import Support
import Testing
import Wire

@testable import Etcd

/// What no real server does on demand: S34, S38, S41.
@Suite struct EtcdScriptedTests {
  let body = TxnRequest(success: [.put(PutRequest(key: bytes("k"), value: bytes("v")))]).encoded

  final class Scene {
    let loop: PollLoop
    let server: ScriptedServer
    let client: EtcdClient

    init(
      greets: Bool = true, adjust: (inout EtcdConfiguration) -> Void = { _ in },
      _ onTurn: @escaping (ScriptedServer.Connection, [ServerSide.Heard]) -> Void
    ) throws {
      loop = try PollLoop()
      server = try ScriptedServer(loop: loop, greets: greets, onTurn: onTurn)
      var configuration = EtcdConfiguration(endpoints: [server.endpoint])
      adjust(&configuration)
      client = EtcdClient(configuration, loop: loop)
    }

    func settle(_ body: [UInt8], within limit: Duration = .seconds(5)) throws -> Result<TxnOutcome, EtcdError>? {
      try client.connect(deadline: .after(.seconds(5)))
      let call = try client.begin(transaction: body.span.bytes, deadline: .after(limit))
      return loop.pump(until: .after(.seconds(10))) { client.outcome(of: call) }
    }

    func failure(_ body: [UInt8], within limit: Duration = .seconds(5)) throws -> EtcdError {
      guard case .failure(let error)? = try settle(body, within: limit) else { throw NotFailed() }
      return error
    }
  }

  struct NotFailed: Error {}

  static func okay(revision: Int64 = 7) -> [UInt8] {
    TxnResponse(header: ResponseHeader(revision: revision), succeeded: true).encoded
  }

  @Test func outcomeOfATransaction() throws {
    let scene = try Scene { connection, heard in
      for stream in heard.finishedStreams { connection.side.answer(stream, Self.okay()) }
    }
    let outcome = try #require(try scene.settle(body)).get()
    #expect(outcome.succeeded && outcome.revision == 7 && outcome.response == Self.okay())
  }

  /// GOAWAY below the stream: it did not happen. A waiting call is made again on a new connection.
  @Test func goAwayBelowTheRequest() throws {
    let scene = try Scene { connection, heard in
      for stream in heard.finishedStreams {
        if connection.number == 0 {
          GoAwayFrame(lastStream: .connection, code: .noError).encode(to: &connection.side.output)
        } else {
          connection.side.answer(stream, PutResponse().encoded)
        }
      }
    }
    #expect(try !scene.failure(body).isOutcomeUnknown)
    _ = try scene.client.put(PutRequest(key: bytes("k"), value: []), deadline: .after(.seconds(5)))
    #expect(scene.client.connectionCount == 2)
  }

  /// GOAWAY that covers the stream, then the end of the connection: nobody knows.
  @Test func goAwayAboveTheRequest() throws {
    let scene = try Scene { connection, heard in
      guard !heard.finishedStreams.isEmpty else { return }
      GoAwayFrame(lastStream: StreamID(99), code: .enhanceYourCalm, debugData: Array("too_many_pings".utf8))
        .encode(to: &connection.side.output)
      let link = connection.link
      connection.side.output.withBytes { link.output.writer.append($0) }
      connection.side.output.clear()
      link.close()
    }
    let error = try scene.failure(body)
    #expect(error.isOutcomeUnknown && "\(error)".contains("too_many_pings"))
    #expect(!scene.client.isConnected)
  }

  /// GOAWAY that lets the request finish: a new connection does not cut it off.
  @Test func goAwayThatWaitsForTheRequest() throws {
    var isAnswering = false
    let scene = try Scene { connection, heard in
      guard connection.number == 0 else { return }
      for stream in heard.finishedStreams {
        connection.step = Int(stream)
        GoAwayFrame(lastStream: StreamID(stream), code: .noError).encode(to: &connection.side.output)
      }
      if isAnswering, connection.step > 0 {
        connection.side.answer(UInt32(connection.step), Self.okay())
        connection.step = 0
      }
    }
    try scene.client.connect(deadline: .after(.seconds(5)))
    let call = try scene.client.begin(transaction: body.span.bytes, deadline: .after(.seconds(5)))
    _ = scene.loop.pump(until: .after(.seconds(5))) {
      scene.client.advance()
      return scene.client.isConnected ? nil : true
    }
    try scene.client.connect(deadline: .after(.seconds(5)))
    #expect(scene.client.isConnected && scene.client.connectionCount == 2)
    isAnswering = true
    let outcome = scene.loop.pump(until: .after(.seconds(5))) { scene.client.outcome(of: call) }
    #expect(try #require(outcome).get().revision == 7)
    #expect(scene.client.isConnected)
  }

  /// What goes wrong on a connection that was given up says nothing about the one that took its place.
  @Test func theOldConnectionDoesNotTakeTheNewOneWithIt() throws {
    let scene = try Scene { connection, heard in
      guard connection.number == 0 else { return }
      for stream in heard.finishedStreams {
        GoAwayFrame(lastStream: StreamID(stream), code: .noError).encode(to: &connection.side.output)
      }
    }
    try scene.client.connect(deadline: .after(.seconds(5)))
    let call = try scene.client.begin(transaction: body.span.bytes, deadline: .after(.milliseconds(500)))
    _ = scene.loop.pump(until: .after(.seconds(5))) {
      scene.client.advance()
      return scene.client.isConnected ? nil : true
    }
    try scene.client.connect(deadline: .after(.seconds(5)))
    #expect(scene.client.connectionCount == 2)
    let outcome = scene.loop.pump(until: .after(.seconds(5))) { scene.client.outcome(of: call) }
    #expect(throws: EtcdError.self) { try #require(outcome).get() }
    #expect(scene.client.isConnected)
  }

  /// A write that waits for a token which is not given has not been sent, whatever became of the question.
  @Test(arguments: ["reset", "silence", "timed out"]) func lostOnTheWayToAToken(_ how: String) throws {
    let scene = try Scene(adjust: {
      $0.username = "u"
      $0.password = { "p" }
      $0.requestTimeout = .milliseconds(200)
    }) { connection, heard in
      for stream in heard.finishedStreams {
        #expect(heard.path(of: stream) == AuthenticateRequest.path)
        switch how {
        case "reset":
          ResetStreamFrame(stream: StreamID(stream), code: .internalError).encode(to: &connection.side.output)
        case "timed out": connection.side.answer(stream, [], status: 14, words: "etcdserver: request timed out")
        default: break
        }
      }
    }
    let error = #expect(throws: EtcdError.self) {
      try scene.client.put(PutRequest(key: bytes("k"), value: []), deadline: .after(.milliseconds(500)))
    }
    #expect(error?.isOutcomeUnknown == false, "\(error.map { "\($0)" } ?? "")")
  }

  /// A call that is not answered in time does not take the transaction under way with it.
  @Test func transactionsOutliveTheDeadlinesOfOthers() throws {
    var held: UInt32?
    let scene = try Scene { connection, heard in
      for stream in heard.finishedStreams where heard.path(of: stream) == TxnRequest.path { held = stream }
      if connection.step == 1, let stream = held {
        connection.side.answer(stream, Self.okay())
        held = nil
      }
    }
    try scene.client.connect(deadline: .after(.seconds(5)))
    let call = try scene.client.begin(transaction: body.span.bytes, deadline: .after(.seconds(5)))
    #expect(throws: EtcdError.self) { try scene.client.status(deadline: .after(.milliseconds(200))) }
    scene.server.connections[0].step = 1
    let outcome = scene.loop.pump(until: .after(.seconds(5))) { scene.client.outcome(of: call) }
    #expect(try #require(outcome).get().revision == 7)
    #expect(scene.client.connectionCount == 1)
  }

  /// A refused write is sent again, a reset one is not.
  @Test(arguments: [HTTP2ErrorCode.refusedStream, .internalError]) func resets(_ code: HTTP2ErrorCode) throws {
    let scene = try Scene { connection, heard in
      for stream in heard.finishedStreams {
        connection.step += 1
        if connection.step == 1 {
          ResetStreamFrame(stream: StreamID(stream), code: code).encode(to: &connection.side.output)
        } else {
          connection.side.answer(stream, PutResponse(header: ResponseHeader(revision: 3)).encoded)
        }
      }
    }
    let put = PutRequest(key: bytes("k"), value: [])
    if code == .refusedStream {
      #expect(try scene.client.put(put, deadline: .after(.seconds(5))).header.revision == 3)
    } else {
      let error = #expect(throws: EtcdError.self) { try scene.client.put(put, deadline: .after(.seconds(5))) }
      #expect(error?.isOutcomeUnknown == true)
    }
    #expect(scene.client.connectionCount == 1)
  }

  /// The server says no before the request has been sent in full.
  @Test func refusedWhileSending() throws {
    let scene = try Scene(greets: false) { connection, heard in
      if connection.step == 0 { connection.side.settings([.init(.initialWindowSize, 10)]); connection.step = 1 }
      for case .headers(let stream, _, _) in heard {
        connection.side.answer(stream.rawValue, [], status: 3, words: "etcdserver: request is too large")
      }
    }
    let error = try scene.failure([UInt8](repeating: 1, count: 100_000))
    #expect(error.fault == .requestTooLarge && !error.isOutcomeUnknown)
  }

  /// S38 in one: one stream at a time and a window of one byte; a lease is kept all the same.
  @Test func oneStreamAndOneByte() throws {
    let scene = try Scene(greets: false) { connection, heard in
      if connection.step == 0 {
        connection.side.settings([.init(.maxConcurrentStreams, 1), .init(.initialWindowSize, 1)])
        connection.step = 1
      }
      for case .data(let stream, let bytes, let ends) in heard {
        for _ in bytes { connection.side.windowUpdate(stream.rawValue, 1) }
        if ends {
          connection.side.answer(
            stream.rawValue,
            stream.rawValue % 4 == 1
              ? Self.okay()
              : LeaseKeepAliveResponse(id: 5, timeToLiveSeconds: 9).encoded)
        }
      }
    }
    let keeper = scene.client.keepAlive(lease: 5)
    for _ in 0..<3 {
      #expect(try #require(try scene.settle(body)).get().succeeded)
      let before = keeper.answeredAt
      keeper.renew()
      #expect(
        scene.loop.pump(until: .after(.seconds(5))) {
          scene.client.advance()
          return keeper.answeredAt == before ? nil : true
        } == true)
    }
    #expect(keeper.timeToLiveSeconds == 9)
  }

  /// A server that accepts and says nothing, or says HTTP/1, or ends.
  @Test(arguments: [("", "time"), ("HTTP/1.0 400 Bad Request\r\n\r\n", "HTTP/1"), ("\u{15}\u{03}\u{03}", "https")])
  func notHTTP2(_ words: String, _ expected: String) throws {
    let scene = try Scene(greets: false) { connection, _ in
      if connection.step == 0 { connection.say(Array(words.utf8)) }
      connection.step = 1
    }
    let error = #expect(throws: EtcdError.self) { try scene.client.connect(deadline: .after(.milliseconds(300))) }
    let text = error.map { "\($0)" } ?? ""
    #expect(text.contains(scene.server.endpoint) && text.contains(expected), "\(text)")
  }

  /// S41: length fields that no message has, garbage, silence, and answers that are none.
  @Test(arguments: [
    "length 2^31-1", "compressed", "flag 7", "no status", "status 99", "HTTP 502", "two messages", "no message",
    "garbage", "silence", "half a message", "bad protobuf",
  ])
  func answersThatAreNone(_ what: String) throws {
    let scene = try Scene { connection, heard in
      let side = connection.side
      for stream in heard.finishedStreams {
        if what == "HTTP 502" {
          side.headers(stream, [HeaderField(":status", "502"), HeaderField("content-type", "text/html")], ends: true)
          continue
        }
        if what != "silence" { side.headers(stream, ServerSide.head) }
        switch what {
        case "length 2^31-1": side.data(stream, [0, 0x7F, 0xFF, 0xFF, 0xFF, 1, 2, 3])
        case "compressed": side.data(stream, [1, 0, 0, 0, 1, 0])
        case "flag 7": side.data(stream, [7, 0, 0, 0, 0])
        case "no status": side.headers(stream, [HeaderField("x", "y")], ends: true)
        case "status 99": side.headers(stream, [HeaderField("grpc-status", "99")], ends: true)
        case "two messages":
          side.data(stream, ServerSide.framed(Self.okay()) + ServerSide.framed(Self.okay()))
        case "no message": side.headers(stream, [HeaderField("grpc-status", "0")], ends: true)
        case "garbage": connection.say([UInt8](repeating: 0xEE, count: 100))
        case "half a message": side.data(stream, [0, 0, 0, 0, 9, 1])
        case "bad protobuf": side.data(stream, ServerSide.framed([0x0A, 0x7F, 1]))
        default: break
        }
      }
    }
    let error = try scene.failure(body, within: .milliseconds(500))
    #expect(error.isOutcomeUnknown, "\(error)")
  }

  /// A server that answers a byte at a time.
  @Test func oneByteATime() throws {
    var pending: [UInt8] = []
    let scene = try Scene { connection, heard in
      let side = connection.side
      for stream in heard.finishedStreams { side.answer(stream, Self.okay()) }
      side.output.withBytes { pending += $0.array }
      side.output.clear()
      if !pending.isEmpty { side.output.append(pending.removeFirst()) }
    }
    #expect(try #require(try scene.settle(body)).get().revision == 7)
  }

  @Test func requestsCarryWhatTheyMust() throws {
    var request: [HeaderField] = []
    let scene = try Scene { connection, heard in
      for case .headers(_, let fields, _) in heard { request = fields }
      for stream in heard.finishedStreams { connection.side.answer(stream, Self.okay()) }
    }
    _ = try scene.settle(body)
    func value(_ name: String) -> String? { request.first { $0.isNamed(name) }?.valueText }
    #expect(value(":path") == "/etcdserverpb.KV/Txn" && value(":scheme") == "http" && value("te") == "trailers")
    #expect(value("hasleader") == "true" && value(":authority") == scene.server.endpoint)
    let timeout = try #require(value("grpc-timeout"))
    #expect(timeout.hasSuffix("m") && (4900...5000).contains(Int(timeout.dropLast()) ?? 0))
  }
}
