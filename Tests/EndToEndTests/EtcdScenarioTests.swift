// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

/// etcd's side: members that die, leaders of ours that wake up, requests that are too large.
@Suite(.serialized, .waits) struct EtcdScenarioTests {
  @Test func S33_membersDieOneAfterTheOther() throws {
    let cluster = try TestEtcd.cluster()
    let replication = try Replication(etcd: cluster)
    try replication.database.psql("CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (0, 0)")
    let syncd = try replication.start()
    try expectEqual(replication, syncd)
    for (index, member) in cluster.members.enumerated() {
      let writes = (1...40).map { "INSERT INTO t VALUES (\(index * 100 + $0), 0); SELECT pg_sleep(0.02)" }
      let writer = try replication.database.psqlInBackground(writes.joined(separator: "; "))
      try member.kill9()
      #expect(writer.waitForExit(within: .seconds(30)) == .status(0))
      try expectEqual(replication, syncd)
      try member.restart()
    }
    let puts = try replication.history().filter { $0.version > 0 }
    #expect(puts.count == 121, "no row is put twice")
    #expect(syncd.terminate() == .status(0))
  }

  /// A paused leader of ours wakes up after another has taken over: not one write of it lands.
  @Test func S35_pausedLeaderWakesUp() throws {
    let replication = try Replication()
    try replication.database.psql("CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (1, 0)")
    let changes = ["ha": ["lease_ttl": "2s"]]
    let first = try replication.start(changes)
    try expectEqual(replication, first)
    let second = try replication.start(changes)
    first.process.send(signal: 19)  // SIGSTOP
    for n in 1...20 { try replication.database.psql("UPDATE t SET n = \(n)") }
    // The slot is still held by the connection of the one that stands still.
    let isTaken = try waitUntil(within: .seconds(60)) {
      try replication.database.psql(
        "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '\(replication.name)'",
        as: "postgres")
      return try replication.differences(within: .seconds(2)).isEmpty
    }
    #expect(isTaken, "\(second.log.suffix(2000))")
    first.process.send(signal: 18)  // SIGCONT
    try replication.database.psql("UPDATE t SET n = 100")
    try expectEqual(replication, second)
    let stamps = try replication.history().map(\.text)
    #expect(Set(stamps).count == stamps.count, "a row version was put twice: \(stamps)")
    _ = first.terminate()
  }

  @Test func S39_aTransactionAboveTheRequestLimit() throws {
    let replication = try Replication()
    try replication.database.psql("CREATE TABLE t (id int PRIMARY KEY, body text); INSERT INTO t VALUES (0)")
    let syncd = try replication.start()
    try expectEqual(replication, syncd)
    try replication.database.psql(
      "INSERT INTO t SELECT g, repeat(md5(g::text), 10) FROM generate_series(1, 20000) g")
    try expectEqual(replication, syncd)
    let revisions = try replication.history().map(\.modRevision)
    #expect(Set(revisions).count > 2)
    #expect(revisions == revisions.sorted())
  }

  /// The server's --max-txn-ops, however small.
  @Test(arguments: [6, 20]) func S39_fewOperationsInARequest(most: Int) throws {
    let replication = try Replication(etcd: try TestEtcd(flags: ["--max-txn-ops=\(most)"]))
    try replication.database.psql(
      "CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t SELECT g, g FROM generate_series(1, 1000) g")
    let syncd = try replication.start(["etcd": ["max_txn_ops": "\(most)"]])
    try expectEqual(replication, syncd)
    try replication.database.psql(
      "UPDATE t SET n = n + 1; INSERT INTO t SELECT g, g FROM generate_series(1001, 1500) g; "
        + "BEGIN; UPDATE t SET id = id + 10000 WHERE id < 8; DELETE FROM t WHERE id = 9; COMMIT")
    try expectEqual(replication, syncd)
    #expect(syncd.terminate() == .status(0))
    try replication.etcd.members[0].stop()
  }

  @Test func S39_manyChangesOfOneKey() throws {
    let replication = try Replication()
    try replication.database.psql("CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (1, 0)")
    let syncd = try replication.start()
    try expectEqual(replication, syncd)
    try replication.database.psql(
      "DO $$ BEGIN FOR i IN 1..10000 LOOP UPDATE t SET n = i WHERE id = 1; END LOOP; END $$")
    try expectEqual(replication, syncd)
    #expect(try replication.etcd.get(replication.key("t", "1"))?.text == #"{"id":1,"n":10000}"#)
  }

  @Test func S39_oneRowAboveTheRequestLimit() throws {
    let replication = try Replication()
    try replication.database.psql("CREATE TABLE t (id int PRIMARY KEY, body text); INSERT INTO t VALUES (1, 'small')")
    let syncd = try replication.start()
    try expectEqual(replication, syncd)
    try replication.database.psql("INSERT INTO t VALUES (2, repeat('x', 3000000)); INSERT INTO t VALUES (3, 'small')")
    #expect(syncd.waitForExit() == .status(65), "\(syncd.log.suffix(2000))")
    #expect(syncd.lines.last?.contains("public") == true, "\(syncd.log.suffix(2000))")
    let skipping = try replication.start(["sync": ["on_oversized_row": "skip"]])
    let isThere = try waitUntil(within: .seconds(30)) { try replication.etcd.get(replication.key("t", "3")) != nil }
    #expect(isThere, "\(skipping.log.suffix(2000))")
    #expect(try replication.differences(within: .zero).missing == [replication.key("t", "2")])
  }

  @Test func S40_twoReplicationsOnOnePrefix() throws {
    let replication = try Replication()
    try replication.database.psql("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)")
    let syncd = try replication.start()
    try expectEqual(replication, syncd)
    let other = try Replication()
    try other.database.psql("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (2)")
    let refused = try other.start(["etcd": ["path": replication.name]])
    #expect(refused.waitForExit() == .status(75), "\(refused.log.suffix(2000))")
    try expectEqual(replication, syncd)
  }

  /// Two configurations of one database that leave the slot's name at its default: the second must not take it away.
  @Test func S40_twoReplicationsOnOneSlot() throws {
    let replication = try Replication()
    try replication.database.psql("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)")
    let syncd = try replication.start()
    try expectEqual(replication, syncd)
    #expect(syncd.terminate() == .status(0))
    let other = replication.configuration(["etcd": ["path": "\(replication.name)-another"]])
      .replacing("name: \(replication.name)\nlog_level", with: "name: \(replication.name)-another\nlog_level")
    let refused = try SyncdProcess(configuration: other)
    #expect(refused.waitForExit() == .status(75), "\(refused.log.suffix(2000))")
    #expect(refused.lines.last?.contains("database.postgres.slot") == true, "\(refused.log.suffix(2000))")
    try replication.database.psql("INSERT INTO t VALUES (2)")
    let again = try replication.start()
    try expectEqual(replication, again)
    #expect(!again.log.contains("dumped"), "the position was kept: \(again.log.suffix(2000))")
  }
}
