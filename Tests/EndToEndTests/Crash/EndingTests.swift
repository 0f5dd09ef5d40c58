// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

/// SIGTERM, whatever it is doing, and what the others make of it.
@Suite(.serialized, .waits) struct EndingTests {
  private func expectEqual(
    _ replication: Replication, _ syncd: SyncdProcess, location: SourceLocation = #_sourceLocation
  ) throws {
    let differences = try replication.differences(within: .seconds(45))
    #expect(differences.isEmpty, "\(differences)\n\(syncd.log.suffix(2500))", sourceLocation: location)
  }

  /// Exit status 0 within five seconds: while etcd stands still, while the source does, while it dumps, while it waits.
  @Test func S01_endsInTimeWhateverItDoes() throws {
    let postgres = try TestPostgres()
    let etcd = try TestEtcd()
    let replication = try Replication(postgres: postgres, etcd: etcd)
    try replication.database.psql(
      "CREATE TABLE t (id int PRIMARY KEY, body text); INSERT INTO t SELECT g, repeat('x', 500) FROM generate_series(1, 60000) g"
    )
    let dumping = try replication.start()
    #expect(dumping.waitForLine(containing: "connected") != nil)
    _ = waitUntil(within: .milliseconds(300)) { false }
    #expect(dumping.terminate() == .status(0), "\(dumping.log.suffix(1500))")

    var syncd = try replication.start()
    #expect(
      syncd.waitForLine(containing: "following the log", within: .seconds(60)) != nil, "\(syncd.log.suffix(1500))")
    let standby = try replication.start()
    #expect(standby.waitForLine(containing: "standing by") != nil)
    #expect(standby.terminate() == .status(0), "standing by: \(standby.log.suffix(1500))")

    try etcd.members[0].pause()
    try replication.database.psql("UPDATE t SET body = 'y' WHERE id < 5000")
    _ = waitUntil(within: .milliseconds(300)) { false }
    #expect(syncd.terminate() == .status(0), "etcd stands still: \(syncd.log.suffix(1500))")
    try etcd.members[0].resume()

    syncd = try replication.start()
    #expect(
      syncd.waitForLine(containing: "following the log", within: .seconds(60)) != nil, "\(syncd.log.suffix(1500))")
    try postgres.server.pause()
    #expect(syncd.terminate() == .status(0), "the source stands still: \(syncd.log.suffix(1500))")
    try postgres.server.resume()

    // Making a slot waits for every transaction that runs.
    try replication.database.psql("SELECT pg_drop_replication_slot('\(replication.name)')", as: "postgres")
    let open = try replication.database.psqlInBackground("BEGIN; SELECT txid_current(); SELECT pg_sleep(20); COMMIT")
    _ = waitUntil(within: .milliseconds(500)) { false }
    let waiting = try replication.start()
    #expect(waiting.waitForLine(containing: "slot waits", "pid") != nil, "\(waiting.log.suffix(1500))")
    #expect(waiting.terminate() == .status(0), "the slot waits: \(waiting.log.suffix(1500))")
    open.send(signal: 15)
    let last = try replication.start()
    try expectEqual(replication, last)
    #expect(last.terminate() == .status(0))
    try postgres.server.stop()
    try etcd.members[0].stop()
  }

  /// A standby takes over at once from one that ends in order, and from one that is killed on the same host.
  @Test func S35_standbyTakesOver() throws {
    let replication = try Replication()
    try replication.database.psql("CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (0, 0)")
    let first = try replication.start()
    try expectEqual(replication, first)
    let revision = try replication.etcd.revision
    let second = try replication.start()
    #expect(second.waitForLine(containing: "standing by") != nil)
    let writer = try replication.database.psqlInBackground(
      (1...200).map { "INSERT INTO t VALUES (\($0), 0); SELECT pg_sleep(0.02)" }.joined(separator: ";\n"))
    #expect(first.terminate() == .status(0))
    #expect(
      second.waitForLine(containing: "following the log", within: .seconds(5)) != nil, "\(second.log.suffix(1500))")
    let third = try replication.start()
    #expect(third.waitForLine(containing: "standing by") != nil)
    second.kill9()
    #expect(third.waitForLine(containing: "following the log", within: .seconds(5)) != nil, "\(third.log.suffix(1500))")
    #expect(writer.waitForExit(within: .seconds(30)) == .status(0))
    try expectEqual(replication, third)
    let puts = try replication.history(from: revision + 1)
    #expect(puts.count == 200, "each row once")
    #expect(third.terminate() == .status(0))
  }

  /// Without an election the guard on the checkpoint alone keeps two from writing.
  @Test func S35_twoWithoutElection() throws {
    let replication = try Replication()
    try replication.database.psql("CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (0, 0)")
    let changes = ["ha": ["enabled": "false"]]
    let first = try replication.start(changes)
    try expectEqual(replication, first)
    first.process.send(signal: 19)  // SIGSTOP
    try replication.database.psql("INSERT INTO t VALUES (1, 1)")
    try replication.database.psql(
      "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '\(replication.name)'",
      as: "postgres")
    let second = try replication.start(changes)
    try expectEqual(replication, second)
    first.process.send(signal: 18)  // SIGCONT
    for id in 2...20 { try replication.database.psql("INSERT INTO t VALUES (\(id), 1)") }
    try expectEqual(replication, second)
    let puts = try replication.history()
    #expect(Set(puts.map(\.key)).count == puts.count, "each row once")
    first.kill9()
    #expect(second.terminate() == .status(0), "\(second.log.suffix(1500))")
  }
}
