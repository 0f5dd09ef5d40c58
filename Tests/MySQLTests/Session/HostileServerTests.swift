// SPDX-License-Identifier: Apache-2.0
import MySQL
import Support
import Testing
import Wire

@Suite("S41 servers that break the protocol")
struct HostileServerTests {
  /// The error that our session ends with.
  private func end(_ server: ScriptedServer, _ poll: (MySQLSession) throws -> Void) throws -> MySQLError {
    let error = try #require(throws: MySQLError.self) { try poll(server.session) }
    #expect("\(error)".contains("scripted:3306"))
    #expect(!"\(error)".contains("secret-word"))
    #expect(!server.session.isAlive, "\(error)")
    return error
  }

  @Test(
    "instead of a handshake: lengths of 0 and 3, 16 MiB, another protocol, a wrong number",
    arguments: [
      [0, 0, 0, 0], [3, 0, 0, 0, 1, 2, 3], [0xFF, 0xFF, 0xFF, 0], Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8),
      [1, 0, 0, 9, 10], [5, 0, 0, 0, 10, 57, 46, 55, 0], [1, 0, 0, 0, 10],
    ] as [[UInt8]])
  func handshake(bytes: [UInt8]) throws {
    let server = try ScriptedServer()
    server.session.input.append(bytes.span.bytes)
    let error = try end(server) { _ = try $0.pollHandshake() }
    #expect(error.isMalformed, "\(error)")
  }

  @Test("a server that is full says so before it knows us, without an SQLSTATE")
  func full() throws {
    var server = try ScriptedServer()
    server.say(payload: [0xFF, 0x10, 0x04] + Array("Too many connections".utf8))
    let error = try end(server) { _ = try $0.pollHandshake() }
    #expect(error.server == ServerError(code: 1040, sqlState: "HY000", message: "Too many connections"))
  }

  @Test("a server that knows no plugins is too old")
  func old() throws {
    var server = try ScriptedServer()
    server.say(
      Login.Handshake(
        serverVersion: "5.1.73", connectionID: 1, pluginData: Array(1...20) + [0],
        capabilities: [.protocol41, .secureConnection], collation: 8, status: [], plugin: ""))
    let error = try end(server) { _ = try $0.pollHandshake() }
    #expect(error.isRefused && "\(error)".contains("5.1.73"))
  }

  @Test("each truncated message of a login, and what is left over behind one")
  func truncated() throws {
    let messages: [[UInt8]] = [
      [0], [0, 0, 0], [0, 0, 0, 2, 0, 0], [0, 0xFC], [0xFF], [0xFF, 1], [0xFF, 1, 2, 0x23, 0x32], [0xFE], [0xFE, 0x61],
      [], [0x02, 1],
    ]
    for message in messages {
      var server = try ScriptedServer()
      try server.greet()
      server.say(payload: message)
      let error = try end(server) { _ = try $0.pollLogin() }
      #expect(error.isMalformed || error.isUnexpected || error.isRefused, "\(error)")
    }
  }

  @Test("a packet that skips a number", arguments: [0, 1, 3, 255] as [UInt8])
  func outOfOrder(sequence: UInt8) throws {
    var server = try ScriptedServer()
    try server.greet()
    server.sequence = sequence
    server.say(Reply.OK())
    #expect(try end(server) { _ = try $0.pollLogin() }.isMalformed)
  }

  @Test("of who has not shown who they are, 1 MiB at most is awaited")
  func longLogin() throws {
    var server = try ScriptedServer()
    try server.greet()
    server.say(raw: [0, 0, 0x20, server.sequence])
    #expect(try end(server) { _ = try $0.pollLogin() }.isMalformed)
  }

  @Test("one that asks for a file of ours")
  func localInfile() throws {
    var server = try ScriptedServer.loggedIn()
    try server.session.beginQuery("SELECT 1")
    server.hear()
    server.say(payload: [0xFB] + Array("/etc/passwd".utf8))
    var result = TextResult()
    let error = try end(server) { _ = try $0.pollQuery(into: &result, resultBytesMax: 1000) }
    #expect(error.isRefused)
    #expect(server.hear().isEmpty)
  }

  @Test(
    "results that do not hold together",
    arguments: [
      [[0]], [[0xFE, 0, 0]], [[2], [1]], [[1], Reply.ResultColumn(column: "a", type: .long).payload([]), [5, 1]],
      [[1], Reply.ResultColumn(column: "a", type: .long).payload([]), [1, 49, 1, 50]],
      [[1], Reply.ResultColumn(column: "a", type: .long).payload([]), [0xFE]],
      [[0xFD, 1, 0, 1]], [[0xFE] + [UInt8](repeating: 0xFF, count: 8)],
    ] as [[[UInt8]]])
  func results(payloads: [[UInt8]]) throws {
    var server = try ScriptedServer.loggedIn()
    try server.session.beginQuery("SELECT 1")
    server.hear()
    for payload in payloads { server.say(payload: payload) }
    var result = TextResult()
    #expect(try end(server) { _ = try $0.pollQuery(into: &result, resultBytesMax: 1000) }.isMalformed)
  }

  @Test(
    "rows of the binary protocol that do not hold together",
    arguments: [
      [], [0], [0, 0], [0, 0, 1, 0, 0], [0, 0, 1, 0, 0, 0, 0xFC], [0, 0, 1, 0, 0, 0, 3, 65], [0, 0, 1, 0, 0, 0, 0, 0],
      [0, 4], [0, 0, 1, 0, 0, 0, 0xFB], [0, 0, 1, 0, 0, 0, 0xFE, 255, 255, 255, 255, 255, 255, 255, 127], [7],
    ] as [[UInt8]])
  func rows(payload: [UInt8]) throws {
    var server = try ScriptedServer.rows()
    server.say(payload: payload)
    var sink = ValueSink()
    #expect(throws: DrainError<Never>.self) { try server.session.drainRows(into: &sink) }
    #expect(!server.session.isAlive && sink.rows.isEmpty)
  }

  @Test("what an idle session is told is why the next command fails, and the session ends")
  func idleError() throws {
    var server = try ScriptedServer.loggedIn()
    server.sequence = 0
    server.say(Reply.Failure(number: 4031, sqlState: "HY000", text: Array("The client was disconnected".utf8)))
    try server.session.beginPing()
    let error = try end(server) { _ = try $0.pollCommand() }
    #expect(error.server?.code == 4031)
  }

  @Test("the same in a compressed frame", arguments: [true, false])
  func idleErrorInFrame(isError: Bool) throws {
    let server = try ScriptedServer.loggedIn(compression: .zlib)
    let failure = Reply.Failure(number: 4031, sqlState: "HY000", text: Array("The client was disconnected".utf8))
    var packet = ByteWriter()
    var sequence: UInt8 = 0
    let payload = isError ? failure.payload([]) : Reply.OK().payload([])
    packet.append(packets: payload.span.bytes, sequence: &sequence)
    var writer = ByteWriter()
    var frame: UInt8 = 0
    writer.append(frames: packet.bytes, sequence: &frame)
    try server.session.beginPing()
    server.session.input.append(writer.bytes)
    let error = try end(server) { _ = try $0.pollCommand() }
    #expect(isError ? error.server?.code == 4031 : error.isMalformed)
  }

  @Test("random bytes in every state: an error or more input, never a trap")
  func garbage() throws {
    var generator = SeededGenerator(seed: SeededGenerator.ofThisRun)
    for _ in 0..<300 {
      for state in 0..<4 {
        var server = try state == 0 ? ScriptedServer() : state == 3 ? .rows() : .loggedIn()
        if state == 1 { try server.session.beginQuery("SELECT 1") }
        if state == 2 { try server.session.beginPrepare("SELECT 1") }
        server.hear()
        var sequence = server.sequence
        for _ in 0..<8 {
          let payload = (0..<Int.random(in: 0..<24, using: &generator)).map { _ in
            // Small numbers make more of the messages valid for a while.
            UInt8.random(in: 0...(Bool.random(using: &generator) ? 3 : 255), using: &generator)
          }
          var writer = ByteWriter()
          writer.append(packets: payload.span.bytes, sequence: &sequence)
          server.session.input.append(writer.bytes)
        }
        var result = TextResult()
        var sink = ValueSink()
        for _ in 0..<8 where server.session.isAlive {
          switch state {
          case 0: _ = try? server.session.pollHandshake()
          case 1: _ = try? server.session.pollQuery(into: &result, resultBytesMax: 1000)
          case 2: _ = try? server.session.pollPrepare()
          default: _ = try? server.session.drainRows(into: &sink)
          }
        }
      }
    }
  }
}

