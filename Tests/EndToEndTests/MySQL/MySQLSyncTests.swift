// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

/// What each change in MySQL or MariaDB does to the keys.
@Suite(.serialized, .waits) struct MySQLSyncTests {
  @Test(arguments: TestMySQL.names) func insertUpdateDelete(_ server: String) throws {
    let run = try MySQLRun(
      on: server, "CREATE TABLE t (id int PRIMARY KEY, name text); INSERT INTO t VALUES (1, 'one'), (2, 'two')")
    try run.expectEqual()
    try run.sql("INSERT INTO t VALUES (3, 'three')")
    try run.expectEqual()
    try run.sql("UPDATE t SET name = NULL WHERE id = 1")
    try run.expectEqual()
    try run.sql("DELETE FROM t WHERE id = 2")
    try run.expectEqual()
    #expect(try run.value("t", "1") == #"{"id":1,"name":null}"#)
    #expect(try run.value("t", "2") == nil)
    try run.sql("BEGIN; INSERT INTO t VALUES (9, 'never'); ROLLBACK; INSERT INTO t VALUES (10, 'x')")
    try run.sql(
      """
      BEGIN; INSERT INTO t VALUES (11, 'y'); SAVEPOINT s; UPDATE t SET name = 'never' WHERE id = 1; ROLLBACK TO s;
      REPLACE INTO t VALUES (11, 'z'); INSERT INTO t VALUES (10, 'w') ON DUPLICATE KEY UPDATE name = 'v'; COMMIT
      """)
    try run.expectEqual()
    let history = try run.replication.history()
    #expect(!history.contains { $0.text.contains("never") })
    run.stop()
  }

  /// Delete of the old key and put of the new one, in one etcd transaction.
  @Test(arguments: ["mysql-9.7", "mariadb-10.11"]) func keyChange(_ server: String) throws {
    let run = try MySQLRun(on: server, "CREATE TABLE t (id int PRIMARY KEY, n text); INSERT INTO t VALUES (1, 'a')")
    try run.sql("UPDATE t SET id = 2")
    try run.expectEqual()
    let last = try run.replication.history().suffix(2)
    #expect(Set(last.map(\.key)) == [run.replication.key("t", "1"), run.replication.key("t", "2")])
    #expect(Set(last.map(\.modRevision)).count == 1)
  }

  /// A transaction of 3,000 rows over two tables is one revision; nobody sees a half of it.
  @Test(arguments: ["mysql-9.7", "mariadb-11.8"]) func aTransactionIsOneRevision(_ server: String) throws {
    let run = try MySQLRun(
      on: server, "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY); INSERT INTO a VALUES (0)")
    try run.expectEqual()
    let revision = try run.replication.etcd.revision
    let rows = (1...1500).map { "(\($0))" }.joined(separator: ",")
    try run.sql("BEGIN; INSERT INTO a VALUES \(rows); INSERT INTO b VALUES \(rows); DELETE FROM a WHERE id = 1; COMMIT")
    try run.expectEqual()
    let history = try run.replication.history(from: revision + 1)
    #expect(Set(history.map(\.modRevision)).count == 1)
    #expect(history.filter { $0.version > 0 }.count == 2999)
  }

  @Test(arguments: TestMySQL.names) func checkpointNamesItsPosition(_ server: String) throws {
    let run = try MySQLRun(on: server, "CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)")
    try run.sql("INSERT INTO t VALUES (2)")
    try run.expectEqual()
    let checkpoint = try run.checkpoint()
    for member in ["format", "source", "phase", "position", "gtid", "file", "offset", "instance"] {
      #expect(checkpoint.contains("\"\(member)\""), "\(checkpoint)")
    }
    if server.hasPrefix("mysql") {
      let identity = try run.replication.database.rows("SELECT @@server_uuid")[0][0]
      #expect(checkpoint.contains(identity), "\(checkpoint)")
    }
  }

  /// Without GTIDs the log's files and offsets do.
  @Test(arguments: ["mysql-9.7", "mariadb-10.5", "mariadb-11.8"]) func fileAndOffset(_ server: String) throws {
    let run = try MySQLRun(
      on: server, "CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (1, 1)",
      ["database": ["mysql": "{gtid: off}"]])
    try run.sql("INSERT INTO t VALUES (2, 2); UPDATE t SET n = 3 WHERE id = 1")
    try run.expectEqual()
    try run.server.flushLog()
    try run.sql("INSERT INTO t VALUES (3, 3)")
    try run.expectEqual()
    let revision = try run.replication.etcd.revision
    try run.whileDown("INSERT INTO t VALUES (4, 4); FLUSH BINARY LOGS; DELETE FROM t WHERE id = 1")
    try run.expectEqual()
    let history = try run.replication.history(from: revision + 1)
    #expect(history.count == 2, "resumed, not dumped again: \(history.map(\.key))")
    run.stop()
  }

  /// Several requests, a restart, and only what changed meanwhile is written.
  @Test(arguments: TestMySQL.names) func resumesAfterSIGTERM(_ server: String) throws {
    let rows = (1...3000).map { "(\($0), \($0))" }.joined(separator: ",")
    let run = try MySQLRun(on: server, "CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES \(rows)")
    try run.expectEqual()
    let revision = try run.replication.etcd.revision
    try run.whileDown(
      "UPDATE t SET n = -n WHERE id <= 10; DELETE FROM t WHERE id = 11; INSERT INTO t VALUES (5000, 0)")
    try run.expectEqual()
    let history = try run.replication.history(from: revision + 1)
    #expect(history.count == 12)
    run.stop()
  }
}
