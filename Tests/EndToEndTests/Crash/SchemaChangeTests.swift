// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

/// Tables that come, go and change while the daemon runs.
@Suite(.serialized, .waits) struct SchemaChangeTests {
  private func running(
    _ tables: String, _ changes: [String: [String: String]] = [:]
  ) throws -> (Replication, SyncdProcess) {
    let replication = try Replication()
    try replication.database.psql(tables)
    let syncd = try replication.start(changes)
    try expectEqual(replication, syncd)
    return (replication, syncd)
  }

  private func expectEqual(
    _ replication: Replication, _ syncd: SyncdProcess, location: SourceLocation = #_sourceLocation
  ) throws {
    let differences = try replication.differences(within: .seconds(45))
    #expect(differences.isEmpty, "\(differences)\n\(syncd.log.suffix(2500))", sourceLocation: location)
  }

  /// What sends no rows is noticed all the same, and what is in etcd follows.
  @Test func S15_alterTableRedump() throws {
    let (replication, syncd) = try running(
      """
      CREATE TABLE a (id int PRIMARY KEY, n int); INSERT INTO a SELECT g, g FROM generate_series(1, 50) g;
      CREATE TABLE b (id int PRIMARY KEY, n int, gone text); INSERT INTO b VALUES (1, 1, 'x'), (2, 2, 'y');
      CREATE TABLE c (id int PRIMARY KEY, n int); INSERT INTO c VALUES (1, 1)
      """)
    // Noticed from the catalogue only.
    try replication.database.psql("ALTER TABLE a ADD COLUMN extra text DEFAULT 'given'")
    try replication.database.psql("ALTER TABLE b DROP COLUMN gone; ALTER TABLE b RENAME COLUMN n TO m")
    // Noticed from the log, in the middle of what else is written.
    try replication.database.psql(
      """
      INSERT INTO c VALUES (2, 2); ALTER TABLE c ALTER n TYPE text USING 'n' || n; INSERT INTO c VALUES (3, 'three');
      ALTER TABLE c ADD COLUMN brief int; UPDATE c SET brief = 1; ALTER TABLE c DROP COLUMN brief;
      """)
    try expectEqual(replication, syncd)
    // Dropped and added under the same name.
    try replication.database.psql(
      "ALTER TABLE b DROP COLUMN m; ALTER TABLE b ADD COLUMN m date; INSERT INTO b VALUES (3, '2026-01-02')")
    try expectEqual(replication, syncd)
    #expect(syncd.terminate() == .status(0))
  }

  /// A column that came and went between two looks at the catalogue leaves nothing behind.
  @Test func S15_columnThatCameAndWent() throws {
    let (replication, syncd) = try running(
      "CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (1, 1), (2, 2)")
    try replication.database.psql(
      "ALTER TABLE t ADD COLUMN brief int; UPDATE t SET brief = 5 WHERE id = 1; ALTER TABLE t DROP COLUMN brief")
    try expectEqual(replication, syncd)
    try replication.database.psql("INSERT INTO t VALUES (3, 3)")
    try expectEqual(replication, syncd)
  }

  /// Rows in etcd stay as they are, new ones have the new shape.
  @Test func S15_alterTableKeep() throws {
    let (replication, syncd) = try running(
      "CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (1, 1), (2, 2)",
      ["tables": ["on_schema_change": "keep"]])
    try replication.database.psql("ALTER TABLE t ADD COLUMN extra int DEFAULT 7; INSERT INTO t VALUES (3, 3)")
    let isThere = try waitUntil(within: .seconds(30)) {
      try replication.etcd.get(replication.key("t", "3"))?.text == #"{"id":3,"n":3,"extra":7}"#
    }
    #expect(isThere, "\(syncd.log.suffix(2000))")
    #expect(try replication.etcd.get(replication.key("t", "1"))?.text == #"{"id":1,"n":1}"#)
    try replication.database.psql("UPDATE t SET n = n + 1")
    try expectEqual(replication, syncd)
  }