extension ScriptedServer {
  /// With a session that reads rows of an INT and a VARCHAR.
  static func rows(deprecatesEOF: Bool = true) throws -> ScriptedServer {
    var server = try ScriptedServer.loggedIn(deprecatesEOF: deprecatesEOF)
    let columns = [
      Reply.ResultColumn(column: "id", type: .long), Reply.ResultColumn(column: "name", type: .varString),
    ]
    try server.session.beginPrepare("SELECT id, name FROM t WHERE id > ?")
    server.hear()
    server.say(Reply.Prepared(statementID: 3, columnCount: 2, parameterCount: 1))
    server.say(Reply.ResultColumn(column: "?", type: .longLong))
    if !deprecatesEOF { server.say(Reply.EndOfFile()) }
    for column in columns { server.say(column) }
    if !deprecatesEOF { server.say(Reply.EndOfFile()) }
    let statement = try #require(try server.session.pollPrepare())
    #expect(statement.columns.map(\.name) == ["id", "name"])
    try server.session.beginRows(statement, [.integer(5)])
    server.hear()
    server.say(Reply.ColumnCount(count: 2))
    for column in columns { server.say(column) }
    if !deprecatesEOF { server.say(Reply.EndOfFile()) }
    #expect(try server.session.pollRowsStart())
    return server
  }
}
