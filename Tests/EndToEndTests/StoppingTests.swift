// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

/// How a run ends: when it is asked to, when it may not begin, and what it outlives.
@Suite(.serialized, .waits) struct StoppingTests {
  /// "On SIGTERM … exit 0 within 5 s", also where etcd does not answer the request under way, or has not answered it so
  /// long that we ask for it.
  @Test(arguments: [(false, 1), (true, 1), (false, 8)])
  func SIGTERMWhileEtcdStandsStill(isDumping: Bool, seconds: Int) throws {
    let replication = try Replication(etcd: try TestEtcd())
    let rows = isDumping ? 200_000 : 1
    try replication.database.psql(
      "CREATE TABLE t (id int PRIMARY KEY, body text); "
        + "INSERT INTO t SELECT g, repeat(md5(g::text), 10) FROM generate_series(1, \(rows)) g")
    let syncd = try replication.start()
    let isThere = try waitUntil(within: .seconds(30)) {
      try !replication.etcd.get(prefix: replication.rowsFolder + "public/t/1").isEmpty
    }
    #expect(isThere, "\(syncd.log.suffix(2000))")
    if !isDumping { #expect(try replication.waitUntilSyncing()) }
    try replication.etcd.members[0].pause()
    if !isDumping { try replication.database.psql("INSERT INTO t VALUES (0, 'late')") }
    // Long enough for the change to be under way.
    _ = waitUntil(within: .seconds(seconds)) { false }
    #expect(syncd.terminate(within: .seconds(5)) == .status(0), "\(syncd.log.suffix(2000))")
    try replication.etcd.members[0].resume()
    let second = try replication.start()
    let differences = try replication.differences(within: .seconds(60))
    #expect(differences.isEmpty, "\(differences)\n\(second.log.suffix(2000))")
  }

  /// "release the lease", also where all the time goes by with a source that does not answer.
  @Test func SIGTERMWhileTheSourceStandsStill() throws {
    let postgres = try TestPostgres()
    let replication = try Replication(postgres: postgres)
    try postgres.server.pause()
    let syncd = try replication.start()
    #expect(syncd.waitForLine(containing: "leading") != nil, "\(syncd.log.suffix(2000))")
    _ = waitUntil(within: .seconds(1)) { false }
    #expect(syncd.terminate(within: .seconds(5)) == .status(0), "\(syncd.log.suffix(2000))")
    let leaders = try replication.etcd.get(prefix: replication.stateFolder + "leader/")
    #expect(leaders.isEmpty && !syncd.log.contains("not revoked"), "\(syncd.log.suffix(2000))")
    try postgres.server.resume()
    try postgres.server.stop()
  }

  /// "On SIGTERM: … write the checkpoint", also where what came last was nothing of ours.
  @Test func SIGTERMWritesAnIdlePosition() throws {
    let replication = try Replication()
    try replication.database.psql("CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE u (id int)")
    let syncd = try replication.start(["tables": ["exclude": "[public.u]"]])
    #expect(try replication.waitUntilSyncing(), "\(syncd.log.suffix(2000))")
    try replication.database.psql("INSERT INTO u SELECT generate_series(1, 1000)")
    let written = try replication.database.psql("SELECT pg_current_wal_lsn()").split(separator: "\n").joined()
    // Less than after which an idle position is written anyway.
    _ = waitUntil(within: .seconds(3)) { false }
    #expect(syncd.terminate() == .status(0))
    let checkpoint = try #require(try replication.etcd.get(replication.stateFolder + "checkpoint")).text
    let lsn = try #require(checkpoint.firstMatch(of: /"lsn":"([0-9A-F\/]+)"/)).1
    let isPast = try replication.database.psql("SELECT '\(lsn)'::pg_lsn >= '\(written)'::pg_lsn")
    #expect(isPast.hasPrefix("t"), "\(checkpoint), written \(written)")
  }

  /// A slot of ours that another process uses, before there is a checkpoint: 75, and not a word about a server that
  /// cannot be reached.
  @Test func slotOfAnotherProcessExits75() throws {
    let replication = try Replication()
    try replication.database.psql("CREATE TABLE t (id int PRIMARY KEY)")
    let holder = try replication.start()
    #expect(try replication.waitUntilSyncing(), "\(holder.log.suffix(2000))")
    let other = try Replication(postgres: replication.database.postgres)
    let second = try SyncdProcess(
      configuration: replication.configuration(["etcd": ["path": other.name]])
        .split(separator: "\n").map { $0.hasPrefix("name:") ? "name: \(other.name)" : $0 }.joined(separator: "\n"))
    #expect(second.waitForExit(within: .seconds(60)) == .status(75), "\(second.log.suffix(2000))")
    #expect(second.lines.last?.contains(replication.name) == true, "the last line names the slot: \(second.log)")
    #expect(holder.terminate() == .status(0))
  }

  /// A standby has neither dumped nor followed, and yet it runs: an outage of etcd does not end it.
  @Test func standbyOutlivesAnOutageOfEtcd() throws {
    let replication = try Replication(etcd: try TestEtcd())
    try replication.database.psql("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)")
    let changes = ["etcd": ["dial_timeout": "2s", "request_timeout": "1s"], "ha": ["lease_ttl": "2s"]]
    let first = try replication.start(changes)
    #expect(try replication.waitUntilSyncing(), "\(first.log.suffix(2000))")
    let second = try replication.start(changes)
    #expect(second.waitForLine(containing: "standing by") != nil, "\(second.log)")
    try replication.etcd.members[0].kill9()
    #expect(second.waitForLine(containing: "etcd failed us") != nil, "\(second.log)")
    _ = waitUntil(within: .seconds(5)) { false }
    try replication.etcd.members[0].restart()
    #expect(second.process.exit == nil, "\(second.log.suffix(2000))")
    #expect(first.terminate() == .status(0), "\(first.log.suffix(2000))")
    try replication.database.psql("INSERT INTO t VALUES (2)")
    let differences = try replication.differences(within: .seconds(60))
    #expect(differences.isEmpty, "\(differences)\n\(second.log.suffix(2000))")
  }

  /// `dump: never` leaves rows out, and an update of one of them may need a value that only the table has.
  @Test func neverDumpedRowIsUpdatedInPart() throws {
    let replication = try Replication()
    try replication.database.psql(
      "CREATE TABLE t (id int PRIMARY KEY, body text, n int); ALTER TABLE t ALTER body SET STORAGE EXTERNAL; "
        + "INSERT INTO t VALUES (1, repeat('x', 9000), 1)")
    let syncd = try replication.start(["sync": ["dump": "never"]])
    #expect(try replication.waitUntilSyncing(), "\(syncd.log.suffix(2000))")
    #expect(try replication.etcd.get(prefix: replication.rowsFolder).isEmpty)
    try replication.database.psql("UPDATE t SET n = 2")
    let differences = try replication.differences(within: .seconds(20))
    #expect(differences.isEmpty, "\(differences)\n\(syncd.log.suffix(2000))")
  }

  /// "exit 0 only if `run` would work": a position that is lost is one of the things at which it would not.
  @Test func checkSeesALostPosition() throws {
    let replication = try Replication()
    try replication.database.psql("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)")
    let syncd = try replication.start()
    #expect(try replication.waitUntilSyncing(), "\(syncd.log.suffix(2000))")
    #expect(syncd.terminate() == .status(0))
    try replication.database.psql("SELECT pg_drop_replication_slot('\(replication.name)')", as: "postgres")
    let stop = replication.configuration(["sync": ["on_lost_position": "stop"]])
    let refused = try SyncdProcess(["check"], configuration: stop)
    #expect(refused.waitForExit() == .status(1), "\(refused.output)\n\(refused.log)")
    #expect(refused.output.contains("position"), "\(refused.output)")
    let warned = try SyncdProcess(["check"], configuration: replication.configuration())
    #expect(warned.waitForExit() == .status(0), "\(warned.output)\n\(warned.log)")
    #expect(warned.output.contains("warning  the position"), "\(warned.output)")
  }
}
