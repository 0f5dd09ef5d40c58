// SPDX-License-Identifier: Apache-2.0
import Foundation
import Support
import Testing

/// S35: whoever leads has the same server_id, so that the server ends the former leader's connection before that one
/// knows anything: it stays as a standby.
@Suite(.waits) struct MySQLStandbyTests {
  private static let servers = ["mysql-9.7", "mariadb-11.8"]

  /// A leader and a standby of one name.
  private final class Pair {
    let run: MySQLRun
    let standby: SyncdProcess

    init(_ replication: MySQLReplication) throws {
      run = try MySQLRun(
        replication, "CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (1, 0)",
        ["ha": ["lease_ttl": "2s"]])
      try run.expectEqual()
      standby = try replication.start(run.changes)
      #expect(standby.waitForLine(containing: "standing by") != nil, "\(standby.log.suffix(1500))")
    }

    var leader: SyncdProcess { run.syncd }

    func expectTakeOver() {
      #expect(standby.waitForLine(containing: "following the log") != nil, "\(standby.log.suffix(1500))")
    }

    /// The former leader stands by, nobody disturbs the new one, and once that has ended the former one leads again.
    func expectStandby() throws {
      #expect(leader.waitForLine(containing: "standing by", "leader=") != nil, "\(run.report)")
      try run.sql("UPDATE t SET n = 1; INSERT INTO t VALUES (2, 0)")
      try run.expectEqual()
      #expect(standby.lines.count { $0.contains("following the log") } == 1, "\(standby.log.suffix(1500))")
      #expect(standby.terminate() == .status(0), "\(standby.log.suffix(1500))")
      try run.sql("UPDATE t SET n = 2; DELETE FROM t WHERE id = 1")
      try run.expectEqual()
      run.stop()
    }
  }

  @Test(arguments: servers) func S35_pausedLeaderStandsBy(_ server: String) throws {
    let pair = try Pair(MySQLReplication(server))
    pair.leader.process.send(signal: SIGSTOP)
    pair.expectTakeOver()
    pair.leader.process.send(signal: SIGCONT)
    try pair.expectStandby()
  }

  /// It knows as little if it was not stopped, but its lease was ended by somebody.
  @Test(arguments: servers) func S35_leaseRevoked(_ server: String) throws {
    let pair = try Pair(MySQLReplication(server))
    let etcd = pair.run.replication.etcd
    let key = pair.run.replication.stateFolder + "leader/holder"
    let text = try etcd.etcdctl(["get", key, "-w", "fields"])
    let line = text.split(separator: "\n").first { $0.hasPrefix("\"Lease\"") }
    let lease = try #require(line?.split(separator: " ").last.flatMap { Int64($0) }, "\(text)")
    try etcd.etcdctl(["lease", "revoke", String(lease, radix: 16)])
    pair.expectTakeOver()
    try pair.expectStandby()
  }

  /// A connection of its own that it has lost meanwhile is no reason to take the new leader's away.
  @Test(arguments: servers) func S35_pausedLeaderWithoutItsConnections(_ server: String) throws {
    let mysql = try TestMySQL(server)
    let pair = try Pair(MySQLReplication(mysql: mysql))
    pair.leader.process.send(signal: SIGSTOP)
    for session in try mysql.dumpSessions() { try mysql.sql("KILL \(session)") }
    pair.expectTakeOver()
    pair.leader.process.send(signal: SIGCONT)
    try pair.expectStandby()
    try mysql.server.stop()
  }
}
