// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

/// Definitions that change while nobody looks, or while what was written before is still to be read.
@Suite(.serialized, .waits) struct MySQLSchemaChangeTests {
  private static let tables = """
    CREATE TABLE t (id int PRIMARY KEY, n int, word varchar(20)); INSERT INTO t VALUES (1, 1, 'one'), (2, 2, 'two');
    CREATE TABLE u (id int PRIMARY KEY, e enum('a', 'b')); INSERT INTO u VALUES (1, 'a')
    """

  /// Rows of three shapes in one table's log, all of them still to be read.
  private static let changes = """
    INSERT INTO t VALUES (3, 3, 'three'); ALTER TABLE t DROP COLUMN n; INSERT INTO t VALUES (4, 'four');
    ALTER TABLE t ADD COLUMN n varchar(10) CHARACTER SET latin1 FIRST, ADD z int;
    INSERT INTO t VALUES ('ü', 5, 'five', 5);
    UPDATE t SET z = 1 WHERE id = 4; ALTER TABLE u MODIFY e enum('b', 'a', 'c'); INSERT INTO u VALUES (2, 'c');
    ALTER TABLE u CHANGE e f enum('b', 'c', 'a'), RENAME TO v; INSERT INTO v VALUES (3, 'a'); CREATE TABLE u LIKE v;
    INSERT INTO u SELECT * FROM v
    """

  @Test(arguments: ["mysql-9.7", "mariadb-10.5", "mariadb-11.8"], TestMySQL.Log.allCases)
  func S24_changedWhileWeAreDown(_ server: String, _ log: TestMySQL.Log) throws {
    let run = try MySQLRun(MySQLReplication(server, log: log), Self.tables)
    try run.expectEqual()
    try run.whileDown(Self.changes)
    try run.expectEqual()
    try run.sql("UPDATE t SET word = 'last'; DELETE FROM u WHERE id = 1")
    try run.expectEqual()
    run.stop()
  }

  /// Under `keep` rows stay as the schema of their time had them, and the new ones have the new shape.
  @Test(arguments: ["mysql-9.7", "mariadb-10.11"], [false, true])
  func S24_keep(_ server: String, _ isDown: Bool) throws {
    let run = try MySQLRun(on: server, Self.tables, ["tables": ["on_schema_change": "keep"]])
    try run.expectEqual()
    let statements =
      "INSERT INTO t VALUES (3, 3, 'three'); ALTER TABLE t ADD COLUMN extra int DEFAULT 7; "
      + "INSERT INTO t VALUES (4, 4, 'four', 4); ALTER TABLE t DROP COLUMN n; INSERT INTO t VALUES (5, 'five', 5)"
    if isDown { try run.whileDown(statements) } else { try run.sql(statements) }
    let isThere = try waitUntil(within: .seconds(30)) {
      try run.value("t", "5") == #"{"id":5,"word":"five","extra":5}"#
    }
    #expect(isThere, "\(run.report)")
    #expect(try run.value("t", "1") == #"{"id":1,"n":1,"word":"one"}"#)
    #expect(try run.value("t", "3") == #"{"id":3,"n":3,"word":"three"}"#)
    #expect(try run.value("t", "4") == #"{"id":4,"n":4,"word":"four","extra":4}"#)
    try run.sql("UPDATE t SET word = CONCAT(word, '!')")
    try run.expectEqual()
    run.stop()
  }

  /// Rows that are under other keys now: also under `keep` the old keys go. A key that has only got room for more is
  /// what it was.
  @Test(arguments: ["mysql-9.7", "mariadb-10.5", "mariadb-11.8"], [false, true])
  func S24_keepWhereKeysChange(_ server: String, _ isDown: Bool) throws {
    let tables = [
      ("digits", "decimal(5,1)", "1.5", "MODIFY k decimal(6,2) NOT NULL"),
      ("times", "date", "'2026-01-02'", "MODIFY k datetime NOT NULL"),
      ("fractions", "datetime", "'2026-01-02 03:04:05'", "MODIFY k datetime(3) NOT NULL"),
      ("zone", "datetime", "'2026-01-02 03:04:05'", "MODIFY k timestamp NOT NULL"),
      ("zeros", "binary(2)", "X'0102'", "MODIFY k binary(4) NOT NULL"),
      ("bytes", "char(3)", "'abc'", "MODIFY k varbinary(9) NOT NULL"),
      ("labels", "enum('a', 'b')", "'a'", "CHANGE k k enum('b', 'a') NOT NULL"),
      ("strings", "set('a', 'b')", "'a'", "MODIFY k varchar(9) NOT NULL"),
      ("name", "int", "5", "CHANGE k kk int NOT NULL"),
      ("longer", "int", "5", "DROP PRIMARY KEY, ADD k2 int NOT NULL DEFAULT 7, ADD PRIMARY KEY (k, k2)"),
      ("wide", "int", "5", "MODIFY k bigint NOT NULL, ADD z int DEFAULT 1"),
      ("word", "varchar(10)", "'a'", "MODIFY k varchar(300) NOT NULL, MODIFY n bigint"),
      ("more", "enum('a', 'b')", "'a'", "MODIFY k enum('a', 'b', 'c') NOT NULL"),
    ]
    let made = tables.map { name, type, value, _ in
      "CREATE TABLE `\(name)` (k \(type) NOT NULL PRIMARY KEY, n int); INSERT INTO `\(name)` VALUES (\(value), 1)"
    }
    let run = try MySQLRun(on: server, made.joined(separator: ";"), ["tables": ["on_schema_change": "keep"]])
    try run.expectEqual()
    let changes = tables.map { name, _, _, change in "ALTER TABLE `\(name)` \(change); UPDATE `\(name)` SET n = 2" }
    if isDown { try run.whileDown(changes.joined(separator: ";")) } else { try run.sql(changes.joined(separator: ";")) }
    try run.expectEqual()
    for kept in ["wide", "word", "more"] {
      let dumps = run.syncd.lines.count { $0.contains("table dumped") && $0.hasSuffix(".\(kept)") }
      #expect(dumps == (isDown ? 0 : 1), "\(kept): \(run.report)")
    }
    try run.sql(tables.map { "DELETE FROM `\($0.0)`" }.joined(separator: ";"))
    try run.expectEqual()
    run.stop()
  }

