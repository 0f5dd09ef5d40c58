// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

/// The rows that exist when the daemon starts.
@Suite(.serialized, .waits) struct DumpTests {
  @Test func everyRowOfEveryTable() throws {
    let replication = try Replication()
    try replication.database.psql(
      """
      CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL, email text);
      INSERT INTO customers
      SELECT g, 'customer ' || g, NULLIF(g % 3, 0) || '@example.org' FROM generate_series(1, 2500) g;
      CREATE SCHEMA stock;
      CREATE TABLE stock.levels (place text, article int, amount numeric(10,3), PRIMARY KEY (article, place));
      INSERT INTO stock.levels SELECT 'hall/' || g % 7, g, g / 8.0 FROM generate_series(1, 500) g;
      CREATE TABLE nothing_yet (id int PRIMARY KEY);
      """)
    let syncd = try replication.start()
    let differences = try replication.differences()
    #expect(differences.isEmpty, "\(differences)\n\(syncd.log.suffix(2000))")
    #expect(differences.rows == 3000)
    #expect(try replication.etcd.get("/\(replication.name)/stock/levels/7/hall%2F0") != nil)
  }

  @Test func aTableThatNeedsManyRequests() throws {
    let replication = try Replication()
    try replication.database.psql(
      """
      CREATE TABLE big (id bigint PRIMARY KEY, body text);
      INSERT INTO big SELECT g, repeat(md5(g::text), 8) FROM generate_series(1, 20000) g;
      """)
    let syncd = try replication.start()
    let differences = try replication.differences(within: .seconds(60))
    #expect(differences.isEmpty, "\(differences)\n\(syncd.log.suffix(2000))")
    #expect(differences.rows == 20000)
  }

  /// Between the dump's snapshot and the log nothing is lost and nothing old comes back.
  @Test func writesDuringTheDump() throws {
    let replication = try Replication()
    try replication.database.psql(
      """
      CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL, filler text);
      INSERT INTO t SELECT g, 0, repeat('x', 200) FROM generate_series(1, 20000) g;
      """)
    let syncd = try replication.start()
    for round in 1...20 {
      try replication.database.psql(
        """
        UPDATE t SET n = n + 1 WHERE id % 20 = \(round % 20);
        DELETE FROM t WHERE id = \(round * 37);
        INSERT INTO t VALUES (\(100_000 + round), \(round), NULL)
        """)
    }
    let differences = try replication.differences(within: .seconds(60))
    #expect(differences.isEmpty, "\(differences)\n\(syncd.log.suffix(2000))")
  }

  /// The first dump is interrupted, and a table that it had finished is dropped: the next one knows of its keys.
  @Test func aTableDroppedAfterAnInterruptedDump() throws {
    let replication = try Replication()
    try replication.database.psql(
      """
      CREATE TABLE a (id int PRIMARY KEY); INSERT INTO a VALUES (1), (2);
      CREATE TABLE b (id int PRIMARY KEY, filler text);
      INSERT INTO b SELECT g, repeat('x', 200) FROM generate_series(1, 100000) g;
      """)
    let first = try replication.start()
    let hasBegun = try waitUntil(within: .seconds(30)) { try replication.etcd.get(replication.key("b", "1")) != nil }
    #expect(hasBegun, "\(first.log.suffix(2000))")
    first.kill9()
    #expect(try replication.etcd.get(replication.key("a", "1")) != nil)
    try replication.database.psql("DROP TABLE a; DELETE FROM b WHERE id > 1000")
    let syncd = try replication.start()
    let differences = try replication.differences(within: .seconds(60))
    #expect(differences.isEmpty, "\(differences)\n\(syncd.log.suffix(2000))")
    #expect(try replication.etcd.get(replication.key("a", "1")) == nil, "\(syncd.log.suffix(2000))")
  }

  /// A table without a key is left out for a while, and has its key again when another instance begins.
  @Test func aTableThatIsLeftOutForAWhile() throws {
    let replication = try Replication()
    try replication.database.psql(
      "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY); INSERT INTO a VALUES (1), (2)")
    let first = try replication.start()
    #expect(try replication.waitUntilSyncing(), "\(first.log.suffix(2000))")
    try replication.database.psql("ALTER TABLE a DROP CONSTRAINT a_pkey")
    #expect(first.waitForLine(containing: "level=error", "a has no primary key") != nil, "\(first.log.suffix(2000))")
    try replication.database.psql("INSERT INTO a VALUES (3); INSERT INTO b VALUES (1)")
    let isPast = try waitUntil(within: .seconds(20)) { try replication.etcd.get(replication.key("b", "1")) != nil }
    #expect(isPast, "\(first.log.suffix(2000))")
    first.kill9()
    try replication.database.psql("ALTER TABLE a ADD PRIMARY KEY (id)")
    let syncd = try replication.start()
    let differences = try replication.differences()
    #expect(differences.isEmpty, "\(differences)\n\(syncd.log.suffix(2000))")
  }

  @Test func keysOfAChosenTableThatHaveNoRowGo() throws {
    let replication = try Replication()
    try replication.database.psql("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)")
    try replication.etcd.etcdctl(["put", replication.key("t", "2"), "{}"])
    // Not ours: beside the table, and another table's prefix that begins with the same letters.
    let foreign = ["/\(replication.name)/public/t2/1", "/\(replication.name)/public/t", "/\(replication.name)x/1"]
    for key in foreign { try replication.etcd.etcdctl(["put", key, "foreign"]) }
    let syncd = try replication.start()
    let isDone = try waitUntil(within: .seconds(30)) {
      try replication.etcd.get(replication.key("t", "1")) != nil
        && replication.etcd.get(replication.key("t", "2")) == nil
    }
    #expect(isDone, "\(syncd.log.suffix(2000))")
    for key in foreign { #expect(try replication.etcd.get(key)?.text == "foreign") }
  }

  @Test func dumpOnlyEndsWithStatusZero() throws {
    let replication = try Replication()
    try replication.database.psql("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)")
    let syncd = try replication.start(["sync": ["dump": "only"]])
    #expect(syncd.waitForExit() == .status(0), "\(syncd.log.suffix(2000))")
    #expect(try replication.differences(within: .zero).isEmpty)
  }
}
