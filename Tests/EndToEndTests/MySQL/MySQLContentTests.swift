// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

/// What the binary log brings that has broken systems like ours.
@Suite(.serialized, .waits) struct MySQLContentTests {
  private static func rows(_ range: ClosedRange<Int>, _ rest: String = "") -> String {
    range.map { "(\($0)\(rest))" }.joined(separator: ",")
  }

  @Test(arguments: TestMySQL.names) func S16_truncateAndDrop(_ server: String) throws {
    let run = try MySQLRun(
      on: server,
      """
      CREATE TABLE a (id int PRIMARY KEY, n int); CREATE TABLE b (id int PRIMARY KEY);
      CREATE TABLE c (id int PRIMARY KEY);
      INSERT INTO a VALUES \(Self.rows(1...500, ", 0")); INSERT INTO b VALUES (1), (2); INSERT INTO c VALUES (1)
      """)
    try run.expectEqual()
    // As close together as they come: rows, TRUNCATE, rows.
    try run.sql("UPDATE a SET n = 1; TRUNCATE a; INSERT INTO a VALUES (1, 2), (7, 7); TRUNCATE TABLE b; DROP TABLE c")
    try run.expectEqual()
    try run.sql("INSERT INTO a VALUES (8, 8); TRUNCATE a")
    try run.expectEqual()
    #expect(try run.replication.etcd.get(prefix: run.replication.rowsFolder).isEmpty)
    try run.sql("CREATE TABLE c (id int PRIMARY KEY, other text); INSERT INTO c VALUES (1, 'x'); DROP TABLE a, b")
    try run.expectEqual()
    run.stop()
  }

