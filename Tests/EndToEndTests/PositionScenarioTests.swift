// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

/// The source's side: positions, slots, servers that stop.
@Suite(.serialized, .waits) struct PositionScenarioTests {
  /// The slot is gone when we come back: dumped again, and keys of rows deleted meanwhile go.
  @Test func S03_slotDroppedWhileWeAreDown() throws {
    let replication = try Replication()
    try replication.database.psql("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1), (2)")
    let first = try replication.start()
    try expectEqual(replication, first)
    #expect(first.terminate() == .status(0))
    try replication.database.psql("SELECT pg_drop_replication_slot('\(replication.name)')", as: "postgres")
    try replication.database.psql("DELETE FROM t WHERE id = 1; INSERT INTO t VALUES (3)")

    let stopped = try replication.start(["sync": ["on_lost_position": "stop"]])
    #expect(stopped.waitForExit() == .status(74), "\(stopped.log.suffix(2000))")
    let second = try replication.start()
    try expectEqual(replication, second)
  }

  /// Chosen tables idle, others busy: what the slot retains does not grow.
  @Test func S04_otherTablesBusy() throws {
    let replication = try Replication()
    try replication.database.psql(
      "CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1); CREATE TABLE other (body text)")
    let syncd = try replication.start(["tables": ["include": #"["public.t"]"#]])
    #expect(try replication.differences { $0.tables = ["public.t"] }.isEmpty, "\(syncd.log.suffix(2000))")
    try replication.database.psql("INSERT INTO other SELECT repeat(md5(g::text), 30) FROM generate_series(1, 10000) g")
    let target = try replication.database.rows("SELECT pg_current_wal_lsn()")[0][0]
    let hasMoved = try waitUntil(within: .seconds(60)) {
      try replication.database.rows(
        "SELECT confirmed_flush_lsn >= '\(target)' FROM pg_replication_slots WHERE slot_name = '\(replication.name)'"
      ) == [["t"]]
    }
    #expect(hasMoved, "\(syncd.log.suffix(2000))")
  }

  /// A fast shutdown of the server ends promptly while we are connected and idle, and we come back with it.
  @Test func S05_fastShutdown() throws {
    let postgres = try TestPostgres()
    let replication = try Replication(postgres: postgres)
    try replication.database.psql("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)")
    let syncd = try replication.start()
    try expectEqual(replication, syncd)
    let start = ContinuousClock.now
    try postgres.server.stop()
    #expect(ContinuousClock.now - start < .seconds(5))
    #expect(syncd.process.exit == nil, "once it has run, it never gives up")
    try postgres.server.restart()
    try replication.database.psql("INSERT INTO t VALUES (2)")
    try expectEqual(replication, syncd)
    #expect(syncd.terminate() == .status(0))
    try postgres.server.stop()
  }

  @Test func S05_crashOfTheServer() throws {
    let postgres = try TestPostgres(flags: ["-c", "fsync=on"])
    let replication = try Replication(postgres: postgres)
    try replication.database.psql("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)")
    let syncd = try replication.start()
    try expectEqual(replication, syncd)
    try replication.database.psql("INSERT INTO t SELECT generate_series(2, 3000)")
    try postgres.server.kill9()
    try postgres.server.restart()
    try replication.database.psql("INSERT INTO t VALUES (5000)")
    try expectEqual(replication, syncd)
    #expect(syncd.terminate() == .status(0))
    try postgres.server.stop()
  }

  /// etcd stands still for longer than `wal_sender_timeout`: the source connection lives on, catch-up follows.
  @Test func S07_etcdUnreachableForLong() throws {
    let postgres = try TestPostgres(flags: ["-c", "wal_sender_timeout=2s"])
    let replication = try Replication(postgres: postgres, etcd: try TestEtcd())
    try replication.database.psql("CREATE TABLE t (id int PRIMARY KEY, body text); INSERT INTO t VALUES (1)")
    let syncd = try replication.start()
    try expectEqual(replication, syncd)
    let sender = "SELECT pid FROM pg_stat_replication WHERE state = 'streaming'"
    let isStreaming = try waitUntil(within: .seconds(20)) { try !postgres.psql(sender, database: "postgres").isEmpty }
    #expect(isStreaming, "\(syncd.log.suffix(2000))")
    let before = try postgres.psql(sender, database: "postgres")
    try replication.etcd.members[0].pause()
    for round in 0..<8 {
      try replication.database.psql(
        "INSERT INTO t SELECT g, 'x' FROM generate_series(\(round * 100 + 2), \(round * 100 + 101)) g")
      _ = waitUntil(within: .seconds(1)) { false }
    }
    let log = postgres.server.log.suffix(500)
    #expect(try postgres.psql(sender, database: "postgres") == before, "\(syncd.log.suffix(2000))\n\(log)")
    try replication.etcd.members[0].resume()
    try expectEqual(replication, syncd)
    #expect(syncd.terminate() == .status(0))
    try postgres.server.stop()
  }

  /// The publication names exactly the chosen tables; writes to others do not start to fail.
  @Test func S09_publicationOfExactlyTheChosenTables() throws {
    let replication = try Replication()
    try replication.database.psql(
      "CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE log (at timestamptz, line text); "
        + "INSERT INTO log VALUES (now(), 'x')"
    )
    let syncd = try replication.start(["tables": ["exclude": #"["public.log"]"#]])
    try replication.database.psql("INSERT INTO t VALUES (1)")
    try expectEqual(replication, syncd)
    #expect(
      try replication.database.rows("SELECT tablename FROM pg_publication_tables WHERE pubname = '\(replication.name)'")
        == [["t"]])
    #expect(try replication.database.rows("SELECT puballtables FROM pg_publication") == [["f"]])
    try replication.database.psql("UPDATE log SET line = 'y'; DELETE FROM log")
  }
}
