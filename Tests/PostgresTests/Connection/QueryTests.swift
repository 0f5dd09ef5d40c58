// SPDX-License-Identifier: Apache-2.0
import Postgres
import Support
import Testing
import Wire

@Suite("Simple queries with real servers")
struct QueryTests {
  @Test("rows, nulls, an error that names itself, and the session goes on", arguments: serverNames)
  func query(server: String) throws {
    let database = try TestPostgres.shared(server).createDatabase()
    let connection = try database.open()
    let result = try connection.query("SELECT 1 AS a, NULL AS b, 'ü€' AS c", deadline: .soon)
    #expect(result.columns.map(\.name) == ["a", "b", "c"])
    #expect(result.rows == [["1", nil, "ü€"]])
    #expect(result.commandTag == "SELECT 1")
    #expect(try "\(connection.serverVersion)" == connection.query("SHOW server_version_num", deadline: .soon).scalar)

    let error = try #require(throws: PostgresError.self) { try connection.query("SELECT 1/0", deadline: .soon) }
    #expect(error.sqlState == "22012")
    #expect(error.server?.severity == "ERROR")
    #expect(error.description.contains("127.0.0.1:\(database.postgres.server.port)"))
    #expect(connection.isOpen)

    try connection.query(
      "CREATE TABLE t (id int CONSTRAINT positive CHECK (id > 0)); INSERT INTO t VALUES (1)", deadline: .soon)
    let violation = try #require(throws: PostgresError.self) {
      try connection.query("INSERT INTO t VALUES (-1)", deadline: .soon)
    }
    #expect(violation.server?.constraint == "positive")
    #expect(violation.server?.table == "t")
    #expect(violation.server?.schema == "public")
    #expect(violation.server?.detail?.contains("-1") == true)
    let position = try #require(throws: PostgresError.self) { try connection.query("SELECT nosuch", deadline: .soon) }
    #expect(position.server?.position == 8)
    #expect(try connection.query("SELECT count(*) FROM t", deadline: .soon).scalar == "1")
    #expect(try connection.query("", deadline: .soon).rows.isEmpty)
    connection.close()
  }

  @Test("a result above the limit is refused and the session goes on")
  func limit() throws {
    let connection = try TestPostgres.shared().createDatabase().open()
    #expect(throws: PostgresError.self) {
      try connection.query(
        "SELECT repeat('x', 1000) FROM generate_series(1, 1000)", deadline: .soon, resultBytesMax: 100_000)
    }
    #expect(try connection.query("SELECT 1", deadline: .soon).scalar == "1")
  }

  @Test("a deadline that passes is an error that says what was awaited, and closes")
  func deadline() throws {
    let connection = try TestPostgres.shared().createDatabase().open()
    let error = try #require(throws: PostgresError.self) {
      try connection.query("SELECT pg_sleep(30)", deadline: .after(.milliseconds(200)))
    }
    guard case .timedOut = error.reason else {
      Issue.record("\(error)")
      return
    }
    #expect(!connection.isOpen)
  }

  @Test("a message above a link's high-water mark arrives all the same")
  func largeValue() throws {
    let connection = try TestPostgres.shared().createDatabase().open()
    let result = try connection.query("SELECT repeat('x', 5000000)", deadline: .soon)
    #expect(result.scalar?.utf8.count == 5_000_000)
  }

  @Test("an administrator's kill is the server's own words")
  func killed() throws {
    let database = try TestPostgres.shared().createDatabase()
    let connection = try database.open()
    try database.psql("SELECT pg_terminate_backend(\(connection.serverProcessID))", as: "postgres")
    let error = try #require(throws: PostgresError.self) { try connection.query("SELECT 1", deadline: .soon) }
    #expect(error.sqlState == "57P01")
  }

  @Test("COPY is streamed line by line and pauses where the sink says so", arguments: serverNames)
  func copy(server: String) throws {
    let connection = try TestPostgres.shared(server).createDatabase().open()
    try connection.beginCopyOut("COPY (SELECT g FROM generate_series(1, 10000) g) TO STDOUT", deadline: .soon)
    var sink = LineSink(pauseEvery: 7)
    var pauses = 0
    var tag = ""
    while tag.isEmpty {
      switch try connection.drainCopy(into: &sink) {
      case .needsInput: try connection.loop.turn(until: .soon)
      case .paused: pauses += 1
      case .finished(let found): tag = found
      }
    }
    #expect(tag == "COPY 10000")
    #expect(sink.lines.count == 10000)
    #expect(sink.lines[41] == "42\n")
    #expect(pauses == 10000 / 7)
    #expect(try connection.query("SELECT 1", deadline: .soon).scalar == "1")
  }

  @Test("an error in the middle of a COPY is the server's, and the session goes on")
  func copyFails() throws {
    let connection = try TestPostgres.shared().createDatabase().open()
    try connection.beginCopyOut(
      "COPY (SELECT 1 / (5000 - g) FROM generate_series(1, 10000) g) TO STDOUT", deadline: .soon)
    var sink = LineSink()
    #expect {
      while case .needsInput = try connection.drainCopy(into: &sink) { try connection.loop.turn(until: .soon) }
    } throws: { error in
      guard case DrainError<Never>.postgres(let error) = error else { return false }
      return error.sqlState == "22012"
    }
    #expect(sink.lines.count == 4999)
    #expect(try connection.query("SELECT 1", deadline: .soon).scalar == "1")
  }
}