  @Test(arguments: TestMySQL.names) func S17_keysThatSwapAndKeysOfAnyText(_ server: String) throws {
    let run = try MySQLRun(
      on: server,
      """
      CREATE TABLE t (id int PRIMARY KEY, n text); INSERT INTO t VALUES (1, 'one'), (2, 'two'), (3, 'three');
      CREATE TABLE words (word varchar(700) COLLATE utf8mb4_bin PRIMARY KEY, n int)
      """)
    try run.sql(
      "BEGIN; UPDATE t SET id = -1 WHERE id = 1; UPDATE t SET id = 1 WHERE id = 2; "
        + "UPDATE t SET id = 2 WHERE id = -1; COMMIT"
    )
    try run.sql("UPDATE t SET id = id, n = CONCAT(n, '') WHERE id = 3; UPDATE t SET id = 3, n = 'again' WHERE id = 3")
    try run.expectEqual()
    #expect(try run.value("t", "1") == #"{"id":1,"n":"two"}"#)
    try run.sql(
      #"""
      INSERT INTO words VALUES ('a/b', 1), ('a%2Fb', 2), ('line\nbreak', 3), ('', 4), (REPEAT('long ', 130), 5),
        ('ünï😀', 6), (X'7F09', 7), ('"quoted\\', 8), ('é', 9), (_utf8mb4 X'65CC81', 10);
      UPDATE words SET word = CONCAT(word, '/') WHERE n IN (1, 4);
      UPDATE words SET n = n + 100
      """#)
    try run.expectEqual()
    #expect(try run.replication.etcd.get(prefix: run.replication.key("words", "")).count == 10)
    run.stop()
  }

  /// Three events above 16 MiB, which the protocol splits, in a transaction of their own and among others. etcd cannot
  /// store such a value: the column is left out.
  @Test(arguments: ["mysql-9.7", "mariadb-10.5", "mariadb-11.8"]) func S25_eventsAbove16MiB(_ server: String) throws {
    let replication = try MySQLReplication(server)
    try replication.database.sql("SET GLOBAL max_allowed_packet = 67108864")
    let run = try MySQLRun(
      replication,
      """
      CREATE TABLE t (id int PRIMARY KEY, body longblob, n int);
      INSERT INTO t VALUES (1, REPEAT('x', 17000000), 1), (2, 'small', 2)
      """,
      ["tables": ["columns": "{exclude: [\"\(replication.name).t.body\"]}"]])
    let withoutBody: (inout RowOracle) -> Void = { $0.excludedColumns = ["\(replication.name).t.body"] }
    try run.expectEqual(within: .seconds(60), withoutBody)
    try run.sql(
      """
      BEGIN; INSERT INTO t VALUES (3, REPEAT('y', 17000000), 3); UPDATE t SET n = 4 WHERE id = 1;
      UPDATE t SET id = 5 WHERE id = 3; INSERT INTO t VALUES (6, 'small', 6); COMMIT; DELETE FROM t WHERE id = 1
      """)
    // An event of exactly one full packet: 2^24 - 1 bytes with the leading byte; and its neighbours.
    for less in 40...46 { try run.sql("INSERT INTO t VALUES (\(less), REPEAT('z', 16777215 - \(less)), 0)") }
    try run.expectEqual(within: .seconds(90), withoutBody)
    run.stop()
  }

  @Test func S26_compressedTransactions() throws {
    let run = try MySQLRun("CREATE TABLE t (id int PRIMARY KEY, body text); INSERT INTO t VALUES (1, 'a')")
    try run.sql(
      """
      SET SESSION binlog_transaction_compression = ON; INSERT INTO t VALUES (2, 'b');
      BEGIN; INSERT INTO t VALUES \(Self.rows(10...4000, ", REPEAT('x', 500)")); DELETE FROM t WHERE id < 20; COMMIT;
      ALTER TABLE t ADD n int; UPDATE t SET n = 1 WHERE id < 100;
      SET SESSION binlog_transaction_compression = OFF; UPDATE t SET body = 'plain' WHERE id < 40
      """)
    try run.expectEqual()
    run.stop()
  }

  @Test(arguments: TestMySQL.names) func S26_checksumsAndCompressionChange(_ server: String) throws {
    let mysql = try TestMySQL(server)
    let run = try MySQLRun(
      MySQLReplication(mysql: mysql), "CREATE TABLE t (id int PRIMARY KEY, body text); INSERT INTO t VALUES (1, 'a')")
    try run.sql("SET GLOBAL binlog_checksum = NONE; INSERT INTO t VALUES (2, REPEAT('b', 300))")
    if mysql.isMariaDB {
      try run.sql("SET GLOBAL log_bin_compress = ON; SET GLOBAL log_bin_compress_min_len = 10")
      try run.sql(
        "INSERT INTO t VALUES \(Self.rows(10...500, ", REPEAT('x', 500)")); UPDATE t SET body = 'short' WHERE id < 20")
      let comment = String(repeating: "c", count: 300)
      try run.sql(
        "DELETE FROM t WHERE id BETWEEN 30 AND 60; CREATE TABLE later (id int PRIMARY KEY COMMENT '\(comment)'); "
          + "INSERT INTO later VALUES (1)")
    }
    try run.expectEqual()
    try run.whileDown(
      "SET GLOBAL binlog_checksum = CRC32; INSERT INTO t VALUES (3, 'c'); SET GLOBAL binlog_checksum = NONE")
    try run.sql("INSERT INTO t VALUES (4, 'd'); SET GLOBAL binlog_checksum = CRC32; INSERT INTO t VALUES (5, 'e')")
    try run.expectEqual()
    run.stop()
    try mysql.server.stop()
  }

  /// Columns that the log leaves out keep the value that the key holds. (Where a REPLACE sets a column back to its
  /// default, MariaDB's log with MINIMAL does not say so: its replicas keep the old value as well.)
  @Test(arguments: ["MINIMAL", "NOBLOB"], ["mysql-9.7", "mariadb-10.5", "mariadb-11.8"])
  func S27_partsOfRows(_ image: String, _ server: String) throws {
    let run = try MySQLRun(
      on: server,
      """
      CREATE TABLE t (id int PRIMARY KEY, a longtext, n int DEFAULT 5, b json, c blob);
      INSERT INTO t VALUES (1, REPEAT('ä"\\\\', 3000), 0, '{"k": [1, 2]}', 'c'), (2, 'two', 0, NULL, NULL),
      (3, '', 0, '[]', ''),
        (4, 'four', 4, '4', '4')
      """)
    try run.expectEqual()
    try run.sql(
      """
      SET SESSION binlog_row_image = '\(image)'; UPDATE t SET n = 1 WHERE id = 1;
      UPDATE t SET id = 20, n = 2 WHERE id = 2;
      BEGIN; UPDATE t SET n = 3 WHERE id = 3; UPDATE t SET a = 'new' WHERE id = 3; UPDATE t SET n = 4 WHERE id = 3;
      UPDATE t SET id = 30 WHERE id = 3; INSERT INTO t (id, a) VALUES (6, 'six'); UPDATE t SET n = 6 WHERE id = 6;
      UPDATE t SET id = 40 WHERE id = 4; UPDATE t SET id = 4, n = 7 WHERE id = 40; COMMIT;
      INSERT INTO t (id) VALUES (7); DELETE FROM t WHERE id = 20; REPLACE INTO t (id, a, n) VALUES (6, 'other', 6)
      """)
    try run.expectEqual()
    run.stop()
  }

  /// Once the value that the log leaves out is filled in, the rows behind it do not fit into the same request.
  @Test(arguments: ["mysql-9.7", "mariadb-10.11"]) func S27_muchLeftOutBeforeWholeRows(_ server: String) throws {
    let run = try MySQLRun(
      on: server,
      """
      CREATE TABLE large (id int PRIMARY KEY, n int, body longtext);
      INSERT INTO large VALUES (1, 0, REPEAT('a', 1200000));
      CREATE TABLE t (id int PRIMARY KEY, body text)
      """)
    try run.expectEqual()
    let before = run.tableDumps
    let inserts = (1...8).map { "INSERT INTO t VALUES (\($0), REPEAT('b', 60000))" }.joined(separator: ";")
    try run.sql("SET SESSION binlog_row_image = MINIMAL; BEGIN; UPDATE large SET n = 1; \(inserts); COMMIT")
    try run.expectEqual()
    #expect(run.tableDumps == before, "\(run.report)")
    run.stop()
  }

  /// With MINIMAL an INSERT names only the columns that the statement gave: the others have their defaults, which the
  /// log does not say. Rows are asked for while they are there, and after they have gone or moved; no table is dumped
  /// again.
  @Test(arguments: TestMySQL.names, ["auto", "off"])
  func S27_defaultsThatAnInsertLeavesOut(_ server: String, _ gtid: String) throws {
    let run = try MySQLRun(
      on: server,
      """
      CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a varchar(20) DEFAULT 'ä"', n int DEFAULT 5, d datetime(3)
        DEFAULT '2026-01-02 03:04:05.678', e enum('x', 'y') DEFAULT 'y', p decimal(10,2) DEFAULT -0.5,
        f double DEFAULT 1.5, v varbinary(10) DEFAULT 'v', o text, s timestamp(6) DEFAULT CURRENT_TIMESTAMP(6));
      CREATE TABLE words (w varchar(50), k varbinary(10), n int DEFAULT 7, PRIMARY KEY (w, k));
      INSERT INTO t (id, n) VALUES (1, 1), (2, 2); INSERT INTO words (w, k) VALUES ('ü/%', X'00FF')
      """, ["database": ["mysql": "{gtid: \(gtid)}"]])
    try run.expectEqual()
    let before = run.tableDumps
    let minimal = "SET SESSION binlog_row_image = MINIMAL;"
    let changes = """
      INSERT INTO t (id) VALUES (10), (11), (12), (13), (14), (15), (16);
      INSERT INTO t (id, a) VALUES (20, 'a'), (21, 'b');
      UPDATE t SET n = 1 WHERE id = 1; INSERT INTO t (id, n) VALUES (30, 30); INSERT INTO t (id, o) VALUES (31, 'o');
      INSERT INTO words (w, k) VALUES ('a/b', ''), ('', X'0102');
      BEGIN; INSERT INTO t (id, n) VALUES (40, 1); UPDATE t SET n = 2 WHERE id = 40; UPDATE t SET id = 41 WHERE id = 40;
      INSERT INTO t (id) VALUES (42); DELETE FROM t WHERE id = 42; INSERT INTO t (id, p) VALUES (42, 9.99); COMMIT;
      """
    // What of these rows the log says first is no longer so when it is read.
    let later = """
      DELETE FROM t WHERE id = 10; UPDATE t SET id = 110 WHERE id = 11; UPDATE t SET n = 6 WHERE id = 12;
      UPDATE t SET n = 7 WHERE id = 13; DELETE FROM t WHERE id = 13; UPDATE t SET id = 111, o = 'x' WHERE id = 14;
      UPDATE t SET id = 112 WHERE id = 111; UPDATE t SET id = 14 WHERE id = 15; DELETE FROM t WHERE id = 20;
      INSERT INTO t (id) VALUES (20); REPLACE INTO t (id, a) VALUES (21, 'again');
      UPDATE words SET w = 'moved' WHERE w = '';
      """
    // A whole image comes before those with holes.
    try run.sql("UPDATE t SET a = 'whole', n = 99, o = 'o' WHERE id = 2; " + minimal + changes)
    try run.expectEqual()
    try run.sql(minimal + later)
    try run.expectEqual()
    try run.sql("DELETE FROM t WHERE id >= 10; DELETE FROM words WHERE n = 7")
    try run.expectEqual()
    #expect(run.tableDumps == before, "\(run.report)")
    run.kill9()
    try run.sql(minimal + changes + later)
    try run.start()
    try run.expectEqual()
    #expect(run.tableDumps == 0, "\(run.report)")
    run.stop()
  }

  /// MariaDB 11.4 and later: the image after an update has only what changed.
  @Test func S27_fullWithoutDuplicates() throws {
    let run = try MySQLRun(
      on: "mariadb-11.8",
      "CREATE TABLE t (id int PRIMARY KEY, a text, n int); INSERT INTO t VALUES (1, 'a', 1), (2, 'b', 2)")
    try run.sql(
      "SET SESSION binlog_row_image = FULL_NODUP; UPDATE t SET n = 5 WHERE id = 1; UPDATE t SET id = 3 WHERE id = 2; "
        + "UPDATE t SET a = NULL; INSERT INTO t VALUES (4, 'd', 4); DELETE FROM t WHERE id = 3")
    try run.expectEqual()
    run.stop()
  }

  @Test(arguments: ["FULL", "MINIMAL", "NOBLOB"]) func S27_partialJSON(_ image: String) throws {
    let run = try MySQLRun(
      """
      CREATE TABLE t (id int PRIMARY KEY, j json, k json, n int);
      INSERT INTO t VALUES (1, '{"a": {"b": [1, 2, 3]}, "c": "text", "d": 1.5}', '{"x": 1}', 0),
        (2, '[1, [2, {"deep": [true]}], "z"]', NULL, 0), (3, '{"a": 1, "b": 2}', '[]', 0),
        (4, JSON_OBJECT('big', REPEAT('x', 5000), 'n', 0), '{}', 0)
      """)
    try run.expectEqual()
    try run.sql(
      """
      SET SESSION binlog_row_value_options = PARTIAL_JSON; SET SESSION binlog_row_image = \(image);
      UPDATE t SET j = JSON_SET(j, '$.a.b[1]', 'changed') WHERE id = 1;
      UPDATE t SET j = JSON_REMOVE(j, '$.c') WHERE id = 1;
      UPDATE t SET j = JSON_REPLACE(j, '$[1][1].deep[0]', false), n = 1 WHERE id = 2;
      UPDATE t SET j = JSON_SET(j, '$.e', 3), k = JSON_ARRAY_APPEND(k, '$', 1) WHERE id = 3;
      UPDATE t SET j = JSON_SET(j, '$.n', 1) WHERE id = 4;
      BEGIN; UPDATE t SET j = JSON_SET(j, '$.n', 2) WHERE id = 4;
      UPDATE t SET j = JSON_SET(j, '$.n', 3), id = 5 WHERE id = 4;
      INSERT INTO t VALUES (6, '{"n": 0, "m": "x"}', NULL, 0); UPDATE t SET j = JSON_SET(j, '$.m', 'y') WHERE id = 6;
      COMMIT;
      UPDATE t SET j = NULL, k = JSON_SET(k, '$.x', JSON_OBJECT('new', NULL)) WHERE id = 1
      """)
    try run.expectEqual()
    run.stop()
  }

  /// A change that the log does not carry as rows is never silence.
  @Test(arguments: TestMySQL.names) func S29_statements(_ server: String) throws {
    let run = try MySQLRun(
      on: server,
      """
      CREATE TABLE t (id int PRIMARY KEY, n int); CREATE TABLE u (id int PRIMARY KEY, n int);
      INSERT INTO t VALUES (1, 1), (2, 2), (3, 3); INSERT INTO u VALUES (1, 1)
      """)
    try run.expectEqual()
    try run.sql(
      """
      SET SESSION binlog_format = STATEMENT; UPDATE t SET n = n + 100; DELETE FROM t WHERE id = 2;
      INSERT INTO t SELECT id + 10, n FROM t; SET SESSION binlog_format = ROW; INSERT INTO t VALUES (50, 50)
      """)
    try run.expectEqual()
    try run.sql(
      """
      SET SESSION binlog_format = STATEMENT; BEGIN; UPDATE t, u SET t.n = 7, u.n = 8 WHERE t.id = u.id; COMMIT;
      REPLACE INTO u VALUES (1, 9), (2, 9); SET SESSION binlog_format = ROW
      """)
    try run.expectEqual()
    run.stop()
  }

  /// MySQL logs the rows that a cascade changes, MariaDB a sign of them only.
  @Test(arguments: TestMySQL.names) func S29_foreignKeyCascade(_ server: String) throws {
    let run = try MySQLRun(
      on: server,
      """
      CREATE TABLE p (id int PRIMARY KEY, n int); CREATE TABLE other (id int PRIMARY KEY);
      CREATE TABLE c (id int PRIMARY KEY, p int, FOREIGN KEY (p) REFERENCES p (id) ON DELETE CASCADE ON UPDATE CASCADE);
      CREATE TABLE g (id int PRIMARY KEY, c int, FOREIGN KEY (c) REFERENCES c (id) ON DELETE SET NULL);
      INSERT INTO p VALUES (1, 1), (2, 2), (3, 3); INSERT INTO c VALUES (1, 1), (2, 2), (3, 3);
      INSERT INTO g VALUES (1, 1), (2, 2)
      """)
    try run.expectEqual()
    try run.sql("DELETE FROM p WHERE id = 1")
    try run.expectEqual()
    try run.sql(
      "BEGIN; INSERT INTO other VALUES (1); UPDATE p SET id = 20 WHERE id = 2; INSERT INTO c VALUES (9, 3); COMMIT")
    try run.expectEqual()
    run.stop()
  }

  /// Each of its statements stands for itself in the log, and none ends with a transaction's number.
  @Test(arguments: TestMySQL.names) func S29_nonTransactionalEngine(_ server: String) throws {
    let run = try MySQLRun(
      on: server,
      """
      CREATE TABLE m (id int PRIMARY KEY, n int) ENGINE = MyISAM; CREATE TABLE i (id int PRIMARY KEY, n int);
      INSERT INTO m VALUES (1, 1), (2, 2); INSERT INTO i VALUES (1, 1)
      """)
    try run.expectEqual()
    try run.sql(
      """
      UPDATE m SET n = n + 1; INSERT INTO m VALUES (5, 5), (6, 6); BEGIN; INSERT INTO i VALUES (5, 5); COMMIT;
      DELETE FROM m WHERE id = 5; REPLACE INTO m VALUES (6, 7); BEGIN; INSERT INTO m VALUES (7, 7); ROLLBACK
      """)
    try run.expectEqual()
    // With GTIDs MySQL refuses both engines in one transaction.
    if server.hasPrefix("mariadb") {
      try run.sql(
        """
        BEGIN; INSERT INTO m VALUES (3, 3); INSERT INTO i VALUES (3, 3); UPDATE m SET n = 9 WHERE id = 3; ROLLBACK;
        BEGIN; INSERT INTO i VALUES (4, 4); DELETE FROM m WHERE id = 1; COMMIT; DELETE FROM m WHERE id = 2
        """)
      try run.expectEqual()
    }
    run.stop()
  }

  /// LOAD DATA, INSERT … SELECT, CREATE … SELECT, temporary tables, triggers, procedures and events of many statements.
  @Test(arguments: TestMySQL.names) func statementsOfManyKinds(_ server: String) throws {
    let run = try MySQLRun(
      on: server,
      """
      CREATE TABLE t (id int PRIMARY KEY AUTO_INCREMENT, n int);
      CREATE TABLE log (id int PRIMARY KEY AUTO_INCREMENT, n int);
      CREATE TRIGGER after_t AFTER INSERT ON t FOR EACH ROW INSERT INTO log (n) VALUES (NEW.n);
      INSERT INTO t (n) VALUES (1)
      """)
    try run.expectEqual()
    try run.sql(
      """
      CREATE TEMPORARY TABLE scratch (id int PRIMARY KEY); INSERT INTO scratch VALUES (1); DROP TEMPORARY TABLE scratch;
      CREATE TABLE copied (PRIMARY KEY (id)) SELECT id, n FROM t; CREATE TABLE liked LIKE t;
      INSERT INTO liked SELECT * FROM t;
      INSERT INTO t (n) SELECT n + 1 FROM t; INSERT IGNORE INTO t VALUES (1, 7);
      DELIMITER //
      CREATE PROCEDURE fill() BEGIN DECLARE i int DEFAULT 0; WHILE i < 10 DO INSERT INTO t (n) VALUES (i);
      SET i = i + 1;
        END WHILE; END//
      DELIMITER ;
      CALL fill(); CREATE INDEX i ON t (n); ANALYZE TABLE t; FLUSH TABLES; CREATE VIEW v AS SELECT * FROM t;
      GRANT SELECT ON v
        TO sync@'%'; DROP VIEW v; OPTIMIZE TABLE copied
      """)
    try run.expectEqual()
    run.stop()
  }
}
