// SPDX-License-Identifier: Apache-2.0
internal import Foundation
import Support
import Testing

/// Generated columns that MariaDB's log leaves out: from 11 on of every update, before that of images that are not
/// FULL.
@Suite(.serialized, .waits) struct MySQLGeneratedTests {
  private static let generated = """
    twice int AS (n * 2) STORED, thrice int AS (n * 3) VIRTUAL, loud varchar(60) AS (CONCAT('ü"', n)) VIRTUAL,
    note text AS (CONCAT('note ', n)) VIRTUAL, free int DEFAULT 7, hidden int AS (n + 1) STORED, KEY (thrice)
    """

  private static func tables(_ server: String) -> String {
    let uuid = server == "mariadb-10.5" ? "inet6" : "uuid"
    let identity = server == "mariadb-10.5" ? "::1" : "123e4567-e89b-12d3-a456-426614174000"
    return """
      CREATE TABLE t (id bigint unsigned PRIMARY KEY, n int, \(generated));
      INSERT INTO t (id, n) VALUES (0, 0), (1, 1), (2, 2), (3, NULL), (4, 4), (18446744073709551615, 5);
      CREATE TABLE words (w varchar(50) CHARACTER SET latin1, s smallint, n int, \(generated), PRIMARY KEY (s, w));
      INSERT INTO words (w, s, n) VALUES ('ü/%', -1, 1), ('', 0, 2), ('a''b\\\\c', 1, 3);
      CREATE TABLE bytes (b varbinary(20), f binary(4), n int, \(generated), PRIMARY KEY (b, f));
      INSERT INTO bytes (b, f, n) VALUES (X'00FF2F25', '', 1), ('', X'0100', 2);
      CREATE TABLE days (d date, m datetime(3), s timestamp(2), i time(1), y year, u \(uuid), n int, \(generated),
        PRIMARY KEY (d, m, s, i, y, u));
      INSERT INTO days (d, m, s, i, y, u, n) VALUES ('2026-01-02', '2026-01-02 03:04:05.6', '2026-01-02 03:04:05.67',
        '-01:02:03.4', 2026, '\(identity)', 1), ('0000-00-00', '0000-00-00', '2001-01-01', '00:00', 1901,
        '\(identity)', 2)
      """
  }

  private static let changes = """
    UPDATE t SET n = n + 10; UPDATE t SET id = 20, n = 22 WHERE id = 2; UPDATE t SET id = 30 WHERE id = 3;
    BEGIN; INSERT INTO t (id, n) VALUES (6, 6); UPDATE t SET n = 66 WHERE id = 6;
    UPDATE t SET id = 7, n = 7 WHERE id = 6;
    UPDATE t SET n = 77 WHERE id = 7; DELETE FROM t WHERE id = 1; INSERT INTO t (id, n) VALUES (1, 100);
    UPDATE t SET n = 101 WHERE id = 1; COMMIT;
    BEGIN; UPDATE t SET id = 50 WHERE id = 0; UPDATE t SET id = 0, n = 9 WHERE id = 4;
    UPDATE t SET id = 4, n = 8 WHERE id = 50; COMMIT;
    REPLACE INTO t (id, n) VALUES (1, 5); INSERT INTO t (id, n) VALUES (1, 0) ON DUPLICATE KEY UPDATE n = 6;
    UPDATE words SET n = n + 10; UPDATE words SET s = 7, w = 'moved/' WHERE s = 1;
    UPDATE bytes SET n = n + 10; UPDATE bytes SET b = X'2500' WHERE b = '';
    UPDATE days SET n = n + 10; UPDATE days SET s = '2026-05-05 05:05:05.5', n = 9 WHERE n = 11
    """

  /// No table is dumped again for it.
  @Test(arguments: [
    "mariadb-11.8 FULL", "mariadb-11.8 MINIMAL", "mariadb-11.8 FULL_NODUP", "mariadb-10.11 MINIMAL",
    "mariadb-10.5 NOBLOB",
  ])
  func generatedColumnsOfUpdates(_ way: String) throws {
    let parts = way.split(separator: " ").map(String.init)
    let run = try MySQLRun(on: parts[0], Self.tables(parts[0]))
    try run.expectEqual()
    let before = run.tableDumps
    try run.sql("SET SESSION binlog_row_image = '\(parts[1])'; \(Self.changes)")
    try run.expectEqual()
    // What was said of a row counts for one event.
    for _ in 0..<2 {
      try run.sql("SET SESSION binlog_row_image = '\(parts[1])'; UPDATE days SET n = n + 1")
      try run.expectEqual()
    }
    #expect(run.tableDumps == before, "\(run.report)")
    run.stop()
  }

