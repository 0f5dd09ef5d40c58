// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

/// Rows that change because others do, by foreign keys. MySQL logs them, MariaDB does not, and neither does MySQL where
/// its engine cascades.
@Suite(.serialized, .waits) struct MySQLCascadeTests {
  static let engineCascades = "mysql-9.7 with cascades of its engine"
  static let all = TestMySQL.names + [engineCascades]
  static let unlogged = TestMySQL.mariaDBNames + [engineCascades]

  private static func replication(
    _ server: String, log: TestMySQL.Log = .full, furtherSchemas: Int = 0
  ) throws -> MySQLReplication {
    let mysql =
      server == engineCascades
      ? try TestMySQL(flags: ["--innodb-native-foreign-keys=ON"]) : try TestMySQL.shared(server, log: log)
    return try MySQLReplication(mysql: mysql, furtherSchemas: furtherSchemas)
  }

  /// Rows that refer to their own table, and tables that refer to each other.
  @Test(arguments: all) func S29_cascadeInACircle(_ server: String) throws {
    let run = try MySQLRun(
      Self.replication(server),
      """
      CREATE TABLE s (id int PRIMARY KEY, p int, FOREIGN KEY (p) REFERENCES s (id) ON DELETE CASCADE);
      CREATE TABLE n (id int PRIMARY KEY, p int, FOREIGN KEY (p) REFERENCES n (id) ON DELETE SET NULL);
      CREATE TABLE a (id int PRIMARY KEY, b int, n int);
      CREATE TABLE b (id int PRIMARY KEY, a int, FOREIGN KEY (a) REFERENCES a (id) ON DELETE CASCADE);
      INSERT INTO s VALUES (1, NULL), (2, 1), (3, 2), (4, 3), (9, NULL);
      INSERT INTO n VALUES (1, NULL), (2, 1), (3, 1), (4, 2);
      INSERT INTO a VALUES (1, NULL, 0), (2, 1, 0), (3, 2, 0), (4, NULL, 0);
      INSERT INTO b VALUES (1, 1), (2, 2), (3, 3);
      ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b (id) ON DELETE CASCADE
      """)
    try run.expectEqual()
    try run.sql("DELETE FROM s WHERE id = 1")
    try run.expectEqual()
    try run.sql("DELETE FROM n WHERE id = 1")
    try run.expectEqual()
    try run.sql("DELETE FROM a WHERE id = 1")
    try run.expectEqual()
    // (MySQL's own cascades end where they come back to the first table, and leave rows that refer to none.)
    if Self.unlogged.contains(server) {
      #expect(try run.server.rows("SELECT COUNT(*) FROM \(run.replication.name).a") == [["1"]])
    }
    try run.whileDown("INSERT INTO s VALUES (1, 9), (2, 1); UPDATE a SET n = 1; DELETE FROM s WHERE id = 9")
    try run.expectEqual()
    run.stop()
  }

  /// By way of a table that nobody chose; also within a transaction that is committed after a restart, none of whose
  /// own rows are of a chosen table.
  @Test(arguments: all) func S29_cascadeThroughOtherTables(_ server: String) throws {
    let replication = try Self.replication(server)
    let run = try MySQLRun(
      replication,
      """
      CREATE TABLE a (id int PRIMARY KEY);
      CREATE TABLE b (id int PRIMARY KEY, a int, FOREIGN KEY (a) REFERENCES a (id) ON DELETE CASCADE);
      CREATE TABLE c (id int PRIMARY KEY, b int, FOREIGN KEY (b) REFERENCES b (id) ON DELETE SET NULL);
      INSERT INTO a VALUES (1), (2), (3); INSERT INTO b VALUES (1, 1), (2, 2), (3, 3);
      INSERT INTO c VALUES (1, 1), (2, 2), (3, 3)
      """, ["tables": ["exclude": "[\"*.b\"]"]])
    let chosen: (inout RowOracle) -> Void = { $0.tables = ["\(replication.name).a", "\(replication.name).c"] }
    try run.expectEqual(chosen)
    try run.sql("DELETE FROM a WHERE id = 1")
    try run.expectEqual(chosen)
    try run.sql("XA START 'x'; DELETE FROM b WHERE id = 2; XA END 'x'; XA PREPARE 'x'")
    try run.expectEqual(chosen)
    run.stop()
    try run.start()
    try run.sql("XA COMMIT 'x'")
    try run.expectEqual(chosen)
    run.stop()
  }

