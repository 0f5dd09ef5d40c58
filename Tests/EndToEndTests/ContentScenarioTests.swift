// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

/// What PostgreSQL's log brings that has broken systems like ours.
@Suite(.serialized, .waits) struct ContentScenarioTests {
  /// Many rows under one LSN; BEGIN and its first row share one, COMMIT and the next BEGIN too.
  @Test func S02_manyRowsUnderOnePosition() throws {
    let (replication, syncd) = try running("CREATE TABLE t (id int PRIMARY KEY, n int)")
    let copied = (1...5000).map { "\($0)\t0" }.joined(separator: "\n")
    try replication.database.psql("COPY t FROM stdin;\n\(copied)\n\\.\n")
    for id in 1...30 { try replication.database.psql("UPDATE t SET n = 1 WHERE id = \(id)") }
    try expectEqual(replication, syncd)
    #expect(syncd.terminate() == .status(0))
    let revision = try replication.etcd.revision
    let again = try replication.start()
    try replication.database.psql("UPDATE t SET n = 2 WHERE id = 31")
    try expectEqual(replication, again)
    #expect(try replication.history(from: revision + 1).count == 1)
  }

  @Test func S12_rollbackToSavepointInALargeTransaction() throws {
    let (replication, syncd) = try running("CREATE TABLE t (id int PRIMARY KEY, body text)")
    let other = try replication.database.psqlInBackground(
      "SELECT pg_sleep(0.2); INSERT INTO t SELECT g, 'between' FROM generate_series(900001, 900100) g")
    try replication.database.psql(
      """
      BEGIN;
      INSERT INTO t SELECT g, repeat(md5(g::text), 4) FROM generate_series(1, 8000) g;
      SAVEPOINT one;
      UPDATE t SET body = 'rolled back' WHERE id <= 4000;
      DELETE FROM t WHERE id > 7000;
      SELECT pg_sleep(0.5);
      ROLLBACK TO SAVEPOINT one;
      SAVEPOINT two;
      UPDATE t SET body = 'kept' WHERE id BETWEEN 10 AND 20;
      RELEASE SAVEPOINT two;
      COMMIT
      """)
    #expect(other.waitForExit(within: .seconds(30)) == .status(0))
    try expectEqual(replication, syncd)
    let history = try replication.history()
    #expect(!history.contains { $0.text.contains("rolled back") })
  }

  @Test func S13_unchangedLargeValues() throws {
    let (replication, syncd) = try running(
      """
      CREATE TABLE t (id int PRIMARY KEY, a text, n int, b jsonb, c bytea);
      ALTER TABLE t ALTER a SET STORAGE EXTERNAL, ALTER b SET STORAGE EXTERNAL, ALTER c SET STORAGE EXTERNAL;
      INSERT INTO t SELECT g, repeat('ä"\\' || g, 2000), 0, jsonb_build_object('k', repeat('v', 9000)),
                           convert_to(repeat('bytes', 2000), 'UTF8') FROM generate_series(1, 5) g
      """)
    try replication.database.psql("UPDATE t SET n = 1 WHERE id = 1")
    // Together with a change of the key.
    try replication.database.psql("UPDATE t SET id = 20, n = 2 WHERE id = 2")
    // Several times in one transaction, one of the values among it, and after an insert of the same transaction.
    try replication.database.psql(
      """
      BEGIN;
      UPDATE t SET n = 3 WHERE id = 3;
      UPDATE t SET a = repeat('new', 3000) WHERE id = 3;
      UPDATE t SET n = 4 WHERE id = 3;
      UPDATE t SET id = 30 WHERE id = 3;
      INSERT INTO t VALUES (6, repeat('six', 3000), 0, NULL, NULL);
      UPDATE t SET n = 6 WHERE id = 6;
      UPDATE t SET id = 40 WHERE id = 4;
      UPDATE t SET id = 4, n = 7 WHERE id = 40;
      COMMIT
      """)
    try expectEqual(replication, syncd)
  }

