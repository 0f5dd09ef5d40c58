// SPDX-License-Identifier: Apache-2.0
import Foundation
import Support
import Testing

/// S01: an application that writes all the time, and one process after the other that is killed at a random moment.
///
/// `SYNC_TORTURE_RUNS` sets the number of runs (`tools/torture.sh`), `SYNC_TEST_SEED` repeats one sitting's choices.
@Suite(.serialized) struct CrashTortureTests {
  private enum Blow: String, CaseIterable {
    case killSyncd, killSyncdTwice, terminateSyncd, pauseSyncd, killEtcd, pauseEtcd, killPostgres
  }

  @Test func S01_nothingIsLostRepeatedOrReordered() throws {
    var generator = SeededGenerator(seed: SeededGenerator.ofThisRun)
    let runs = ProcessInfo.processInfo.environment["SYNC_TORTURE_RUNS"].flatMap { Int($0) } ?? 5
    let sitting = try Sitting(&generator)
    try sitting.killDuringTheDump(&generator)
    for run in 1...runs {
      // Most runs end as the name of the test says; the others take their turns.
      let blow = run % 2 == 1 ? .killSyncd : Blow.allCases[(run / 2) % Blow.allCases.count]
      usleep(useconds_t.random(in: 200_000...1_400_000, using: &generator))
      try sitting.strike(blow, &generator)
      let isEqual = try sitting.compare()
      #expect(isEqual, "run \(run), \(blow), SYNC_TEST_SEED=\(generator.seed): \(sitting.report)")
      if !isEqual { break }
    }
    sitting.end()
    print("\(runs) runs: \(sitting.summary)")
    #expect(sitting.history.isClean, "SYNC_TEST_SEED=\(generator.seed): \(sitting.history.findings)")
    #expect(sitting.missing + sitting.extra + sitting.different == 0)
    #expect(sitting.errors.isEmpty)
  }

  /// The servers, the daemon, the writers, and the books that are kept of them.
  private final class Sitting {
    let postgres: TestPostgres
    let etcd: TestEtcd
    let replication: Replication
    let writers: [TortureWriter]
    var syncd: SyncdProcess
    var history: TortureHistory
    var missing = 0
    var extra = 0
    var different = 0
    private var revision: Int
    private var lastComparison = ""

    init(_ generator: inout SeededGenerator) throws {
      postgres = try TestPostgres(flags: ["-c", "wal_sender_timeout=5s"])
      etcd = try TestEtcd(flags: ["--quota-backend-bytes", "\(8 << 30)"])
      replication = try Replication(postgres: postgres, etcd: etcd)
      let database = replication.database
      try database.psql(TortureWriter.schema)
      // Another plugin, another slot: an account of what was committed, and in which order.
      try database.psql(
        "SELECT pg_create_logical_replication_slot('order_of_commits', 'test_decoding')", as: "postgres")
      history = TortureHistory(replication)
      revision = try etcd.revision
      var writers: [TortureWriter] = []
      for number in 0..<TortureWriter.writers {
        writers.append(TortureWriter(database, number: number, seed: generator.next()))
      }
      self.writers = writers
      syncd = try Self.start(replication)
    }

    private static func start(_ replication: Replication) throws -> SyncdProcess {
      try replication.start(["tables": ["exclude": #"["public.aside"]"#]])
    }

    func killDuringTheDump(_ generator: inout SeededGenerator) throws {
      for _ in 0..<3 {
        usleep(useconds_t.random(in: 100_000...500_000, using: &generator))
        syncd.kill9()
        syncd = try Self.start(replication)
      }
      #expect(syncd.waitForLine(containing: "following the log", within: .seconds(60)) != nil, "\(report)")
    }

    func strike(_ blow: Blow, _ generator: inout SeededGenerator) throws {
      let instant = { (generator: inout SeededGenerator) in
        _ = usleep(useconds_t.random(in: 0...700_000, using: &generator))
      }
      switch blow {
      case .killSyncd: syncd.kill9()
      case .killSyncdTwice:
        syncd.kill9()
        syncd = try Self.start(replication)
        instant(&generator)
        syncd.kill9()
      case .terminateSyncd:
        #expect(syncd.terminate() == .status(0), "SIGTERM: \(report)")
      case .pauseSyncd:
        syncd.process.send(signal: SIGSTOP)
        instant(&generator)
        syncd.process.send(signal: SIGCONT)
      case .killEtcd:
        try etcd.members[0].kill9()
        instant(&generator)
        try etcd.members[0].restart()
      case .pauseEtcd:
        try etcd.members[0].pause()
        instant(&generator)
        try etcd.members[0].resume()
      case .killPostgres:
        try postgres.server.kill9()
        instant(&generator)
        try postgres.server.restart()
      }
      if syncd.process.exit != nil { syncd = try Self.start(replication) }
    }

    /// Lets everything come to rest, compares every row with every key, and judges what the watch has seen.
    func compare() throws -> Bool {
      for writer in writers { writer.pause() }
      defer { for writer in writers { writer.resume() } }
      let mark = try replication.database.rows("INSERT INTO ledger (writer) VALUES (9) RETURNING txn")[0][0]
      let isThere = try waitUntil(within: .seconds(60)) {
        usleep(20_000)
        return try etcd.get(replication.key("ledger", mark)) != nil
      }
      let differences = try replication.differences(within: .seconds(2)) {
        $0.tables = ["public.ledger", "public.one", "public.pair", "public.large", "public.cleared", "public.bulk"]
      }
      missing += differences.missing.count
      extra += differences.extra.count
      different += differences.different.count
      lastComparison = "caught up: \(isThere), \(differences)"
      let events = try etcd.history(prefix: "/", from: revision + 1)
      revision = events.last?.modRevision ?? revision
      history.add(events)
      history.judge(committed: try committed())
      return differences.isEmpty && history.isClean
    }

    private func committed() throws -> [Int] {
      try replication.database.psql(
        """
        SELECT xid FROM pg_logical_slot_get_changes('order_of_commits', NULL, NULL, 'skip-empty-xacts', '1')
        WHERE data LIKE 'COMMIT%'
        """, as: "postgres"
      ).split { $0 == "\u{1E}" || $0 == "\n" }.compactMap { Int($0) }
    }

    func end() {
      for writer in writers { writer.stop() }
      #expect(syncd.terminate() == .status(0), "\(report)")
      _ = try? postgres.server.stop()
      _ = try? etcd.members[0].stop()
    }

    var errors: [String] { writers.flatMap(\.errors) }

    var summary: String {
      "\(missing) missing, \(extra) extra, \(different) different, \(history.putTwice) put twice "
        + "(\(history.backwards) older than before, \(history.torn) torn, \(history.outOfOrder) out of order, "
        + "\(history.neverCommitted) never committed; \(history.transactions) transactions, \(history.puts) puts)"
    }

    var report: String {
      // A crash writes pages of registers behind what matters.
      let lines = syncd.lines
      let crash = lines.firstIndex { $0.contains("Fatal error") || $0.contains("Program crashed") } ?? lines.count
      let log = lines[..<min(crash + 30, lines.count)].suffix(60).joined(separator: "\n")
      return "\(lastComparison)\n\(history.findings)\n\(log)"
    }
  }
}
