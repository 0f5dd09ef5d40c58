// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

/// S20: a log that was reset, and has grown since until GTIDs, files and offsets look like the checkpoint's.
@Suite(.waits) struct MySQLLogResetTests {
  private static let servers = ["mysql-9.7", "mariadb-11.8"]

  /// A daemon whose checkpoint knows the file that the log was in.
  private static func run(_ mysql: TestMySQL, _ gtid: String, _ policy: String) throws -> MySQLRun {
    let run = try MySQLRun(
      MySQLReplication(mysql: mysql), "CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (1, 0), (2, 0)",
      ["database": ["mysql": "{gtid: \(gtid)}"], "sync": ["on_lost_position": policy]])
    try run.sql("INSERT INTO t VALUES (3, 0)")
    try run.expectEqual()
    try expectKnownFile(run)
    return run
  }

  private static func expectKnownFile(_ run: MySQLRun, location: SourceLocation = #_sourceLocation) throws {
    let last = try #require(try run.server.logFiles().last)
    let isKnown = try waitUntil(within: .seconds(60)) {
      try run.checkpoint().contains(#""file":"\#(last)","created":"#)
    }
    let checkpoint = try run.checkpoint()
    #expect(isKnown, "\(checkpoint)\n\(run.report)", sourceLocation: location)
  }

  private static func reset(_ mysql: TestMySQL) throws {
    // A file's time is in seconds: one made in the same second would be the same.
    _ = waitUntil(within: .milliseconds(1100)) { false }
    try mysql.resetLog()
  }

  /// Each of these is a transaction, and there are more of them than the server has had.
  private static func grow(_ run: MySQLRun, _ statement: String = "") throws {
    try run.sql("DELETE FROM t WHERE id = 1")
    for round in 0..<6 {
      try run.sql(
        (1...10).map { "INSERT INTO t VALUES (\(100 + round * 10 + $0), 1)" }.joined(separator: ";") + statement)
    }
  }

  private func expectDumpedAgain(_ run: MySQLRun, location: SourceLocation = #_sourceLocation) throws {
    try run.expectEqual(within: .seconds(90), location: location)
    #expect(run.syncd.log.contains("the position is lost"), "\(run.report)", sourceLocation: location)
    try run.sql("UPDATE t SET n = 7")
    try run.expectEqual(location: location)
    run.stop(location: location)
    try run.server.server.stop()
  }

  @Test(arguments: servers + ["mariadb-10.5"], ["auto", "off"]) func S20_resetAndGrown(_ server: String, _ gtid: String)
    throws
  {
    let mysql = try TestMySQL(server)
    let run = try Self.run(mysql, gtid, "dump")
    run.stop()
    try Self.reset(mysql)
    try Self.grow(run)
    try run.start()
    try expectDumpedAgain(run)
  }

  /// While it is followed: the server waits where its old log ended, and the new one is far from there.
  @Test(arguments: zip(servers + ["mysql-9.7"], ["auto", "auto", "off"])) func S20_resetUnderOurEyes(
    _ server: String, _ gtid: String
  ) throws {
    let mysql = try TestMySQL(server)
    let run = try Self.run(mysql, gtid, "dump")
    try Self.reset(mysql)
    try run.sql("UPDATE t SET n = 5")
    try expectDumpedAgain(run)
  }

  /// The log ends before the file that was followed; or it has that file, and by GTIDs it is read from one before.
  @Test(arguments: servers, ["", ";FLUSH BINARY LOGS"])
  func S20_resetBehindSeveralFiles(_ server: String, _ statement: String) throws {
    let mysql = try TestMySQL(server)
    let run = try Self.run(mysql, "auto", "dump")
    for _ in 0..<4 { try mysql.flushLog() }
    try Self.expectKnownFile(run)
    run.stop()
    try Self.reset(mysql)
    try Self.grow(run, statement)
    try run.start()
    try expectDumpedAgain(run)
  }

  @Test(arguments: servers) func S20_resetWhileRunning(_ server: String) throws {
    let mysql = try TestMySQL(server)
    let run = try Self.run(mysql, "auto", "dump")
    try Self.reset(mysql)
    try Self.grow(run)
    try expectDumpedAgain(run)
  }

  @Test(arguments: servers) func S20_resetAndGrownStops(_ server: String) throws {
    let mysql = try TestMySQL(server)
    let run = try Self.run(mysql, "auto", "stop")
    run.stop()
    try Self.reset(mysql)
    try Self.grow(run)
    try run.start()
    #expect(run.syncd.waitForExit() == .status(74), "\(run.report)")
    #expect(run.syncd.lines.last?.contains("reset") == true, "\(run.report)")
    try mysql.server.stop()
  }

  /// What makes new files, and names them otherwise, loses nothing.
  @Test(arguments: servers, ["auto", "off"]) func S20_newFilesOfOneLog(_ server: String, _ gtid: String) throws {
    let mysql = try TestMySQL(server, flags: TestMySQL.crashSafe)
    let run = try Self.run(mysql, gtid, "stop")
    var id = 10
    func goOn(location: SourceLocation = #_sourceLocation) throws {
      id += 1
      try run.sql("INSERT INTO t VALUES (\(id), 1)")
      try run.expectEqual(location: location)
    }
    try mysql.server.restart()
    try goOn()
    run.stop()
    try mysql.server.kill9()
    try mysql.server.restart()
    for _ in 0..<3 { try mysql.flushLog() }
    try run.sql("INSERT INTO t VALUES (9, 1)")
    try run.start()
    try goOn()
    try mysql.sql("SET GLOBAL binlog_checksum = 'NONE'")
    try goOn()
    run.kill9()
    try run.start()
    try goOn()
    try mysql.purgeLogs()
    if gtid == "auto", !mysql.isMariaDB {
      // Another log's files are numbered from one. (MariaDB keeps its GTIDs with the log, and forgets them.)
      try mysql.server.restart(replacing: "--log-bin=binlog", with: "--log-bin=other")
      try goOn()
    }
    #expect(run.syncd.process.exit == nil, "\(run.report)")
    run.stop()
    try mysql.server.stop()
  }
}
