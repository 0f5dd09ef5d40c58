// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

/// Positions that are lost, servers that stop, connections that die, and transactions that wait for their outcome.
@Suite(.waits) struct MySQLPositionTests {
  private static func rows(_ range: ClosedRange<Int>, _ rest: String = "") -> String {
    range.map { "(\($0)\(rest))" }.joined(separator: ",")
  }

  /// The files that we would need are gone when we come back: dumped again, or 74, as the configuration says.
  @Test(arguments: ["mysql-9.7", "mariadb-10.11"], ["auto", "off"])
  func S20_logPurgedWhileWeAreDown(_ server: String, _ gtid: String) throws {
    let mysql = try TestMySQL(server)
    let changes = ["database": ["mysql": "{gtid: \(gtid)}"]]
    let run = try MySQLRun(
      MySQLReplication(mysql: mysql), "CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1), (2)", changes)
    try run.expectEqual()
    run.stop()
    try run.sql("DELETE FROM t WHERE id = 1; INSERT INTO t VALUES (3)")
    let stopping = changes.merging(["sync": ["on_lost_position": "stop"]]) { $1 }
    let configuration = run.replication.configuration(stopping)
    let before = try SyncdProcess(["check"], configuration: configuration)
    #expect(before.waitForExit() == .status(0), "\(before.output)\n\(before.log)")
    #expect(before.output.contains("ok       the log has what comes after the checkpoint"), "\(before.output)")
    #expect(try mysql.purgeLogs())

    try run.start(stopping)
    #expect(run.syncd.waitForExit() == .status(74), "\(run.report)")
    let check = try SyncdProcess(["check"], configuration: configuration)
    #expect(check.waitForExit() == .status(1), "\(check.output)\n\(check.log)")
    #expect(
      check.output.contains("problem  the position in the log is lost: the server has purged"), "\(check.output)")
    #expect(check.output.contains("type: sync: {on_lost_position: dump}"), "\(check.output)")
    try run.start()
    try run.expectEqual()
    run.stop()
    try mysql.server.stop()
  }

  /// The server has forgotten its log altogether, and counts from one again.
  @Test(arguments: ["mysql-9.7", "mariadb-11.8"]) func S20_logReset(_ server: String) throws {
    let mysql = try TestMySQL(server)
    let run = try MySQLRun(
      MySQLReplication(mysql: mysql), "CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1), (2), (3)")
    try run.sql("INSERT INTO t VALUES (4); INSERT INTO t VALUES (5)")
    try run.expectEqual()
    run.stop()
    try mysql.resetLog()
    try run.sql("DELETE FROM t WHERE id = 1; INSERT INTO t VALUES (6)")
    try run.start()
    try run.expectEqual()
    run.stop()
    try mysql.server.stop()
  }

  /// Our tables idle, others busy: the position moves on, and files that are purged were not needed.
  @Test(arguments: ["mysql-9.7", "mariadb-10.5"]) func S20_idleTablesBusyServer(_ server: String) throws {
    let mysql = try TestMySQL(server)
    let run = try MySQLRun(
      MySQLReplication(mysql: mysql), "CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)",
      ["sync": ["on_lost_position": "stop"]])
    try run.expectEqual()
    let other = try mysql.createSchema()
    try other.sql("CREATE TABLE busy (id int PRIMARY KEY, body text); FLUSH BINARY LOGS")
    for round in 0..<5 {
      try other.sql("INSERT INTO busy VALUES \(Self.rows(round * 100...round * 100 + 99, ", 'x'"))")
    }
    // To its end: what is behind the checkpoint is purged.
    let executed = mysql.isMariaDB ? "@@GLOBAL.gtid_binlog_pos" : "@@GLOBAL.gtid_executed"
    let end = #""gtid":"\#(try mysql.rows("SELECT \(executed)")[0][0])""#
    let hasMoved = try waitUntil(within: .seconds(45)) { try run.checkpoint().contains(end) }
    let checkpoint = try run.checkpoint()
    #expect(hasMoved, "\(checkpoint)\n\(run.report)")
    run.stop()
    try mysql.purgeLogs()
    try run.start()
    try run.sql("INSERT INTO t VALUES (2)")
    try run.expectEqual()
    run.stop()
    try mysql.server.stop()
  }

  /// Of an encrypted log places are what the server says they are, wherever it is read from.
  @Test(arguments: TestMySQL.mariaDBNames, ["auto", "off"])
  func S25_encryptedLog(_ server: String, _ gtid: String) throws {
    let keys = try SyncdProcess.write(configuration: "1;770A8A65DA156D24EE2A093277530142\n")
    let mysql = try TestMySQL(
      server,
      flags: [
        "--plugin-load-add=file_key_management", "--file-key-management-filename=\(keys)", "--encrypt-binlog=ON",
      ])
    let run = try MySQLRun(
      MySQLReplication(mysql: mysql), "CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)",
      ["database": ["mysql": "{gtid: \(gtid)}"], "sync": ["on_lost_position": "stop"]])
    for id in 2...5 {
      try run.sql("INSERT INTO t VALUES (\(id))")
      try run.expectEqual()
      let isAtTheEnd = try waitUntil(within: .seconds(60)) {
        guard let last = try mysql.rows("SHOW BINARY LOGS").last else { return false }
        return try run.checkpoint().contains(#""file":"\#(last[0])","offset":\#(last[1]),"#)
      }
      let checkpoint = try run.checkpoint()
      #expect(isAtTheEnd, "\(checkpoint)\n\(run.report)")
      run.stop()
      if id == 3 { try mysql.flushLog() }
      if id < 5 { try run.start() }
    }
    try mysql.server.stop()
  }

  /// Two with one server_id: the second says so and ends; the first is not disturbed.
  @Test(arguments: TestMySQL.names) func S21_serverIDInUse(_ server: String) throws {
    let changes = ["database": ["mysql": "{server_id: 471100}"]]
    let mysql = try TestMySQL(server)
    // Without it MariaDB does not show its replicas.
    if mysql.isMariaDB { try mysql.sql("GRANT REPLICATION MASTER ADMIN ON *.* TO sync@'%'") }
    let first = try MySQLRun(
      MySQLReplication(mysql: mysql), "CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)", changes)
    try first.expectEqual()
    let sessions = try mysql.dumpSessions()
    let second = try MySQLReplication(mysql: mysql)
    try second.database.sql("CREATE TABLE t (id int PRIMARY KEY)")
    let syncd = try second.start(changes)
    #expect(syncd.waitForExit(within: .seconds(60)) == .status(75), "\(syncd.log.suffix(2000))")
    #expect(syncd.lines.last?.contains("471100") == true, "the last line names it: \(syncd.log.suffix(1000))")
    #expect(try mysql.dumpSessions() == sessions, "\(first.report)")
    // Derived from two names they are two.
    let third = try second.start()
    #expect(try second.differences().isEmpty, "\(third.log.suffix(2000))")
    try first.sql("INSERT INTO t VALUES (2)")
    try first.expectEqual()
    #expect(third.terminate() == .status(0))
    first.stop()
    try mysql.server.stop()
  }

  /// Where we may not see the server's replicas, whoever is put out by the other ends.
  @Test func S21_serverIDInUseUnseen() throws {
    let changes = ["database": ["mysql": "{server_id: 471200}"]]
    let mysql = try TestMySQL("mariadb-10.11")
    let first = try MySQLRun(
      MySQLReplication(mysql: mysql), "CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)", changes)
    let second = try MySQLReplication(mysql: mysql)
    try second.database.sql("CREATE TABLE t (id int PRIMARY KEY)")
    let syncd = try second.start(changes)
    let hasEnded = waitUntil(within: .seconds(30)) { first.syncd.process.exit != nil || syncd.process.exit != nil }
    #expect(hasEnded, "\(first.report)")
    let ended = first.syncd.process.exit != nil ? first.syncd : syncd
    #expect(ended.waitForExit() == .status(75), "\(ended.log.suffix(1500))")
    #expect(ended.lines.last?.contains("server_id") == true, "\(ended.log.suffix(1500))")
    try mysql.server.stop()
  }

  /// The peer's packets vanish: noticed in bounded time, and we go on over another connection.
  @Test func S22_halfOpenConnection() throws {
    let mysql = try TestMySQL()
    let proxy = try CuttingProxy(to: mysql.server.port)
    let run = try MySQLRun(
      MySQLReplication(mysql: mysql), "CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)",
      ["database": ["port": "\(proxy.port)", "replication_status_timeout": "1s", "connect_timeout": "2s"]])
    try run.expectEqual()
    proxy.freeze()
    try run.sql("INSERT INTO t VALUES (2)")
    let noticed = waitUntil(within: .seconds(40)) {
      run.syncd.lines.contains { $0.contains("level=warning") || $0.contains("level=error") }
    }
    #expect(noticed, "\(run.report)")
    proxy.thaw()
    try run.expectEqual()
    // An idle database does not make us connect again and again.
    let sessions = try mysql.dumpSessions()
    _ = waitUntil(within: .seconds(6)) { false }
    #expect(try mysql.dumpSessions() == sessions, "\(run.report)")
    proxy.cutAll()
    try run.sql("INSERT INTO t VALUES (3)")
    try run.expectEqual()
    run.stop()
    try mysql.server.stop()
  }

  /// Killed in the middle of a transaction that needs several requests; resumed at a transaction's beginning only.
  @Test(arguments: zip(TestMySQL.names, ["auto", "off", "auto", "off"])) func S01_S23_killedInsideALargeTransaction(
    _ server: String, _ gtid: String
  ) throws {
    let run = try MySQLRun(
      on: server, "CREATE TABLE t (id int PRIMARY KEY, body text); INSERT INTO t VALUES (0, 'ready')",
      ["database": ["mysql": "{gtid: \(gtid)}"]])
    try run.expectEqual()
    let most = 12000
    // What one process has seen before the transaction, the next has not.
    try run.sql(
      "UPDATE t SET body = 'earlier'; BEGIN; INSERT INTO t VALUES \(Self.rows(1...most / 2, ", REPEAT('a', 300)"));"
        + "INSERT INTO t VALUES \(Self.rows(most / 2 + 1...most, ", REPEAT('b', 300)")); COMMIT")
    for _ in 0..<3 {
      _ = waitUntil(within: .milliseconds(150)) { false }
      run.kill9()
      try run.start()
    }
    try run.expectEqual(within: .seconds(90))
    let puts = try run.replication.history().filter { $0.version > 0 }
    #expect(puts.count == most + 2, "no row is put twice")
    run.stop()
  }

  @Test(arguments: ["mysql-9.7", "mariadb-10.11"]) func S23_serverKilledAndStopped(_ server: String) throws {
    let mysql = try TestMySQL(server, flags: TestMySQL.crashSafe)
    let run = try MySQLRun(
      MySQLReplication(mysql: mysql), "CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)")
    try run.expectEqual()
    try run.sql("INSERT INTO t VALUES \(Self.rows(2...3000))")
    try mysql.server.kill9()
    try mysql.server.restart()
    try run.sql("INSERT INTO t VALUES (5000)")
    try run.expectEqual()
    try mysql.server.stop()
    #expect(run.syncd.process.exit == nil, "once it has run, it never gives up")
    try mysql.server.restart()
    try run.sql("INSERT INTO t VALUES (5001)")
    try run.expectEqual()
    run.stop()
    try mysql.server.stop()
  }

  /// etcd stands still for longer than `net_write_timeout`: the source connection lives on, catch-up follows.
  @Test(arguments: ["mysql-9.7", "mariadb-11.8"]) func S07_etcdStandsStill(_ server: String) throws {
    let mysql = try TestMySQL(server, flags: ["--net-write-timeout=2"])
    let run = try MySQLRun(
      MySQLReplication(mysql: mysql, etcd: try TestEtcd()),
      "CREATE TABLE t (id int PRIMARY KEY, body text); INSERT INTO t VALUES (1, '')",
      ["etcd": ["request_timeout": "3s"]])
    try run.expectEqual()
    try run.replication.etcd.members[0].pause()
    for round in 1...8 {
      try run.sql("INSERT INTO t VALUES \(Self.rows(round * 1000...round * 1000 + 999, ", REPEAT('y', 2000)"))")
      _ = waitUntil(within: .seconds(1)) { false }
    }
    try run.replication.etcd.members[0].resume()
    try run.expectEqual(within: .seconds(60))
    run.stop()
    try mysql.server.stop()
    try run.replication.etcd.members[0].stop()
  }

  /// Without `gtid_strict_mode` (the default) numbers go up and down, and may come twice: the file tells what is next.
  @Test func numbersThatGoUpAndDown() throws {
    let mysql = try TestMySQL("mariadb-10.11", flags: ["--gtid-strict-mode=OFF"])
    let run = try MySQLRun(
      MySQLReplication(mysql: mysql), "CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (1, 0)",
      ["sync": ["on_lost_position": "stop"]])
    let numbers = [(203, 900), (101, 50), (202, 600), (101, 51), (203, 901), (101, 50), (101, 49)]
    for (n, (server, number)) in numbers.enumerated() {
      run.kill9()
      if n == 3 { try mysql.flushLog() }
      try run.sql("SET SESSION server_id = \(server), gtid_seq_no = \(number); UPDATE t SET n = \(n + 1)")
      try run.start()
      try run.expectEqual()
    }
    let values = try run.replication.history().map(\.text)
    #expect(values == (0...numbers.count).map { #"{"id":1,"n":\#($0)}"# }, "\(run.report)")
    run.stop()
    try mysql.server.stop()
  }
}
