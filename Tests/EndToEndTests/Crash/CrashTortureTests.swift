// SPDX-License-Identifier: Apache-2.0
import Foundation
import Support
import Testing

/// S01: an application that writes all the time, and one process after the other that is killed at a random moment.
///
/// `SYNC_TORTURE_RUNS` sets the number of runs and `SYNC_TORTURE_SOURCE` the server (`tools/torture.sh`),
/// `SYNC_TEST_SEED` repeats one sitting's choices.
@Suite(.serialized, .waits) struct CrashTortureTests {
  private enum Blow: String, CaseIterable {
    case killSyncd, killSyncdTwice, terminateSyncd, pauseSyncd, killEtcd, pauseEtcd, killSource
  }

  private static let environment = ProcessInfo.processInfo.environment

  private static let sources =
    environment["SYNC_TORTURE_SOURCE"].map { [$0] } ?? ["pg-15", "mysql-9.7", "mariadb-10.11"]

  @Test(arguments: sources) func S01_nothingIsLostRepeatedOrReordered(_ source: String) throws {
    let runs = Self.environment["SYNC_TORTURE_RUNS"].flatMap { Int($0) } ?? (source.hasPrefix("pg") ? 5 : 3)
    if source.hasPrefix("pg") {
      let postgres = try TestPostgres(source, flags: ["-c", "wal_sender_timeout=5s"])
      try torture(runs) { try Replication(postgres: postgres, etcd: $0) }
    } else {
      let mysql = try TestMySQL(source, flags: TestMySQL.crashSafe + ["--transaction-isolation=READ-COMMITTED"])
      try torture(runs) { try MySQLReplication(mysql: mysql, etcd: $0) }
    }
  }

  private func torture(_ runs: Int, _ replication: (TestEtcd) throws -> SourceReplication<some TortureSource>) throws {
    var generator = SeededGenerator(seed: SeededGenerator.ofThisRun)
    let etcd = try TestEtcd(flags: ["--quota-backend-bytes", "\(8 << 30)"])
    let sitting = try Sitting(replication(etcd), &generator)
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
  private final class Sitting<Source: TortureSource> {
    let replication: SourceReplication<Source>
    let writers: [TortureWriter]
    var syncd: SyncdProcess
    var history: TortureHistory
    var missing = 0
    var extra = 0
    var different = 0
    private var revision: Int
    private var lastComparison = ""
    private var place = ""

    init(_ replication: SourceReplication<Source>, _ generator: inout SeededGenerator) throws {
      self.replication = replication
      try replication.database.prepareForTorture()
      history = TortureHistory(replication)
      revision = try replication.etcd.revision
      var writers: [TortureWriter] = []
      for number in 0..<TortureWriter.writers {
        writers.append(TortureWriter(replication.database, number: number, seed: generator.next()))
      }
      self.writers = writers
      syncd = try Self.start(replication)
    }

    private var etcd: TestEtcd { replication.etcd }

    private static func start(_ replication: SourceReplication<Source>) throws -> SyncdProcess {
      let schema = replication.database.defaultSchema
      return try replication.start(["tables": ["exclude": "[\"\(schema).aside\", \"\(schema).numbers\"]"]])
    }

    func killDuringTheDump(_ generator: inout SeededGenerator) throws {
      for _ in 0..<3 {
        usleep(useconds_t.random(in: 100_000...500_000, using: &generator))
        syncd.kill9()
        syncd = try Self.start(replication)
      }
      #expect(syncd.waitForLine(containing: "following the log", within: .seconds(60)) != nil, "\(report)")
      for writer in writers { writer.prepareToo() }
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
      case .killSource:
        try replication.database.process.kill9()
        instant(&generator)
        try replication.database.process.restart()
      }
      if syncd.process.exit != nil { syncd = try Self.start(replication) }
    }

    /// Lets everything come to rest, compares every row with every key, and judges what the watch has seen.
    func compare() throws -> Bool {
      for writer in writers { writer.pause() }
      defer { for writer in writers { writer.resume() } }
      let mark = try replication.database.writeMark()
      let isThere = try waitUntil(within: .seconds(60)) {
        usleep(20_000)
        return try etcd.get(replication.key("ledger", mark)) != nil
      }
      let differences = try replication.differences(within: .seconds(2)) {
        let schema = replication.database.defaultSchema
        $0.tables = Set(["ledger", "one", "pair", "large", "cleared", "bulk", "distributed"].map { "\(schema).\($0)" })
      }
      missing += differences.missing.count
      extra += differences.extra.count
      different += differences.different.count
      lastComparison = "caught up: \(isThere), \(differences)"
      let events = try etcd.history(folder: "/", from: revision + 1)
      revision = events.last?.modRevision ?? revision
      history.add(events)
      history.judge(committed: try replication.database.committed(since: &place))
      return differences.isEmpty && history.isClean
    }

    func end() {
      for writer in writers { writer.stop() }
      #expect(syncd.terminate() == .status(0), "\(report)")
      _ = try? replication.database.process.stop()
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