  /// What a parent's update changes, whatever the log has of it; a rule for deletes costs an update nothing.
  @Test(arguments: all, ["FULL", "MINIMAL"]) func S29_cascadeOfAnUpdate(_ server: String, _ image: String) throws {
    let run = try MySQLRun(
      Self.replication(server),
      """
      CREATE TABLE p (id int PRIMARY KEY, u int UNIQUE, n int);
      CREATE TABLE c (id int PRIMARY KEY, u int, FOREIGN KEY (u) REFERENCES p (u) ON UPDATE CASCADE);
      CREATE TABLE q (id int PRIMARY KEY, n int);
      CREATE TABLE d (id int PRIMARY KEY, q int, FOREIGN KEY (q) REFERENCES q (id) ON DELETE CASCADE);
      INSERT INTO p VALUES (1, 1, 1), (2, 2, 2), (3, NULL, 3), (4, NULL, 4); INSERT INTO c VALUES (1, 1), (2, 2);
      INSERT INTO q VALUES (1, 1), (2, 2); INSERT INTO d VALUES (1, 1)
      """)
    try run.expectEqual()
    let session = "SET SESSION binlog_row_image = \(image);"
    try run.sql(session + "UPDATE p SET u = 10 WHERE id = 1")
    try run.expectEqual()
    try run.sql(session + "UPDATE p SET u = NULL WHERE id = 2")
    try run.expectEqual()
    let before = run.tableDumps
    try run.sql(
      session + "UPDATE p SET n = 7; DELETE FROM c; INSERT INTO p VALUES (5, 5, 5); DELETE FROM p WHERE id = 4;"
        + "UPDATE q SET id = 20, n = 7 WHERE id = 2")
    try run.expectEqual()
    #expect(run.tableDumps == before, "\(run.report)")
    run.stop()
  }

  /// A parent in a schema that is not followed, whose log may have no names: what is known of it is what the server
  /// says now.
  @Test(arguments: all, TestMySQL.Log.allCases)
  func S29_cascadeFromAnotherSchema(_ server: String, _ log: TestMySQL.Log) throws {
    let replication = try Self.replication(server, log: log, furtherSchemas: 1)
    let (own, other) = (replication.name, replication.database.names[1])
    let run = try MySQLRun(
      replication,
      """
      CREATE TABLE \(other).top (id int PRIMARY KEY);
      CREATE TABLE \(other).p (n int, id int PRIMARY KEY, top int, g int AS (n + 1) STORED UNIQUE,
        FOREIGN KEY (top) REFERENCES \(other).top (id) ON DELETE CASCADE);
      CREATE TABLE c (id int PRIMARY KEY, p int,
        FOREIGN KEY (p) REFERENCES \(other).p (id) ON DELETE CASCADE ON UPDATE CASCADE);
      CREATE TABLE \(other).q (n int, id int PRIMARY KEY);
      CREATE TABLE d (id int PRIMARY KEY, q int, FOREIGN KEY (q) REFERENCES \(other).q (id) ON UPDATE CASCADE);
      INSERT INTO \(other).top VALUES (1);
      INSERT INTO \(other).p (n, id, top) VALUES (1, 1, NULL), (2, 2, 1), (3, 3, NULL);
      INSERT INTO c VALUES (1, 1), (2, 2), (3, 3);
      INSERT INTO \(other).q VALUES (1, 1), (2, 2); INSERT INTO d VALUES (1, 1)
      """, ["database": ["name": own]])
    let chosen: (inout RowOracle) -> Void = { $0.tables = ["\(own).c", "\(own).d"] }
    try run.expectEqual(chosen)
    try run.sql("DELETE FROM \(other).p WHERE id = 1")
    try run.expectEqual(chosen)
    try run.sql("DELETE FROM \(other).top")
    try run.expectEqual(chosen)
    let before = run.tableDumps
    try run.sql("UPDATE \(other).p SET n = 9; UPDATE \(other).q SET n = 9; INSERT INTO c VALUES (9, 3)")
    try run.expectEqual(chosen)
    #expect(run.tableDumps == before, "\(run.report)")
    try run.sql("UPDATE \(other).p SET id = 33 WHERE id = 3")
    try run.expectEqual(chosen)
    // Its columns are where the catalogue does not have them any more.
    try run.whileDown(
      "UPDATE \(other).q SET id = 11 WHERE id = 1; ALTER TABLE \(other).q MODIFY id int NOT NULL FIRST")
    try run.expectEqual(chosen)
    run.stop()
  }

