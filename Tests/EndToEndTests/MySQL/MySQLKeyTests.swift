// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

/// S27: keys that are not the table's primary key, and a log that names rows by it.
@Suite(.waits) struct MySQLKeyTests {
  private static let tables =
    "CREATE TABLE t (id int PRIMARY KEY, code varchar(9) NOT NULL UNIQUE, n int); "
    + "INSERT INTO t VALUES (1, 'x', 1), (2, 'y', 1), (3, 'z', 1); CREATE TABLE o (id int PRIMARY KEY)"

  private func changes(_ replication: MySQLReplication) -> [String: [String: String]] {
    ["tables": ["keys": "{\"\(replication.name).t\": [code]}"]]
  }

  /// One session's row image is MINIMAL: where a row was before its change the table alone can tell.
  @Test(
    arguments: ["mysql-9.7", "mariadb-10.11"],
    [
      "UPDATE t SET code = 'q' WHERE id = 1", "UPDATE t SET id = 9, code = 'q', n = 7 WHERE id = 1",
      "UPDATE t SET n = 2 WHERE id = 1", "DELETE FROM t WHERE id = 2", "UPDATE t SET id = 9 WHERE id = 3",
    ]) func S27_keysThatAreNotLogged(_ server: String, _ statement: String) throws
  {
    let replication = try MySQLReplication(server)
    let run = try MySQLRun(replication, Self.tables, changes(replication))
    try run.sql("SET SESSION binlog_row_image = MINIMAL; \(statement); INSERT INTO o VALUES (1)")
    let adjust = { (oracle: inout RowOracle) in oracle.keys = ["\(replication.name).t": ["code"]] }
    try run.expectEqual(adjust)
    #expect(run.syncd.log.contains("t.code: the log leaves out the key's value"), "\(run.report)")
    try run.sql("UPDATE t SET code = 'r' WHERE code = 'q'; UPDATE t SET n = 3")
    try run.expectEqual(adjust)
    #expect(run.tableDumps == 3, "\(run.report)")
    run.stop()
  }

  /// A part of the primary key has its default, which the log leaves out.
  @Test(arguments: TestMySQL.names) func S27_defaultsInAKey(_ server: String) throws {
    let replication = try MySQLReplication(server)
    let run = try MySQLRun(
      replication, "CREATE TABLE t (a int, b int DEFAULT 7, n int, PRIMARY KEY (a, b)); INSERT INTO t VALUES (1, 1, 1)")
    try run.sql("SET SESSION binlog_row_image = MINIMAL; INSERT INTO t (a, n) VALUES (2, 2); UPDATE t SET n = 3")
    try run.expectEqual()
    run.stop()
  }

  /// Where all sessions are so, it is the configuration that asks for what the log does not have.
  @Test(arguments: ["mysql-9.7", "mariadb-10.11"]) func S27_keysThatAreNeverLogged(_ server: String) throws {
    let mysql = try TestMySQL(server, flags: ["--binlog-row-image=MINIMAL"])
    let replication = try MySQLReplication(mysql: mysql)
    try replication.database.sql(Self.tables)
    let changes = changes(replication)
    let check = try SyncdProcess(["check"], configuration: replication.configuration(changes))
    #expect(check.waitForExit() == .status(1))
    let refused = try replication.start(changes)
    #expect(refused.waitForExit() == .status(78))
    for text in [check.output, refused.lines.last ?? ""] {
      #expect(text.contains("by code, which changes in the log do not have"), "\(text)")
    }
    try mysql.sql("SET GLOBAL binlog_row_image = 'FULL'")
    let syncd = try replication.start(changes)
    let differences = try replication.differences { $0.keys = ["\(replication.name).t": ["code"]] }
    #expect(differences.isEmpty, "\(differences)\n\(syncd.log.suffix(2000))")
    #expect(syncd.terminate() == .status(0))
    try mysql.server.stop()
  }
}