  /// Other forms of values and keys: what the log makes of a row is what a dump makes of it.
  @Test func otherStorage() throws {
    let changes = ["sync": ["storage": "proto", "binary": "hex", "bigint": "string"]]
    let run = try MySQLRun(on: "mariadb-11.8", Self.tables("mariadb-11.8"), changes)
    let before = run.tableDumps
    try run.sql("\(Self.changes); INSERT INTO t (id, n) VALUES (99, 99)")
    let isDone = try waitUntil(within: .seconds(30)) {
      try run.replication.etcd.get(run.replication.key("t", "99")) != nil
    }
    #expect(isDone && run.tableDumps == before, "\(run.report)")
    let followed = try run.replication.etcd.get(prefix: run.replication.rowsFolder)
    run.stop()
    try run.start(["sync": ["dump": "always"].merging(changes["sync"] ?? [:]) { $1 }])
    #expect(run.syncd.waitForLine(containing: "dumped", "tables=4") != nil, "\(run.report)")
    let dumped = try run.replication.etcd.get(prefix: run.replication.rowsFolder)
    #expect(followed.map(\.key) == dumped.map(\.key) && followed.map(\.value) == dumped.map(\.value))
    run.stop()
  }

  /// Rows that are gone when they are asked for: their delete, or their other key, is in the log.
  @Test func rowsThatAreGone() throws {
    let run = try MySQLRun(
      on: "mariadb-11.8",
      "CREATE TABLE t (id int PRIMARY KEY, n int, \(Self.generated)); "
        + "INSERT INTO t (id, n) SELECT seq, seq FROM seq_1_to_1000")
    try run.expectEqual()
    run.stop()
    try run.sql(
      """
      UPDATE t SET n = n + 1; UPDATE t SET id = id + 1000 WHERE id <= 300; UPDATE t SET n = n + 1 WHERE id > 500;
      DELETE FROM t WHERE id % 3 = 0; UPDATE t SET id = id - 1000 WHERE id BETWEEN 1001 AND 1100;
      DELETE FROM t WHERE id = 400; INSERT INTO t (id, n) VALUES (400, -1)
      """)
    try run.start()
    try run.expectEqual()
    #expect(run.tableDumps == 0, "\(run.report)")
    run.stop()
  }

  /// Writers that are busy, each with rows of its own, and an end without warning: a row's last value is read after its
  /// last change is visible.
  @Test func killedAmongBusyWriters() throws {
    let run = try MySQLRun(
      on: "mariadb-11.8",
      "CREATE TABLE t (id int PRIMARY KEY, n int, \(Self.generated)); "
        + "INSERT INTO t (id, n) SELECT seq, 0 FROM seq_1_to_3000 WHERE seq % 1000 <= 40")
    try run.expectEqual()
    let writers = try (0..<3).map { writer in
      let statements = (0..<3000).map { round in
        let id = writer * 1000 + round * 7 % 40 + 1
        return switch round % 10 {
        case 3: "UPDATE IGNORE t SET id = id + 500, n = n + 1 WHERE id = \(id)"
        case 6: "UPDATE IGNORE t SET id = id - 500 WHERE id = \(id + 500)"
        case 8: "DELETE FROM t WHERE id = \(id)"
        case 9: "INSERT IGNORE INTO t (id, n) VALUES (\(id), \(round))"
        default: "UPDATE t SET n = \(round) WHERE id = \(id)"
        }
      }
      return try run.replication.database.sqlInBackground(statements.joined(separator: ";\n"))
    }
    for _ in 0..<3 {
      _ = waitUntil(within: .milliseconds(700)) { false }
      run.kill9()
      try run.start()
    }
    for writer in writers { #expect(writer.waitForExit(within: .seconds(60)) == .status(0)) }
    try run.expectEqual(within: .seconds(60))
    #expect(run.tableDumps == 0, "\(run.report)")
    run.stop()
  }

  /// A server that waits for a replica's answer has the change in its log and does not show it yet.
  @Test func aChangeThatIsNotVisibleYet() throws {
    let mysql = try TestMySQL(
      "mariadb-11.8",
      flags: [
        "--rpl-semi-sync-master-enabled=ON", "--rpl-semi-sync-master-wait-point=AFTER_SYNC",
        "--rpl-semi-sync-master-wait-no-slave=ON", "--rpl-semi-sync-master-timeout=2000",
      ])
    let run = try MySQLRun(
      MySQLReplication(mysql: mysql),
      "CREATE TABLE t (id int PRIMARY KEY, n int, \(Self.generated)); INSERT INTO t (id, n) VALUES (1, 1)")
    try run.expectEqual()
    // After one wait in vain the server does not wait any more, until it is told to.
    let start = ContinuousClock.now
    try run.sql("SET GLOBAL rpl_semi_sync_master_enabled = OFF; SET GLOBAL rpl_semi_sync_master_enabled = ON")
    try run.sql("UPDATE t SET n = 2 WHERE id = 1")
    #expect(ContinuousClock.now - start > .seconds(1), "it has waited")
    try run.expectEqual(within: .seconds(10))
    run.stop()
    try mysql.server.stop()
  }

  /// A key that does not lead back to its row: the table is dumped again.
  @Test func keysThatCannotBeAskedFor() throws {
    let run = try MySQLRun(
      on: "mariadb-11.8",
      "CREATE TABLE t (id double PRIMARY KEY, n int, \(Self.generated)); "
        + "INSERT INTO t (id, n) VALUES (0.1, 1), (2e-40, 2)")
    try run.expectEqual()
    try run.sql("UPDATE t SET n = n + 10")
    try run.expectEqual()
    #expect(run.syncd.lines.contains { $0.contains("leaves out the generated columns") }, "\(run.report)")
    run.stop()
  }
}
