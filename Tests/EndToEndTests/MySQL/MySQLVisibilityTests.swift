// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

/// Commits that are in the log and not visible yet: MariaDB's position at the beginning of a file does not tell. A
/// replica that is waited for in vain makes a long moment of it.
@Suite(.waits) struct MySQLVisibilityTests {
  private func server(_ name: String) throws -> TestMySQL {
    try TestMySQL(
      name,
      flags: [
        "--max-binlog-size=4096", "--rpl-semi-sync-master-wait-point=AFTER_SYNC",
        "--rpl-semi-sync-master-timeout=6000",
      ])
  }

  /// Starts a commit that makes a file too large, and waits until it is in the log.
  private func commit(_ statement: String, on run: MySQLReplication) throws -> ChildProcess {
    let mysql = run.database.server
    try mysql.sql("SET GLOBAL rpl_semi_sync_master_enabled = ON")
    let position = try mysql.rows("SELECT @@GLOBAL.gtid_binlog_pos")
    let process = try run.database.sqlInBackground(statement)
    #expect(
      try waitUntil(within: .seconds(5)) { try mysql.rows("SELECT @@GLOBAL.gtid_binlog_pos") != position },
      "the commit is in the log")
    return process
  }

  private static let table =
    "CREATE TABLE t (id int PRIMARY KEY, n int DEFAULT 7, body text); "
    + "INSERT INTO t VALUES (1, 1, 'a')"
  private static let insert = "INSERT INTO t (id, body) VALUES (2, REPEAT('x', 5000))"

  @Test(arguments: ["mariadb-10.5", "mariadb-11.8"]) func S23_dumpAtTheBeginningOfAFile(_ name: String) throws {
    let mysql = try server(name)
    let replication = try MySQLReplication(mysql: mysql)
    try replication.database.sql(Self.table)
    let writer = try commit(Self.insert, on: replication)
    let syncd = try replication.start()
    #expect(writer.waitForExit(within: .seconds(30)) == .status(0))
    let differences = try replication.differences(within: .seconds(30))
    #expect(differences.isEmpty, "\(differences)\n\(syncd.log.suffix(2000))")
    #expect(syncd.terminate() == .status(0))
    try mysql.server.stop()
  }

  /// The new row lacks a column, and is not there yet when it is asked for.
  @Test(arguments: ["mariadb-10.11"]) func S27_rowAtTheEndOfAFile(_ name: String) throws {
    let mysql = try server(name)
    let run = try MySQLRun(MySQLReplication(mysql: mysql), Self.table)
    try run.expectEqual()
    let writer = try commit("SET SESSION binlog_row_image = MINIMAL; " + Self.insert, on: run.replication)
    #expect(writer.waitForExit(within: .seconds(30)) == .status(0))
    try run.expectEqual()
    run.stop()
    try mysql.server.stop()
  }
}
