// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

/// What each change in the database does to the keys.
@Suite(.serialized, .waits) struct SyncTests {
  /// Starts a daemon on these tables and waits until it has dumped them.
  private func running(_ tables: String, etcd: TestEtcd? = nil) throws -> (Replication, SyncdProcess) {
    let replication = try Replication(etcd: etcd)
    try replication.database.psql(tables)
    let syncd = try replication.start()
    try expectEqual(replication, syncd)
    return (replication, syncd)
  }

  private func expectEqual(
    _ replication: Replication, _ syncd: SyncdProcess, location: SourceLocation = #_sourceLocation
  ) throws {
    let differences = try replication.differences()
    #expect(differences.isEmpty, "\(differences)\n\(syncd.log.suffix(2000))", sourceLocation: location)
  }

  @Test func insertUpdateDelete() throws {
    let (replication, syncd) = try running(
      "CREATE TABLE t (id int PRIMARY KEY, name text); INSERT INTO t VALUES (1, 'one'), (2, 'two')")
    try replication.database.psql("INSERT INTO t VALUES (3, 'three')")
    try expectEqual(replication, syncd)
    try replication.database.psql("UPDATE t SET name = NULL WHERE id = 1")
    try expectEqual(replication, syncd)
    try replication.database.psql("DELETE FROM t WHERE id = 2")
    try expectEqual(replication, syncd)
    #expect(try replication.etcd.get(replication.key("t", "1"))?.text == #"{"id":1,"name":null}"#)
    #expect(try replication.etcd.get(replication.key("t", "2")) == nil)
    try replication.database.psql("BEGIN; INSERT INTO t VALUES (9, 'never'); ROLLBACK; INSERT INTO t VALUES (10, 'x')")
    try expectEqual(replication, syncd)
    let history = try replication.history()
    #expect(!history.contains { $0.key == replication.key("t", "9") })
  }

  /// Delete of the old key and put of the new one, in one etcd transaction.
  @Test func keyChange() throws {
    let (replication, syncd) = try running("CREATE TABLE t (id int PRIMARY KEY, n text); INSERT INTO t VALUES (1, 'a')")
    try replication.database.psql("UPDATE t SET id = 2")
    try expectEqual(replication, syncd)
    let last = try replication.history().suffix(2)
    #expect(Set(last.map(\.key)) == [replication.key("t", "1"), replication.key("t", "2")])
    #expect(Set(last.map(\.modRevision)).count == 1)
  }

  @Test func compositeKey() throws {
    let (replication, syncd) = try running(
      """
      CREATE TABLE lines (note text, "order" int, line smallint, at date, PRIMARY KEY (line, "order", at));
      INSERT INTO lines VALUES ('a', 1, 1, '2026-01-02'), ('b', 1, 2, '2026-01-02')
      """)
    #expect(try replication.etcd.get(replication.key("lines", "2", "1", "2026-01-02")) != nil)
    try replication.database.psql(
      "UPDATE lines SET note = 'c' WHERE line = 1; UPDATE lines SET line = 7 WHERE line = 2; "
        + "INSERT INTO lines VALUES ('d', 2, 1, '0044-03-15 BC')"
    )
    try expectEqual(replication, syncd)
  }

  /// A transaction of 3,000 rows over two tables is one revision; nobody sees a half of it.
  @Test func aTransactionIsOneRevision() throws {
    let (replication, syncd) = try running(
      "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY); INSERT INTO a VALUES (0)")
    let revision = try replication.etcd.revision
    try replication.database.psql(
      """
      BEGIN; INSERT INTO a SELECT generate_series(1, 1500); INSERT INTO b SELECT generate_series(1, 1500);
      DELETE FROM a WHERE id = 1; COMMIT
      """)
    try expectEqual(replication, syncd)
    let history = try replication.history(from: revision + 1)
    #expect(Set(history.map(\.modRevision)).count == 1)
    #expect(history.filter { $0.version > 0 }.count == 2999)
  }

  @Test func checkpointNamesItsPosition() throws {
    let (replication, syncd) = try running("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)")
    try replication.database.psql("INSERT INTO t VALUES (2)")
    try expectEqual(replication, syncd)
    let checkpoint = try #require(try replication.etcd.get(replication.stateFolder + "checkpoint")).text
    for member in ["format", "source", "phase", "position", "lsn", "timeline", "system_identifier", "instance"] {
      #expect(checkpoint.contains("\"\(member)\""), "\(checkpoint)")
    }
    let system = try replication.database.rows("SELECT system_identifier FROM pg_control_system()")[0][0]
    #expect(checkpoint.contains(system))
  }
}
