// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

/// S08: a checkpoint of the time without GTIDs goes over to them, so that another server can go on from it.
@Suite(.waits) struct MySQLGTIDModeTests {
  private static let tables = "CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (1, 0), (2, 0)"

  /// Each of the steps begins another file.
  private func setMode(_ steps: String..., on mysql: TestMySQL) throws {
    for step in steps { try mysql.sql("SET GLOBAL gtid_mode = \(step)") }
  }

  /// The set that etcd has is the server's: no transaction too few, none too many.
  private func expectGTIDs(_ run: MySQLRun, location: SourceLocation = #_sourceLocation) throws {
    let variable = run.server.isMariaDB ? "gtid_binlog_pos" : "gtid_executed"
    let executed = try run.server.rows("SELECT REPLACE(@@GLOBAL.\(variable), '\\n', '')")[0][0]
    let isThere = try waitUntil(within: .seconds(40)) { try run.checkpoint().contains(#""gtid":"\#(executed)""#) }
    let checkpoint = try run.checkpoint()
    #expect(isThere, "\(executed) \(checkpoint)\n\(run.report)", sourceLocation: location)
  }

  /// Every row version once, whatever was read again.
  private func expectNothingTwice(_ run: MySQLRun, location: SourceLocation = #_sourceLocation) throws {
    try run.expectEqual(location: location)
    #expect(!run.syncd.log.contains("the position is lost"), "\(run.report)", sourceLocation: location)
    let texts = try run.replication.history().map { "\($0.key) \($0.text)" }
    #expect(Set(texts).count == texts.count, "\(texts)", sourceLocation: location)
  }

  @Test func S08_gtidModeOffAndOn() throws {
    let mysql = try TestMySQL()
    let run = try MySQLRun(MySQLReplication(mysql: mysql), Self.tables, ["sync": ["on_lost_position": "stop"]])
    try run.expectEqual()
    try setMode("ON_PERMISSIVE", "OFF_PERMISSIVE", "OFF", on: mysql)
    try run.sql("UPDATE t SET n = 1 WHERE id = 1; INSERT INTO t VALUES (3, 0)")
    try run.expectEqual()
    #expect(try run.checkpoint().contains(#""gtid":null"#), "a set cannot say that these are done")
    run.stop()
    // The server refuses to send the file's beginning again, which has no GTIDs: the next file says them.
    try setMode("OFF_PERMISSIVE", "ON_PERMISSIVE", "ON", on: mysql)
    try run.sql("UPDATE t SET n = 2 WHERE id = 1; INSERT INTO t VALUES (4, 0); DELETE FROM t WHERE id = 2")
    try run.start()
    try expectNothingTwice(run)
    try expectGTIDs(run)
    #expect(run.syncd.log.contains("GTIDs come with the next file"), "\(run.report)")
    run.kill9()
    try run.sql("UPDATE t SET n = 3 WHERE id = 1")
    try run.start()
    try expectNothingTwice(run)
    #expect(run.syncd.waitForLine(containing: "following the log", "from=", ":1-") != nil, "\(run.report)")
    // On while it runs; it looks at the mode when it begins.
    run.stop()
    try setMode("ON_PERMISSIVE", "OFF_PERMISSIVE", "OFF", on: mysql)
    try run.start()
    try run.sql("UPDATE t SET n = 4 WHERE id = 1")
    try run.expectEqual()
    try setMode("OFF_PERMISSIVE", "ON_PERMISSIVE", "ON", on: mysql)
    try run.sql("UPDATE t SET n = 5 WHERE id = 1; UPDATE t SET n = 6 WHERE id = 3")
    try expectNothingTwice(run)
    run.stop()
    try run.sql("INSERT INTO t VALUES (5, 0)")
    try run.start()
    try expectNothingTwice(run)
    try expectGTIDs(run)
    run.stop()
    // What this is for.
    try mysql.server.restartAsAnotherServer()
    try run.sql("UPDATE t SET n = 7 WHERE id = 1")
    try run.start()
    try expectNothingTwice(run)
    run.stop()
    try mysql.server.stop()
  }

  /// In the middle of a file, and behind transactions of a time with GTIDs in it.
  @Test(arguments: ["mysql-9.7", "mariadb-10.11"]) func S08_gtidOffAndAuto(_ server: String) throws {
    let mysql = try TestMySQL(server)
    let off = ["database": ["mysql": "{gtid: off}"], "sync": ["on_lost_position": "stop"]]
    let run = try MySQLRun(MySQLReplication(mysql: mysql), Self.tables, off)
    try run.expectEqual()
    try run.sql("UPDATE t SET n = 1 WHERE id = 1")
    try run.expectEqual()
    run.stop()
    try run.sql("UPDATE t SET n = 2 WHERE id = 1; UPDATE t SET n = 3 WHERE id = 2")
    try mysql.flushLog()
    try run.sql("UPDATE t SET n = 4 WHERE id = 1")
    try run.start(["sync": ["on_lost_position": "stop"]])
    try expectNothingTwice(run)
    try expectGTIDs(run)
    try run.sql("UPDATE t SET n = 5 WHERE id = 1")
    try expectNothingTwice(run)
    try expectGTIDs(run)
    run.stop()
    try mysql.server.stop()
  }
}
