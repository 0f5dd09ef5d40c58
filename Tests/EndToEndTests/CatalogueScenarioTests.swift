// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

/// What ALTER does to rows without a row in the log, and without another name or type of a column.
@Suite(.waits) struct CatalogueScenarioTests {
  private static let looks = Duration.seconds(35)

  /// The tables that were dumped, one line each time.
  private func dumps(_ syncd: SyncdProcess) -> [String] {
    syncd.lines.filter { $0.contains("table dumped") }.compactMap { line in
      line.split(separator: " ").first { $0.hasPrefix("table=") }.map { String($0.dropFirst(6)) }
    }
  }

  @Test(arguments: ["pg-13", "pg-15", "pg-17", "pg-18"])
  func S15_columnsWrittenAnew(_ server: String) throws {
    let (replication, syncd) = try running(
      on: server,
      """
      CREATE TABLE computed (id int PRIMARY KEY, n int);
      INSERT INTO computed SELECT g, g * 10 FROM generate_series(1, 9) g;
      CREATE TABLE keys (id int PRIMARY KEY, n int);
      INSERT INTO keys SELECT g, g * 10 FROM generate_series(1, 9) g;
      CREATE TABLE again (id int PRIMARY KEY, n int);
      INSERT INTO again SELECT g, g * 10 FROM generate_series(1, 9) g;
      CREATE TABLE scale (id numeric(10, 2) PRIMARY KEY, n numeric(10, 2)); INSERT INTO scale VALUES (1.5, 1), (2, 2);
      CREATE TABLE padded (id char(3) PRIMARY KEY, n int); INSERT INTO padded VALUES ('a', 1), ('b', 2);
      CREATE TABLE parts (id int PRIMARY KEY, n int) PARTITION BY RANGE (id);
      CREATE TABLE part PARTITION OF parts FOR VALUES FROM (0) TO (9); INSERT INTO parts VALUES (1, 1)
      """)
    try replication.database.psql(
      """
      ALTER TABLE computed ALTER n TYPE int USING n + 1;
      ALTER TABLE keys ALTER id TYPE int USING id + 100; UPDATE keys SET n = 0 WHERE id = 103;
      BEGIN; ALTER TABLE again DROP n; ALTER TABLE again ADD n int DEFAULT 7; COMMIT;
      ALTER TABLE scale ALTER id TYPE numeric(12, 4), ALTER n TYPE numeric(12, 4);
      UPDATE scale SET n = 3 WHERE id = 1.5;
      ALTER TABLE padded ALTER id TYPE char(5); DELETE FROM padded WHERE id = 'a';
      ALTER TABLE parts ALTER n TYPE int USING n + 1
      """)
    try expectEqual(replication, syncd)
    // While nobody looks, and behind another file of the table.
    try replication.database.psql("VACUUM FULL computed")
    #expect(syncd.terminate() == .status(0))
    try replication.database.psql("ALTER TABLE computed ALTER n TYPE int USING n + 1")
    let second = try replication.start()
    try expectEqual(replication, second)
    #expect(dumps(second) == ["public.computed"])
  }

  /// What the publication left out for a moment is not in the log; another table in it changes nothing for the first.
  @Test(arguments: ["pg-13", "pg-18"])
  func S14_publishedInPartForAWhile(_ server: String) throws {
    let (replication, syncd) = try running(
      on: server, "CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (1, 1), (2, 1), (3, 1)")
    try replication.database.psql("CREATE TABLE u (id int PRIMARY KEY); INSERT INTO u VALUES (1)")
    try expectEqual(replication, syncd)
    #expect(dumps(syncd) == ["public.t", "public.u"])
    let publication = "ALTER PUBLICATION \(replication.name)"
    try replication.database.psql(
      """
      \(publication) SET (publish = 'insert'); DELETE FROM t WHERE id = 2; UPDATE t SET n = 2 WHERE id = 3;
      \(publication) SET (publish = 'insert, update, delete, truncate'); INSERT INTO t VALUES (4, 1)
      """)
    try expectEqual(replication, syncd)
  }

