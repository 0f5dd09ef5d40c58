// SPDX-License-Identifier: Apache-2.0
import MySQL
import Support
import Testing
import Wire

@Suite("Queries and prepared statements")
struct StatementTests {
  private static func row(_ id: UInt8, _ name: [UInt8]?) -> [UInt8] {
    var writer = ByteWriter()
    BinaryRow.encode([[id, 0, 0, 0], name], widths: [.fixed(4), .lengthEncoded], to: &writer)
    return writer.bytes.array
  }

  @Test("rows come as views, NULL too, and stop where the sink stops", arguments: [true, false])
  func rows(deprecatesEOF: Bool) throws {
    var server = try ScriptedServer.rows(deprecatesEOF: deprecatesEOF)
    server.say(payload: Self.row(1, Array("one".utf8)))
    server.say(payload: Self.row(2, nil))
    if deprecatesEOF {
      server.say(Reply.OK(endsRows: true, status: .autocommit))
    } else {
      server.say(Reply.EndOfFile())
    }
    var sink = ValueSink(pausesAfterEach: true)
    #expect(try server.session.drainRows(into: &sink) == .paused)
    #expect(try server.session.drainRows(into: &sink) == .paused)
    #expect(try server.session.drainRows(into: &sink) == .finished)
    #expect(sink.rows == [[[1, 0, 0, 0], Array("one".utf8)], [[2, 0, 0, 0], nil]])
    #expect(server.session.isReady && server.session.input.count == 0)
  }

  @Test("a row of several packets")
  func longRow() throws {
    let name = [UInt8](repeating: 9, count: PacketHeader.pieceBytesMax - 10)
    var server = try ScriptedServer.rows()
    server.say(payload: Self.row(1, name))
    server.say(payload: Self.row(2, name + name))
    var sink = ValueSink()
    #expect(try server.session.drainRows(into: &sink) == .needsInput)
    #expect(sink.rows == [[[1, 0, 0, 0], name], [[2, 0, 0, 0], name + name]])
  }

  @Test("an error among the rows is the server's, and the session goes on")
  func errorInRows() throws {
    var server = try ScriptedServer.rows()
    server.say(payload: Self.row(1, nil))
    server.say(Reply.Failure(number: 1317, sqlState: "70100", text: Array("interrupted".utf8)))
    var sink = ValueSink()
    let error = try #require(throws: DrainError<Never>.self) { try server.session.drainRows(into: &sink) }
    switch error {
    case .mysql(let error): #expect(error.server?.code == 1317)
    }
    #expect(sink.rows.count == 1 && server.session.isReady)
  }

  @Test("of several results the last one stays, and a result that is too large is refused when it has gone by")
  func results() throws {
    var server = try ScriptedServer.loggedIn()
    try server.session.beginQuery("CALL p()")
    server.hear()
    for (name, isLast) in [("a", false), ("b", true)] {
      server.say(Reply.ColumnCount(count: 1))
      server.say(Reply.ResultColumn(column: name, type: .varString))
      server.say(Reply.TextRow(values: [Array("value of \(name)".utf8)]))
      server.say(Reply.OK(endsRows: true, status: isLast ? [] : .moreResults))
    }
    var result = TextResult()
    #expect(try server.session.pollQuery(into: &result, resultBytesMax: 1000))
    #expect(result.columns == ["b"] && result.scalar == "value of b")
    #expect(result.text(row: 0, "B") == "value of b" && result.text(row: 1, "b") == nil)

    try server.session.beginQuery("SELECT 1")
    server.hear()
    server.say(Reply.ColumnCount(count: 1))
    server.say(Reply.ResultColumn(column: "a", type: .varString))
    server.say(Reply.TextRow(values: [[UInt8](repeating: 65, count: 1000)]))
    server.say(Reply.OK(endsRows: true))
    let error = try #require(throws: MySQLError.self) {
      try server.session.pollQuery(into: &result, resultBytesMax: 1000)
    }
    #expect(error.isRefused && server.session.isReady)
  }

  @Test("a command in the middle of another one, or with the wrong number of parameters, is refused here")
  func misuse() throws {
    let server = try ScriptedServer.rows()
    #expect(throws: MySQLError.self) { try server.session.beginPing() }
    var events = EventSink()
    #expect(throws: DrainError<EventSink.Stop>.self) { try server.session.drainBinlog(into: &events) }
    #expect(server.session.isAlive)
    let ready = try ScriptedServer.loggedIn()
    var rows = ValueSink()
    #expect(throws: DrainError<Never>.self) { try ready.session.drainRows(into: &rows) }
    #expect(ready.session.isReady)
  }

  @Test("parameters of all kinds encode to what decodes to them")
  func parameters() throws {
    let values: [StatementValue] = [
      .null, .integer(-5), .unsigned(.max), .double(1.5), .text("höhe"), .bytes([0, 255]), .null, .integer(.min), .null,
    ]
    var writer = ByteWriter()
    let execute = Command.StatementExecute(statementID: 7, parameters: values)
    execute.encode(to: &writer)
    #expect(try Command.StatementExecute(payload: writer.bytes, parameterCount: values.count) == execute)
    for size in 0..<writer.count {
      let short = writer.bytes.array.prefix(size)
      #expect(throws: WireError.self) {
        try Command.StatementExecute(payload: Array(short).span.bytes, parameterCount: values.count)
      }
    }
  }
}
