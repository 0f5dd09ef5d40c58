// SPDX-License-Identifier: Apache-2.0
import Foundation
import Support
import Testing

/// Ends of the daemon, expected and not, and what the next start makes of them.
@Suite(.serialized) struct RestartTests {
  @Test func resumesAfterSIGTERM() throws {
    let replication = try Replication()
    try replication.database.psql(
      "CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t SELECT g, g FROM generate_series(1, 1000) g")
    let first = try replication.start()
    #expect(try replication.differences().isEmpty, "\(first.log.suffix(2000))")
    #expect(first.terminate() == .status(0), "\(first.log.suffix(2000))")

    try replication.database.psql(
      "UPDATE t SET n = -n WHERE id <= 10; DELETE FROM t WHERE id = 11; INSERT INTO t VALUES (2000, 0)")
    let revision = try replication.etcd.revision
    let second = try replication.start()
    let differences = try replication.differences()
    #expect(differences.isEmpty, "\(differences)\n\(second.log.suffix(2000))")
    // Not dumped again: only what changed meanwhile was written.
    let history = try replication.etcd.history(prefix: replication.rowsFolder, from: revision + 1)
    #expect(history.count == 12)
    #expect(second.terminate() == .status(0))
  }

  @Test func aSecondSignalEndsItAtOnce() throws {
    let replication = try Replication()
    try replication.database.psql("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)")
    let syncd = try replication.start()
    #expect(try replication.differences().isEmpty)
    syncd.process.send(signal: SIGTERM)
    syncd.process.send(signal: SIGINT)
    #expect(syncd.waitForExit(within: .seconds(5)) != nil)
    let next = try replication.start()
    try replication.database.psql("INSERT INTO t VALUES (2)")
    #expect(try replication.differences().isEmpty, "\(next.log.suffix(2000))")
  }

  /// S01: random writes, kill -9 at a random moment, restart, compare; no row version is put twice.
  ///
  /// `SYNC_CRASH_RUNS` sets the number of runs.
  @Test func S01_killedAtRandomMoments() throws {
    var generator = SeededGenerator(seed: SeededGenerator.ofThisRun)
    let runs = ProcessInfo.processInfo.environment["SYNC_CRASH_RUNS"].flatMap { Int($0) } ?? 5
    let replication = try Replication()
    let database = replication.database
    // Each write takes a new number, so that no two versions of a row are alike.
    try database.psql(
      """
      CREATE SEQUENCE stamp;
      CREATE TABLE t (id int PRIMARY KEY, stamp bigint NOT NULL DEFAULT nextval('stamp'), filler text);
      INSERT INTO t (id, filler) SELECT g, repeat('x', g % 100) FROM generate_series(1, 500) g;
      """)
    var syncd = try replication.start()
    #expect(try replication.waitUntilSyncing(), "\(syncd.log.suffix(2000))")
    #expect(try replication.differences().isEmpty, "\(syncd.log.suffix(2000))")
    let afterDump = try replication.etcd.revision
    for run in 1...runs {
      let writer = try database.psqlInBackground(Self.randomWrites(seed: generator.next()))
      usleep(useconds_t.random(in: 0...1_500_000, using: &generator))
      syncd.kill9()
      syncd = try replication.start()
      #expect(
        writer.waitForExit(within: .seconds(60)) == .status(0), "\(String(decoding: writer.errors, as: UTF8.self))")
      let differences = try replication.differences(within: .seconds(60))
      #expect(
        differences.isEmpty, "run \(run), SYNC_TEST_SEED=\(generator.seed): \(differences)\n\(syncd.log.suffix(2000))")
    }
    let history = try replication.etcd.history(prefix: replication.rowsFolder, from: afterDump + 1)
    let puts = history.filter { $0.version > 0 }.map { $0.key + $0.text }
    #expect(Set(puts).count == puts.count, "a row version was put twice; SYNC_TEST_SEED=\(generator.seed)")
  }

  /// Some seconds of inserts, updates, key changes and deletes in transactions of different size.
  private static func randomWrites(seed: UInt64) -> String {
    var generator = SeededGenerator(seed: seed)
    var script = ""
    for _ in 0..<60 {
      script += "BEGIN;\n"
      for _ in 0..<Int.random(in: 1...40, using: &generator) {
        let id = Int.random(in: 1...600, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: script += "INSERT INTO t (id, filler) VALUES (\(id), 'new') ON CONFLICT DO NOTHING;\n"
        case 1: script += "DELETE FROM t WHERE id = \(id);\n"
        case 2:
          script += "UPDATE t SET id = \(id + 1000), stamp = nextval('stamp') WHERE id = \(id)"
          script += " AND NOT EXISTS (SELECT FROM t WHERE id = \(id + 1000));\n"
        default: script += "UPDATE t SET stamp = nextval('stamp') WHERE id = \(id);\n"
        }
      }
      script += Bool.random(using: &generator) || Bool.random(using: &generator) ? "COMMIT;\n" : "ROLLBACK;\n"
      script += "SELECT pg_sleep(0.02);\n"
    }
    return script
  }

  /// Killed in the middle of a transaction that needs several requests.
  @Test func S01_killedInsideALargeTransaction() throws {
    let replication = try Replication()
    try replication.database.psql("CREATE TABLE t (id int PRIMARY KEY, body text); INSERT INTO t VALUES (0, 'ready')")
    var syncd = try replication.start()
    #expect(try replication.waitUntilSyncing(), "\(syncd.log.suffix(2000))")
    #expect(try replication.differences().isEmpty, "\(syncd.log.suffix(2000))")
    try replication.database.psql("INSERT INTO t SELECT g, repeat(md5(g::text), 10) FROM generate_series(1, 30000) g")
    for _ in 0..<3 {
      usleep(150_000)
      syncd.kill9()
      syncd = try replication.start()
    }
    let differences = try replication.differences(within: .seconds(90))
    #expect(differences.isEmpty, "\(differences)\n\(syncd.log.suffix(2000))")
    let puts = try replication.etcd.history(prefix: replication.rowsFolder).filter { $0.version > 0 }
    #expect(puts.count == 30001, "no row is put twice")
  }
}
