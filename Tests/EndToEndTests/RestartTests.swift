// SPDX-License-Identifier: Apache-2.0
import Foundation
import Support
import Testing

/// Ends of the daemon, expected and not, and what the next start makes of them.
@Suite(.serialized, .waits) struct RestartTests {
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
    let history = try replication.history(from: revision + 1)
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
    let puts = try replication.history().filter { $0.version > 0 }
    #expect(puts.count == 30001, "no row is put twice")
  }
}