  /// Foreign keys that are made and dropped while we follow, and while we do not: what happened under them counts, and
  /// what happens afterwards does not.
  @Test(arguments: all, ["redump", "keep"]) func S29_foreignKeysComeAndGo(_ server: String, _ policy: String) throws {
    let run = try MySQLRun(
      Self.replication(server),
      """
      CREATE TABLE p (id int PRIMARY KEY); INSERT INTO p VALUES (1), (2), (3), (4), (5), (6);
      CREATE TABLE c (id int PRIMARY KEY, p int); INSERT INTO c SELECT id, id FROM p;
      CREATE TABLE g (id int PRIMARY KEY, c int, FOREIGN KEY (c) REFERENCES c (id) ON DELETE CASCADE);
      INSERT INTO g SELECT id, id FROM p
      """, ["tables": ["on_schema_change": policy]])
    try run.expectEqual()
    let add = "ALTER TABLE c ADD CONSTRAINT f FOREIGN KEY (p) REFERENCES p (id) ON DELETE CASCADE;"
    let drop = "ALTER TABLE c DROP FOREIGN KEY f;"
    try run.sql(add + "DELETE FROM p WHERE id = 1")
    try run.expectEqual()
    try run.sql(
      "CREATE TABLE d (id int PRIMARY KEY, p int REFERENCES p (id) ON DELETE CASCADE); "
        + "INSERT INTO d VALUES (2, 2), (6, 6); DELETE FROM p WHERE id = 2")
    try run.expectEqual()
    try run.sql("DROP TABLE d")
    try run.expectEqual()
    // Then the log is followed by what is there now.
    try run.sql("INSERT INTO p VALUES (7)")
    try run.expectEqual()
    let before = run.tableDumps
    try run.sql(drop + "DELETE FROM p WHERE id = 3; INSERT INTO c VALUES (33, 33)")
    try run.expectEqual()
    #expect(run.tableDumps == before, "\(run.report)")
    try run.sql("DELETE FROM c WHERE id IN (3, 33);" + add)
    try run.expectEqual()
    try run.whileDown("DELETE FROM p WHERE id = 4;" + drop)
    try run.expectEqual()
    try run.whileDown(add + "DELETE FROM p WHERE id = 5")
    try run.expectEqual()
    run.stop()
  }

  /// A parent that nobody chose gets another name.
  @Test(arguments: all) func S29_parentIsRenamed(_ server: String) throws {
    let replication = try Self.replication(server, furtherSchemas: 1)
    let (own, other) = (replication.name, replication.database.names[1])
    let run = try MySQLRun(
      replication,
      """
      CREATE TABLE \(other).p (id int PRIMARY KEY); INSERT INTO \(other).p VALUES (1), (2), (3);
      CREATE TABLE c (id int PRIMARY KEY, p int, FOREIGN KEY (p) REFERENCES \(other).p (id) ON DELETE CASCADE);
      INSERT INTO c VALUES (1, 1), (2, 2), (3, 3)
      """, ["database": ["name": own]])
    let chosen: (inout RowOracle) -> Void = { $0.tables = ["\(own).c"] }
    try run.expectEqual(chosen)
    try run.sql("RENAME TABLE \(other).p TO \(other).q; DELETE FROM \(other).q WHERE id = 1")
    try run.expectEqual(chosen)
    try run.whileDown("DELETE FROM \(other).q WHERE id = 2; ALTER TABLE \(other).q RENAME TO \(other).r")
    try run.expectEqual(chosen)
    run.stop()
  }
}
