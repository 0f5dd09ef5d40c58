// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

/// S08: the server ends, and its standby goes on.
@Suite(.waits) struct PostgresFailoverTests {
  /// A standby is passed over and waited for, wherever it is in the list; promoted, it has no slot of ours, so that
  /// everything is dumped again as `on_lost_position` says.
  @Test func S08_standbyWithoutASlot() throws {
    let primary = try TestPostgres()
    let replication = try Replication(postgres: primary)
    try replication.database.psql("CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (1, 1), (2, 2)")
    let standby = try TestPostgres(standbyOf: primary)
    let hosts = [standby, primary].map { "\"\($0.server.folder)\"" }.joined(separator: ", ")
    let changes = ["database": ["host": "[\(hosts)]"]]
    let check = try SyncdProcess(["check"], configuration: replication.configuration(changes))
    #expect(check.waitForExit() == .status(0), "\(check.output)\n\(check.log)")
    let syncd = try replication.start(changes)
    #expect(try replication.waitUntilSyncing(), "\(syncd.log.suffix(2000))")
    try replication.database.psql("UPDATE t SET n = 3 WHERE id = 1; INSERT INTO t VALUES (3, 3)")
    #expect(try replication.differences().isEmpty, "\(syncd.log.suffix(2000))")
    try primary.server.stop()
    #expect(syncd.waitForLine(containing: "the server is a standby") != nil, "\(syncd.log.suffix(2000))")
    #expect(!syncd.log.contains("the position is lost"), "\(syncd.log.suffix(2000))")
    try standby.promote()
    let there = standby.database(as: replication.database)
    try there.psql("DELETE FROM t WHERE id = 2; INSERT INTO t VALUES (4, 4)")
    var last = try replication.oracle.compare(there, with: replication.etcd)
    _ = try waitUntil(within: .seconds(60)) {
      if !last.isEmpty { last = try replication.oracle.compare(there, with: replication.etcd) }
      return last.isEmpty
    }
    #expect(last.isEmpty, "\(last)\n\(syncd.log.suffix(2000))")
    #expect(syncd.log.contains("the position is lost"), "\(syncd.log.suffix(2000))")
    #expect(syncd.terminate() == .status(0))
    try standby.server.stop()
  }
}