  @Test func S14_aTableChosenLaterBringsItsOldRows() throws {
    let replication = try Replication()
    try replication.database.psql(
      """
      CREATE TABLE a (id int PRIMARY KEY); INSERT INTO a VALUES (1);
      CREATE TABLE b (id int PRIMARY KEY); INSERT INTO b VALUES (1), (2)
      """)
    let first = try replication.start(["tables": ["include": #"["public.a"]"#]])
    #expect(try replication.differences { $0.tables = ["public.a"] }.isEmpty, "\(first.log.suffix(2000))")
    #expect(first.terminate() == .status(0))
    let second = try replication.start(["tables": ["include": #"["public.a", "public.b"]"#]])
    try replication.database.psql("INSERT INTO b VALUES (3); DELETE FROM b WHERE id = 1")
    try expectEqual(replication, second)
  }

  @Test func S16_truncate() throws {
    let (replication, syncd) = try running(
      """
      CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a);
      CREATE TABLE c (id int PRIMARY KEY);
      INSERT INTO a SELECT generate_series(1, 500); INSERT INTO b SELECT g, g FROM generate_series(1, 500) g;
      INSERT INTO c VALUES (1)
      """)
    try replication.database.psql("BEGIN; TRUNCATE c; INSERT INTO c VALUES (1), (2), (5); COMMIT")
    try expectEqual(replication, syncd)
    try replication.database.psql(
      "BEGIN; INSERT INTO c VALUES (8); TRUNCATE a CASCADE; TRUNCATE c; INSERT INTO c VALUES (8); TRUNCATE c; COMMIT")
    try expectEqual(replication, syncd)
    #expect(try replication.etcd.get(prefix: replication.rowsFolder).isEmpty)
    try replication.database.psql(
      "INSERT INTO a VALUES (1); INSERT INTO b VALUES (1, 1); TRUNCATE a, b, c RESTART IDENTITY")
    try expectEqual(replication, syncd)
  }

  @Test func S17_keysThatSwapAndKeysOfAnyText() throws {
    let (replication, syncd) = try running(
      """
      CREATE TABLE t (id int PRIMARY KEY, n text); INSERT INTO t VALUES (1, 'one'), (2, 'two'), (3, 'three');
      CREATE TABLE words (word text PRIMARY KEY, n int)
      """)
    try replication.database.psql(
      "BEGIN; UPDATE t SET id = -1 WHERE id = 1; UPDATE t SET id = 1 WHERE id = 2; "
        + "UPDATE t SET id = 2 WHERE id = -1; COMMIT"
    )
    try replication.database.psql("UPDATE t SET id = id WHERE id = 3")
    try expectEqual(replication, syncd)
    #expect(try replication.etcd.get(replication.key("t", "1"))?.text == #"{"id":1,"n":"two"}"#)
    try replication.database.psql(
      """
      INSERT INTO words VALUES ('a/b', 1), ('a%2Fb', 2), (E'line\\nbreak', 3), ('', 4), (repeat('long ', 2000), 5),
        ('ünï\u{1F600}', 6), (E'\\x7f\\t', 7), ('"quoted\\', 8);
      UPDATE words SET word = word || '/' WHERE n IN (1, 4);
      UPDATE words SET n = n + 100
      """)
    try expectEqual(replication, syncd)
    #expect(try replication.etcd.get(prefix: replication.rowsFolder + "public/words/").count == 8)
  }

  /// Loaded once before the dump and once behind it: both ways must print the same bytes.
  @Test(arguments: ["pg-15", "pg-17", "pg-18"])
  func S18_valuesOfEveryKind(_ server: String) throws {
    let replication = try Replication(postgres: .shared(server))
    try replication.database.psql(EveryKind.schema)
    for row in EveryKind.rows { try replication.database.psql("INSERT INTO everything VALUES (\(row))") }
    let syncd = try replication.start()
    try expectEqual(replication, syncd)
    // A new primary key sends each row through the log.
    try replication.database.psql("UPDATE everything SET id = id + 1000, mood = 'new' WHERE id < 1000")
    try expectEqual(replication, syncd)
    try replication.database.psql("ALTER TYPE mood ADD VALUE 'later'")
    try replication.database.psql("UPDATE everything SET mood = 'later'")
    try expectEqual(replication, syncd)
  }

  @Test func S18_wideTable() throws {
    let columns = (1...1599).map { "c\($0) int" }.joined(separator: ", ")
    let (replication, syncd) = try running(
      "CREATE TABLE wide (id int PRIMARY KEY, \(columns)); INSERT INTO wide VALUES (1)")
    try replication.database.psql("INSERT INTO wide (id, c1599) VALUES (2, 7); UPDATE wide SET c800 = 3 WHERE id = 1")
    try expectEqual(replication, syncd)
  }

  @Test func S19_partitionsAreOneTable() throws {
    let (replication, syncd) = try running(
      """
      CREATE TABLE p (id int, region text, n int, PRIMARY KEY (id, region)) PARTITION BY LIST (region);
      CREATE TABLE p_north PARTITION OF p FOR VALUES IN ('north');
      CREATE TABLE p_south PARTITION OF p FOR VALUES IN ('south');
      INSERT INTO p VALUES (1, 'north', 1), (2, 'south', 2)
      """)
    try replication.database.psql(
      "UPDATE p SET region = 'south' WHERE id = 1; INSERT INTO p_north VALUES (3, 'north', 3)")
    try expectEqual(replication, syncd)
    try replication.database.psql(
      "CREATE TABLE p_east PARTITION OF p FOR VALUES IN ('east'); INSERT INTO p VALUES (4, 'east', 4)")
    try expectEqual(replication, syncd)
  }

  /// The replica identity is another index for a moment: what has happened to the key meanwhile is not in the log.
  @Test(arguments: ["DELETE FROM t WHERE id = 2", "UPDATE t SET id = 33 WHERE id = 3"])
  func replicaIdentityOfAnotherIndex(statement: String) throws {
    let replication = try Replication()
    try replication.database.psql(
      "CREATE TABLE t (id int PRIMARY KEY, u int NOT NULL UNIQUE); "
        + "INSERT INTO t SELECT g, g FROM generate_series(1, 6) g"
    )
    let syncd = try replication.start()
    #expect(try replication.waitUntilSyncing(), "\(syncd.log.suffix(2000))")
    try replication.database.psql(
      "ALTER TABLE t REPLICA IDENTITY USING INDEX t_u_key; \(statement); ALTER TABLE t REPLICA IDENTITY DEFAULT; "
        + "UPDATE t SET u = 50 WHERE id = 5")
    let differences = try replication.differences(within: .seconds(45))
    #expect(differences.isEmpty, "\(differences)\n\(syncd.log.suffix(2000))")
    #expect(syncd.terminate() == .status(0))
  }
}