  /// An online schema change: a shadow table is filled, and the two swap their names while the application writes.
  @Test(arguments: TestMySQL.names) func S24_swapByRename(_ server: String) throws {
    let run = try MySQLRun(on: server, Self.tables)
    try run.expectEqual()
    let swap = """
      CREATE TABLE _t_new LIKE t; ALTER TABLE _t_new ADD COLUMN extra int DEFAULT 3, MODIFY n bigint;
      INSERT INTO _t_new (id, n, word) SELECT id, n, word FROM t; UPDATE t SET n = 9 WHERE id = 1;
      UPDATE _t_new SET n = 9 WHERE id = 1;
      RENAME TABLE t TO _t_old, _t_new TO t; INSERT INTO t VALUES (10, 10, 'ten', 10); DROP TABLE _t_old
      """
    try run.sql(swap)
    try run.expectEqual()
    #expect(try run.value("t", "2") == #"{"id":2,"n":2,"word":"two","extra":3}"#)
    try run.whileDown(
      """
      CREATE TABLE _t_new LIKE t; ALTER TABLE _t_new DROP COLUMN extra; INSERT INTO _t_new SELECT id, n, word FROM t;
      INSERT INTO _t_new VALUES (11, 11, 'eleven'); RENAME TABLE t TO _t_old, _t_new TO t, _t_old TO kept;
      INSERT INTO t VALUES (12, 12, 'twelve'); UPDATE kept SET n = -1
      """)
    try run.expectEqual()
    run.stop()
  }

  /// Statements with comments, odd names, several tables, other schemas, and those that change nothing of ours.
  @Test(arguments: TestMySQL.names) func S24_definitionsInManyWords(_ server: String) throws {
    let replication = try MySQLReplication(mysql: .shared(server), furtherSchemas: 1)
    let other = replication.database.names[1]
    let run = try MySQLRun(replication, "CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (1, 1)")
    try run.expectEqual()
    try run.sql(
      """
      /* leading */ ALTER /*! TABLE */ `t` ADD COLUMN `odd ``name ;` int DEFAULT 2 COMMENT 'a; comment -- here';
      INSERT INTO t VALUES (2, 2, 2);
      USE \(other); CREATE TABLE IF NOT EXISTS \(replication.name).w (id int, n int, PRIMARY KEY (id, n));
      ALTER TABLE \(replication.name).t ADD UNIQUE KEY k (n), ALGORITHM = INPLACE;
      INSERT INTO \(replication.name).w VALUES (1, 1);
      CREATE TABLE moved (id int PRIMARY KEY); INSERT INTO moved VALUES (1);
      RENAME TABLE moved TO \(replication.name).moved;
      INSERT INTO \(replication.name).moved VALUES (2);
      ALTER TABLE \(replication.name).w RENAME TO \(other).w;
      INSERT INTO w VALUES (2, 2); DROP TABLE IF EXISTS nothing, \(replication.name).nothing
      """)
    try run.expectEqual()
    try run.sql(
      """
      ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (n, id); INSERT INTO t VALUES (3, 3, 3);
      ALTER TABLE t CONVERT TO CHARACTER SET latin1; ALTER TABLE t PARTITION BY HASH (n) PARTITIONS 3;
      ALTER TABLE t TRUNCATE PARTITION p0; INSERT INTO t VALUES (6, 6, 6)
      """)
    try run.expectEqual()
    try run.sql("DROP DATABASE \(other); CREATE DATABASE \(other); CREATE TABLE \(other).w (k int PRIMARY KEY)")
    try run.expectEqual()
    run.stop()
  }

  /// The names of the log's files outgrow their six digits.
  @Test func S24_logNamesBeyond999999() throws {
    let mysql = try TestMySQL("mariadb-10.11")
    try mysql.sql("RESET MASTER TO 999998")
    let run = try MySQLRun(
      MySQLReplication(mysql: mysql), "CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)",
      ["database": ["mysql": "{gtid: off}"]])
    for id in 2...6 { try run.sql("INSERT INTO t VALUES (\(id)); FLUSH BINARY LOGS") }
    try run.expectEqual()
    try run.whileDown("INSERT INTO t VALUES (7)")
    try run.expectEqual()
    let checkpoint = try run.checkpoint()
    #expect(checkpoint.contains(".1000003"), "\(checkpoint)")
    run.stop()
    try mysql.server.stop()
  }
}