  /// A table made while we run brings its rows; one that is dropped takes its keys along; a renamed one moves.
  @Test func S14_S16_tablesComeAndGo() throws {
    let (replication, syncd) = try running(
      """
      CREATE TABLE a (id int PRIMARY KEY); INSERT INTO a VALUES (1);
      CREATE TABLE b (id int PRIMARY KEY); INSERT INTO b VALUES (1);
      CREATE TABLE c (id int PRIMARY KEY); INSERT INTO c VALUES (1)
      """)
    let foreign = ["/\(replication.name)/public/d/1", "/\(replication.name)/readme", "/\(replication.name)x/1"]
    for key in foreign { try replication.etcd.etcdctl(["put", key, "not ours"]) }
    try replication.database.psql(
      """
      CREATE TABLE later (id int PRIMARY KEY, n int); INSERT INTO later SELECT g, g FROM generate_series(1, 1000) g;
      DROP TABLE b; ALTER TABLE c RENAME TO moved; INSERT INTO moved VALUES (2); DROP TABLE a;
      CREATE TABLE a (id int PRIMARY KEY, other text); INSERT INTO a VALUES (5, 'another table')
      """)
    var last = try replication.differences(within: .zero)
    _ = try waitUntil(within: .seconds(45)) {
      last = try replication.differences(within: .zero)
      return last.missing.isEmpty && last.different.isEmpty && last.extra.sorted() == foreign.dropLast().sorted()
    }
    #expect(last.missing.isEmpty && last.different.isEmpty, "\(last)\n\(syncd.log.suffix(2000))")
    // S40: what is not below a chosen table's prefix stays.
    #expect(last.extra.sorted() == foreign.dropLast().sorted(), "\(last)\n\(syncd.log.suffix(2000))")
    #expect(try replication.etcd.get(foreign[2])?.text == "not ours")
  }

  /// A partition with rows is attached, and one is detached: neither sends a row.
  @Test func S19_partitionsAttachedAndDetached() throws {
    let (replication, syncd) = try running(
      """
      CREATE TABLE p (id int, region text, PRIMARY KEY (id, region)) PARTITION BY LIST (region);
      CREATE TABLE p_north PARTITION OF p FOR VALUES IN ('north');
      CREATE TABLE p_west PARTITION OF p FOR VALUES IN ('west');
      CREATE TABLE p_east (id int NOT NULL, region text NOT NULL, PRIMARY KEY (id, region));
      INSERT INTO p VALUES (1, 'north'), (2, 'west'); INSERT INTO p_east VALUES (3, 'east'), (4, 'east')
      """)
    try replication.database.psql("ALTER TABLE p ATTACH PARTITION p_east FOR VALUES IN ('east')")
    try replication.database.psql("INSERT INTO p VALUES (5, 'east'); UPDATE p SET region = 'east' WHERE id = 1")
    try expectEqual(replication, syncd)
    try replication.database.psql("ALTER TABLE p DETACH PARTITION p_west; TRUNCATE p_north")
    try expectEqual(replication, syncd)
    // While nobody looks.
    #expect(syncd.terminate() == .status(0))
    try replication.database.psql(
      "ALTER TABLE p DETACH PARTITION p_east; ALTER TABLE p ATTACH PARTITION p_west FOR VALUES IN ('west')")
    let again = try replication.start()
    try expectEqual(replication, again)
  }

  /// Someone takes a table out of the publication and puts it back, and someone makes the publication anew: what was
  /// written in between is in no log.
  @Test func S09_publicationInterrupted() throws {
    let (replication, syncd) = try running(
      "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY); INSERT INTO a VALUES (1); INSERT INTO b VALUES (1)"
    )
    let name = replication.name
    #expect(syncd.waitForLine(containing: "following the log") != nil)
    try replication.database.psql(
      """
      ALTER PUBLICATION \(name) DROP TABLE a; INSERT INTO a VALUES (2); DELETE FROM a WHERE id = 1;
      ALTER PUBLICATION \(name) ADD TABLE a; INSERT INTO a VALUES (3)
      """)
    try expectEqual(replication, syncd)
    try replication.database.psql(
      """
      ALTER PUBLICATION \(name) SET (publish = 'insert'); DELETE FROM b; INSERT INTO b VALUES (9)
      """)
    try expectEqual(replication, syncd)
    try replication.database.psql(
      """
      DROP PUBLICATION \(name); DELETE FROM b; INSERT INTO b VALUES (10);
      CREATE PUBLICATION \(name) FOR TABLE a, b WITH (publish_via_partition_root = true); INSERT INTO a VALUES (11)
      """)
    try expectEqual(replication, syncd)
    try replication.database.psql("DROP PUBLICATION \(name); INSERT INTO a VALUES (12)")
    try expectEqual(replication, syncd)
    #expect(syncd.terminate() == .status(0))
  }
}
