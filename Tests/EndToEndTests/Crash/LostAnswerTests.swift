// SPDX-License-Identifier: Apache-2.0
import Foundation
import Support
import Testing

/// Connections that end at the worst moment, or never say that they have ended.
@Suite(.serialized, .waits) struct LostAnswerTests {
  private func expectEqual(
    _ replication: Replication, _ syncd: SyncdProcess, location: SourceLocation = #_sourceLocation
  ) throws {
    let differences = try replication.differences(within: .seconds(40))
    #expect(differences.isEmpty, "\(differences)\n\(syncd.log.suffix(2500))", sourceLocation: location)
  }

  /// The request reached etcd or did not, and nobody says which: each row is put once either way.
  @Test func S34_answerLostBeforeAndAfterCommit() throws {
    let replication = try Replication()
    try replication.database.psql("CREATE TABLE t (id int PRIMARY KEY, word text); INSERT INTO t VALUES (0, 'ready')")
    let proxy = try CuttingProxy(to: replication.etcd.members[0].port)
    let syncd = try replication.start(["etcd": ["endpoints": #"["127.0.0.1:\#(proxy.port)"]"#]])
    try expectEqual(replication, syncd)
    let revision = try replication.etcd.revision
    for (id, moment) in [CuttingProxy.Moment.beforeTheServer, .beforeTheAnswer, .beforeTheServer, .beforeTheAnswer]
      .enumerated()
    {
      let cuts = proxy.cuts
      proxy.cut(moment, at: "marked \(id)")
      try replication.database.psql(
        "BEGIN; INSERT INTO t VALUES (\(id * 2 + 1), 'marked \(id)'), (\(id * 2 + 2), 'beside it'); COMMIT")
      try expectEqual(replication, syncd)
      #expect(proxy.cuts == cuts + 1, "the connection was cut as the row went over it")
    }
    let puts = try replication.history(from: revision + 1)
    #expect(puts.count == 8, "each row once: \(puts.map(\.key))")
    #expect(syncd.log.contains("etcd may have done"))
    #expect(syncd.terminate() == .status(0))
  }

  /// Both connections are cut again and again while somebody writes.
  @Test func S34_connectionsCutAtRandom() throws {
    var generator = SeededGenerator(seed: SeededGenerator.ofThisRun)
    let replication = try Replication()
    try replication.database.psql("CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (0, 0)")
    let etcd = try CuttingProxy(to: replication.etcd.members[0].port)
    let postgres = try CuttingProxy(to: replication.database.postgres.server.port)
    let syncd = try replication.start([
      "etcd": ["endpoints": #"["127.0.0.1:\#(etcd.port)"]"#], "database": ["port": "\(postgres.port)"],
    ])
    try expectEqual(replication, syncd)
    let revision = try replication.etcd.revision
    let writes = (1...300).map {
      "INSERT INTO t SELECT g, 0 FROM generate_series(\($0 * 10), \($0 * 10 + 9)) g; SELECT pg_sleep(0.01)"
    }
    let writer = try replication.database.psqlInBackground(writes.joined(separator: ";\n"))
    while writer.exit == nil {
      usleep(useconds_t.random(in: 50_000...600_000, using: &generator))
      if Int.random(in: 0..<4, using: &generator) == 0 { postgres.cutAll() } else { etcd.cutAll() }
    }
    try expectEqual(replication, syncd)
    let puts = try replication.history(from: revision + 1)
    #expect(puts.count == 3000, "each row once, SYNC_TEST_SEED=\(generator.seed)")
    #expect(puts.map(\.modRevision) == puts.map(\.modRevision).sorted())
    #expect(syncd.terminate() == .status(0))
  }

  /// Packets vanish: noticed in bounded time, on either side.
  @Test func S06_connectionsThatSayNothing() throws {
    let postgres = try TestPostgres(flags: ["-c", "wal_sender_timeout=4s"])
    let replication = try Replication(postgres: postgres)
    try replication.database.psql("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (0)")
    let source = try CuttingProxy(to: postgres.server.port)
    let etcd = try CuttingProxy(to: replication.etcd.members[0].port)
    let syncd = try replication.start([
      "etcd": ["endpoints": #"["127.0.0.1:\#(etcd.port)"]"#, "request_timeout": "2s"],
      "database": ["port": "\(source.port)", "replication_status_timeout": "500ms", "connect_timeout": "3s"],
    ])
    try expectEqual(replication, syncd)
    #expect(syncd.waitForLine(containing: "following the log") != nil)
    // It has one question more for the source; a question has a minute.
    _ = waitUntil(within: .milliseconds(700)) { false }
    source.freeze()
    try replication.database.psql("INSERT INTO t VALUES (1)")
    #expect(
      syncd.waitForLine(containing: "the source failed us", within: .seconds(30)) != nil, "\(syncd.log.suffix(2000))")
    source.thaw()
    try expectEqual(replication, syncd)
    etcd.freeze()
    try replication.database.psql("INSERT INTO t VALUES (2)")
    #expect(
      syncd.waitForLine(containing: "etcd", "no answer in time", within: .seconds(30)) != nil,
      "\(syncd.log.suffix(2000))")
    etcd.thaw()
    try expectEqual(replication, syncd)
    #expect(syncd.terminate() == .status(0))
    try postgres.server.stop()
  }
}
