// SPDX-License-Identifier: Apache-2.0
import Foundation
import Support
import Testing

/// S08: the server ends, and another one goes on that has repeated it.
@Suite(.waits) struct MySQLFailoverTests {
  private static let servers = ["mysql-9.7", "mariadb-10.11"]

  /// Two servers and a daemon that tries them in order. (By their sockets: on one machine they differ in ports, and
  /// there is one port for all hosts.)
  private final class Pair {
    let first: TestMySQL
    let second: TestMySQL
    let run: MySQLRun
    /// The schema on the second server.
    let there: TestSchema

    init(_ server: String, _ changes: [String: [String: String]] = [:]) throws {
      first = try TestMySQL(server)
      second = try TestMySQL(server)
      try second.replicate(first)
      let hosts = [first, second].map { "\"\($0.server.folder)/s.sock\"" }.joined(separator: ", ")
      let hostChange = ["database": ["host": "[\(hosts)]"]]
      run = try MySQLRun(
        MySQLReplication(mysql: first),
        "CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (1, 1), (2, 2), (3, 3)",
        changes.merging(hostChange) { $0.merging($1) { $1 } })
      there = second.schema(as: run.replication.database)
      try run.expectEqual()
    }

    /// The first one ends, and the second one is no replica any more. `statements` are its first own ones.
    func failOver(_ statements: String) throws {
      try first.server.stop()
      try second.promote()
      try there.sql(statements)
    }

    func expectEqual(location: SourceLocation = #_sourceLocation) throws {
      let oracle = run.replication.oracle
      var last = try oracle.compare(there, with: run.replication.etcd)
      _ = try waitUntil(within: .seconds(90)) {
        if !last.isEmpty { last = try oracle.compare(there, with: run.replication.etcd) }
        return last.isEmpty
      }
      #expect(last.isEmpty, "\(last)\n\(run.report)", sourceLocation: location)
    }

    /// The values that a row has been put with, in order.
    func puts(_ id: Int) throws -> [String] {
      let key = run.replication.key("t", "\(id)")
      return try run.replication.history().filter { $0.key == key && $0.version > 0 }.map(\.text)
    }

    func end() throws {
      run.stop()
      try second.server.stop()
    }
  }