  @Test(arguments: ["pg-13", "pg-15", "pg-17", "pg-18"])
  func S19_partitionsGoneForAWhile(_ server: String) throws {
    let (replication, syncd) = try running(
      on: server,
      """
      CREATE TABLE p (id int PRIMARY KEY, n int) PARTITION BY RANGE (id);
      CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9); INSERT INTO p VALUES (2, 1), (3, 1);
      CREATE TABLE q (id int PRIMARY KEY, n int) PARTITION BY RANGE (id);
      CREATE TABLE q1 PARTITION OF q FOR VALUES FROM (0) TO (9) PARTITION BY RANGE (id);
      CREATE TABLE q11 PARTITION OF q1 FOR VALUES FROM (0) TO (9); INSERT INTO q VALUES (2, 1), (3, 1);
      """)
    let changes = { (leaf: String) in
      "UPDATE \(leaf) SET n = -1 WHERE id = 2; DELETE FROM \(leaf) WHERE id = 3; INSERT INTO \(leaf) VALUES (4, 4);"
    }
    try replication.database.psql(
      """
      ALTER TABLE p DETACH PARTITION p1; \(changes("p1")) ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (0) TO (9);
      BEGIN; ALTER TABLE q DETACH PARTITION q1; \(changes("q11"))
      ALTER TABLE q ATTACH PARTITION q1 FOR VALUES FROM (0) TO (9); COMMIT
      """)
    try expectEqual(replication, syncd)
  }

  @Test(arguments: ["pg-13", "pg-15", "pg-17", "pg-18"])
  func S18_typesAltered(_ server: String) throws {
    let (replication, syncd) = try running(
      on: server,
      """
      CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TYPE pair AS (a int, b text); CREATE TYPE gone AS (a int, b text);
      CREATE TYPE outside AS (x pair, y mood[]); CREATE DOMAIN deep AS outside[];
      CREATE TABLE r (a int PRIMARY KEY, b text);
      CREATE TYPE span AS RANGE (subtype = mood); CREATE TYPE late AS (a int);
      CREATE TABLE enums (id mood PRIMARY KEY, n mood, list mood[]); INSERT INTO enums VALUES ('a', 'b', '{a,b}');
      CREATE TABLE spans (id int PRIMARY KEY, s span); INSERT INTO spans VALUES (1, '[a,b]');
      CREATE TABLE pairs (id int PRIMARY KEY, p pair, g gone, l late[]);
      INSERT INTO pairs VALUES (1, (1, 'a'), (1, 'a'), '{(1)}');
      CREATE TABLE nested (id int PRIMARY KEY, d deep);
      INSERT INTO nested VALUES (1, ARRAY[ROW(ROW(1, 'a'), '{a}')::outside]);
      CREATE TABLE rows (id int PRIMARY KEY, v r); INSERT INTO rows VALUES (1, (1, 'a'))
      """)
    try replication.database.psql(
      """
      ALTER TYPE mood RENAME VALUE 'a' TO 'z'; ALTER TYPE pair RENAME ATTRIBUTE a TO z;
      ALTER TYPE gone DROP ATTRIBUTE a; ALTER TYPE late ADD ATTRIBUTE b int; ALTER TABLE r ADD c int
      """)
    try expectEqual(replication, syncd)
    // A label that came later than the dump.
    try replication.database.psql("ALTER TYPE mood ADD VALUE 'c' BEFORE 'b'")
    try replication.database.psql("INSERT INTO enums VALUES ('c', 'c', '{c}')")
    #expect(syncd.waitForLine(containing: "the catalogue has changed", "public.spans", within: Self.looks) != nil)
    #expect(!waitUntil(within: Self.looks) { dumps(syncd).filter { $0 == "public.enums" }.count > 2 })
    try replication.database.psql("ALTER TYPE mood RENAME VALUE 'c' TO 'd'")
    try expectEqual(replication, syncd)
  }