  private func row(_ id: Int, _ n: Int) -> String { #"{"id":\#(id),"n":\#(n)}"# }

  /// By GTID the second server's log goes on where the first one's was left: nothing is dumped, repeated or left out.
  @Test(arguments: servers) func S08_goesOnAtAReplica(_ server: String) throws {
    let pair = try Pair(server)
    try pair.run.sql("INSERT INTO t VALUES (4, 4); UPDATE t SET n = 10 WHERE id = 1")
    try pair.run.expectEqual()
    // What the daemon has not seen when the first one ends is to be had of the second one only.
    pair.run.syncd.process.send(signal: SIGSTOP)
    try pair.run.sql("UPDATE t SET n = 11 WHERE id = 1; DELETE FROM t WHERE id = 2; INSERT INTO t VALUES (5, 5)")
    try pair.second.catchUp(with: pair.first)
    try pair.failOver("UPDATE t SET n = 12 WHERE id = 1; INSERT INTO t VALUES (6, 6)")
    pair.run.syncd.process.send(signal: SIGCONT)
    try pair.expectEqual()
    // What the second one has may come in one revision, which has the last state of a row.
    let puts = try pair.puts(1).filter { $0 != row(1, 11) }
    #expect(puts == [row(1, 1), row(1, 10), row(1, 12)], "\(pair.run.report)")
    for id in 3...6 { #expect(try pair.puts(id) == [row(id, id)], "\(pair.run.report)") }
    #expect(pair.run.syncd.log.contains("the source is another server"), "\(pair.run.report)")
    // The next one begins there, with the first server still away.
    pair.run.kill9()
    try pair.there.sql("UPDATE t SET n = 60 WHERE id = 6")
    try pair.run.start()
    try pair.expectEqual()
    #expect(try pair.puts(6) == [row(6, 6), row(6, 60)], "\(pair.run.report)")
    #expect(try pair.puts(3) == [row(3, 3)], "\(pair.run.report)")
    try pair.end()
  }

  /// The second server has transactions of its own from before the first one's end.
  @Test(arguments: servers) func S08_replicaWithTransactionsOfItsOwn(_ server: String) throws {
    let pair = try Pair(server)
    try pair.second.catchUp(with: pair.first)
    // MariaDB counts those of a domain as one sequence, in which a replica may not have a part.
    let domain = pair.first.isMariaDB ? "SET SESSION gtid_domain_id = 7; " : ""
    try pair.there.sql(domain + "INSERT INTO t VALUES (100, 100); UPDATE t SET n = 30 WHERE id = 3")
    try pair.run.sql("INSERT INTO t VALUES (4, 4)")
    try pair.run.expectEqual()
    try pair.second.catchUp(with: pair.first)
    try pair.failOver("INSERT INTO t VALUES (5, 5)")
    try pair.expectEqual()
    #expect(try pair.puts(3) == [row(3, 3), row(3, 30)], "\(pair.run.report)")
    for id in [1, 2, 4, 5, 100] { #expect(try pair.puts(id) == [row(id, id)], "\(pair.run.report)") }
    try pair.end()
  }

  /// The second server has not all that the first one had, and has gone another way since.
  @Test(arguments: zip(servers, ["dump", "stop"])) func S08_replicaThatIsBehind(_ server: String, _ policy: String)
    throws
  {
    let pair = try Pair(server, ["sync": ["on_lost_position": policy]])
    try pair.second.catchUp(with: pair.first)
    try pair.second.sql(pair.first.isMariaDB ? "STOP SLAVE" : "STOP REPLICA")
    try pair.run.sql("INSERT INTO t VALUES (4, 4); DELETE FROM t WHERE id = 1; UPDATE t SET n = 20 WHERE id = 2")
    try pair.run.expectEqual()
    try pair.failOver("UPDATE t SET n = 30 WHERE id = 3")
    try expectLoss(pair, policy)
  }

  /// The second server has received all, and applies it later: it is waited for.
  @Test(arguments: servers) func S08_replicaThatIsStillApplying(_ server: String) throws {
    let pair = try Pair(server, ["sync": ["on_lost_position": "stop"]])
    try pair.second.catchUp(with: pair.first)
    try pair.second.delay(seconds: 8)
    try pair.run.sql("INSERT INTO t VALUES (4, 4); DELETE FROM t WHERE id = 2; UPDATE t SET n = 10 WHERE id = 1")
    try pair.run.expectEqual()
    try pair.second.receive(from: pair.first)
    try pair.first.server.stop()
    #expect(pair.run.syncd.waitForLine(containing: "waiting for it") != nil, "\(pair.run.report)")
    try pair.expectEqual()
    #expect(pair.run.syncd.waitForLine(containing: "the source is another server") != nil, "\(pair.run.report)")
    try pair.second.promote()
    try pair.there.sql("UPDATE t SET n = 11 WHERE id = 1; INSERT INTO t VALUES (5, 5)")
    try pair.expectEqual()
    #expect(try pair.puts(1) == [row(1, 1), row(1, 10), row(1, 11)], "\(pair.run.report)")
    for id in 3...5 { #expect(try pair.puts(id) == [row(id, id)], "\(pair.run.report)") }
    try pair.end()
  }

  /// The first server comes back, without what the second one has done since: the order of the hosts does not count.
  @Test(arguments: servers) func S08_theFirstOneComesBack(_ server: String) throws {
    let pair = try Pair(server, ["sync": ["on_lost_position": "stop"]])
    try pair.second.catchUp(with: pair.first)
    try pair.failOver("UPDATE t SET n = 10 WHERE id = 1; INSERT INTO t VALUES (4, 4)")
    try pair.expectEqual()
    pair.run.kill9()
    try pair.first.server.restart()
    let check = try SyncdProcess(["check"], configuration: pair.run.replication.configuration(pair.run.changes))
    #expect(check.waitForExit() == .status(0), "\(check.output)\n\(check.log)")
    try pair.there.sql("UPDATE t SET n = 11 WHERE id = 1")
    try pair.run.start()
    try pair.expectEqual()
    #expect(try pair.puts(1) == [row(1, 1), row(1, 10), row(1, 11)], "\(pair.run.report)")
    try pair.first.server.stop()
    try pair.end()
  }

  /// What a replica applies is not in its log unless it is told to: nothing of it would ever come.
  @Test(arguments: servers) func S08_replicaThatLogsNothing(_ server: String) throws {
    let first = try TestMySQL(server)
    let second = try TestMySQL(server, flags: ["--log-\(first.isMariaDB ? "slave" : "replica")-updates=OFF"])
    try second.replicate(first)
    let replication = try MySQLReplication(mysql: first)
    try replication.database.sql("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)")
    try second.catchUp(with: first)
    let changes = ["database": ["host": "\(second.server.folder)/s.sock"]]
    let check = try SyncdProcess(["check"], configuration: replication.configuration(changes))
    #expect(check.waitForExit() == .status(1))
    #expect(check.output.contains("problem  log_replica_updates is OFF"), "\(check.output)")
    let refused = try replication.start(changes)
    #expect(refused.waitForExit() == .status(69), "\(refused.log)")
    #expect(refused.lines.last?.contains("log_slave_updates = ON") == true, "\(refused.log)")
    try second.promote()
    let syncd = try replication.start(changes)
    #expect(try replication.differences().isEmpty, "\(syncd.log)")
    #expect(syncd.terminate() == .status(0))
    for server in [first, second] { try server.server.stop() }
  }

  /// The members of a cluster may have one `server_id`, and each has files and offsets of its own.
  @Test func S08_membersOfOneNumber() throws {
    let pair = try Pair("mariadb-10.11", ["sync": ["on_lost_position": "stop"]])
    for _ in 0..<4 { try pair.first.flushLog() }
    // Dumped again as of a place that is far behind all that the second server has.
    try pair.run.sql("ALTER TABLE t ADD c int DEFAULT 5; UPDATE t SET n = 10 WHERE id = 1")
    try pair.run.expectEqual()
    let number = try pair.first.rows("SELECT @@server_id")[0][0]
    try pair.second.catchUp(with: pair.first)
    try pair.second.sql("SET GLOBAL server_id = \(number)")
    try pair.failOver("UPDATE t SET n = 11 WHERE id = 1; INSERT INTO t VALUES (4, 4, 4)")
    try pair.expectEqual()
    try pair.end()
  }

  /// Prepared on the first server, committed on the second: the rows are somewhere in another log.
  @Test(arguments: servers) func S08_S28_preparedBefore(_ server: String) throws {
    let pair = try Pair(server, ["sync": ["on_lost_position": "stop"]])
    let name = pair.run.replication.name
    try pair.run.sql("XA START '\(name)'; INSERT INTO t VALUES (4, 4); XA END '\(name)'; XA PREPARE '\(name)'")
    try pair.run.sql("INSERT INTO t VALUES (5, 5)")
    try pair.run.expectEqual()
    try pair.second.catchUp(with: pair.first)
    try pair.failOver("XA COMMIT '\(name)'; INSERT INTO t VALUES (6, 6)")
    try pair.expectEqual()
    #expect(pair.run.syncd.log.contains("was prepared on another server"), "\(pair.run.report)")
    try pair.there.sql("UPDATE t SET n = 7")
    try pair.expectEqual()
    #expect(pair.run.tableDumps == 2, "\(pair.run.report)")
    try pair.end()
  }

  /// Files and offsets mean nothing on another server.
  @Test(arguments: zip(servers, ["stop", "dump"])) func S08_withoutGTIDs(_ server: String, _ policy: String) throws {
    let pair = try Pair(server, ["database": ["mysql": "{gtid: off}"], "sync": ["on_lost_position": policy]])
    try pair.run.sql("INSERT INTO t VALUES (4, 4)")
    try pair.run.expectEqual()
    try pair.second.catchUp(with: pair.first)
    try pair.failOver("UPDATE t SET n = 30 WHERE id = 3; DELETE FROM t WHERE id = 1")
    try expectLoss(pair, policy)
  }

  private func expectLoss(_ pair: Pair, _ policy: String) throws {
    let run = pair.run
    if policy == "stop" {
      #expect(run.syncd.waitForExit(within: .seconds(90)) == .status(74), "\(run.report)")
      #expect(run.syncd.lines.last?.contains("on_lost_position") == true, "\(run.report)")
      try pair.second.server.stop()
      return
    }
    try pair.expectEqual()
    #expect(run.syncd.log.contains("the position is lost"), "\(run.report)")
    try pair.there.sql("INSERT INTO t VALUES (9, 9)")
    try pair.expectEqual()
    try pair.end()
  }
}