  /// What changes no row costs no dump.
  @Test(arguments: ["pg-13", "pg-17", "pg-18"])
  func S15_noNeedlessDumps(_ server: String) throws {
    let (replication, syncd) = try running(
      on: server,
      """
      CREATE TYPE mood AS ENUM ('a'); CREATE TABLE t (id int PRIMARY KEY, n varchar(5), m mood);
      INSERT INTO t SELECT g, 'x', 'a' FROM generate_series(1, 9) g;
      CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p DEFAULT
      """)
    let before = dumps(syncd)
    try replication.database.psql("ANALYZE; VACUUM FULL t; CLUSTER t USING t_pkey; TRUNCATE t")
    #expect(!waitUntil(within: .seconds(20)) { dumps(syncd) != before })
    // Without the file of the last look this would be taken for a rewrite.
    try replication.database.psql(
      """
      BEGIN; ALTER TABLE t ALTER n SET DEFAULT 'y', ALTER n SET STATISTICS 7, ALTER n TYPE varchar(9);
      ALTER TYPE mood ADD VALUE 'b'; GRANT SELECT (n) ON t TO PUBLIC; ALTER TABLE p ALTER id SET STATISTICS 7; COMMIT
      """)
    // Noticed, and written into the state.
    let isSeen = waitUntil(within: Self.looks) {
      syncd.lines.filter { $0.contains("following the log") }.count > 1
    }
    #expect(isSeen)
    try replication.database.psql("VACUUM FULL t; INSERT INTO t VALUES (20, 'y', 'b')")
    #expect(!waitUntil(within: .seconds(20)) { dumps(syncd) != before })
    try expectEqual(replication, syncd)
    #expect(syncd.terminate() == .status(0))
    try replication.database.psql("TRUNCATE t; VACUUM FULL t; INSERT INTO t VALUES (21, 'y', 'b')")
    let second = try replication.start()
    try expectEqual(replication, second)
    #expect(dumps(second).isEmpty)
  }

  /// Values stay as they are; a row under a key that is its own no longer would stay for ever.
  @Test func S15_keptValuesAndOtherKeys() throws {
    let (replication, syncd) = try running(
      on: "pg-15", changes: ["tables": ["on_schema_change": "keep"]],
      """
      CREATE TYPE mood AS ENUM ('a', 'b');
      CREATE TABLE kept (id int PRIMARY KEY, n int, m mood); INSERT INTO kept VALUES (1, 10, 'a');
      CREATE TABLE computed (id int PRIMARY KEY, n int); INSERT INTO computed VALUES (1, 10);
      CREATE TABLE moods (id mood PRIMARY KEY, n int); INSERT INTO moods VALUES ('a', 10);
      CREATE TABLE typed (id int PRIMARY KEY, n int); INSERT INTO typed VALUES (1, 10);
      CREATE TABLE words (id varchar(5) PRIMARY KEY, n int); INSERT INTO words VALUES ('a', 10)
      """)
    let before = dumps(syncd)
    try replication.database.psql(
      """
      ALTER TABLE kept ALTER n TYPE int USING n + 1; ALTER TYPE mood RENAME VALUE 'a' TO 'z';
      ALTER TABLE computed ALTER id TYPE int USING id + 100;
      ALTER TABLE typed ALTER id TYPE numeric(9, 2); UPDATE typed SET n = 11;
      ALTER TABLE words ALTER id TYPE text; UPDATE words SET n = 11
      """)
    #expect(!waitUntil(within: .seconds(20)) { dumps(syncd).count > before.count + 3 })
    #expect(Set(dumps(syncd).dropFirst(before.count)) == ["public.computed", "public.moods", "public.typed"])
    let differences = try replication.differences(within: .seconds(1))
    #expect(
      differences.missing.isEmpty && differences.extra.isEmpty && differences.different.count == 1, "\(differences)")
    #expect(try replication.etcd.get(replication.key("kept", "1"))?.text == #"{"id":1,"n":10,"m":"a"}"#)
  }

  /// A state of the version before says nothing of the columns' entries: what is there now is what was dumped.
  @Test func statesOfAnEarlierVersionAreBelieved() throws {
    let (replication, syncd) = try running(
      on: "pg-17",
      """
      CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (1, 10);
      CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p DEFAULT;
      INSERT INTO p VALUES (1)
      """)
    #expect(syncd.terminate() == .status(0))
    for state in try replication.etcd.get(prefix: replication.stateFolder + "tables/") {
      let old = state.text.replacing(/,"entries":\[.*?\],"file":\d+/, with: "")
        .replacing(/("\d+\/\d+)\/[0-9.]+"/) { "\($0.output.1)\"" }
      #expect(old != state.text, "\(state.text)")
      try replication.etcd.etcdctl(["put", state.key], input: old)
    }
    let second = try replication.start()
    try replication.database.psql("INSERT INTO t VALUES (2, 20); INSERT INTO p VALUES (2)")
    try expectEqual(replication, second)
    #expect(dumps(second).isEmpty)
    for state in try replication.etcd.get(prefix: replication.stateFolder + "tables/") {
      #expect(state.text.contains("\"entries\":[\"1 "), "\(state.text)")
    }
    try replication.database.psql("ALTER TABLE t ALTER n TYPE int USING n + 1")
    try expectEqual(replication, second)
  }
}
