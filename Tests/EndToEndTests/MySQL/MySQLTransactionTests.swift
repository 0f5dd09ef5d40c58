// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

/// S28, S32: transactions whose outcome is told later, and locks of others.
@Suite(.serialized, .waits) struct MySQLTransactionTests {
  private static let table = "CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (1, 1), (2, 2)"

  private func prepare(_ name: String, _ statements: String) -> String {
    "XA START '\(name)'; \(statements); XA END '\(name)'; XA PREPARE '\(name)'"
  }

  /// What is prepared is not visible; what is rolled back never was; and it may take longer than we live.
  @Test(arguments: TestMySQL.names) func S28_outcomeAfterARestartOfOurs(_ server: String) throws {
    let mysql = try TestMySQL.shared(server)
    let run = try MySQLRun(MySQLReplication(mysql: mysql), Self.table)
    try run.expectEqual()
    let name = run.replication.name
    try run.sql(prepare("\(name)-a", "INSERT INTO t VALUES (3, 3); UPDATE t SET n = 10 WHERE id = 1"))
    try run.sql(prepare("\(name)-b", "INSERT INTO t VALUES (4, 4); DELETE FROM t WHERE id = 2"))
    try run.sql("INSERT INTO t VALUES (5, 5)")
    try run.expectEqual()
    #expect(try run.value("t", "3") == nil)
    try run.whileDown("INSERT INTO t VALUES (6, 6)")
    try run.sql("XA COMMIT '\(name)-a'; INSERT INTO t VALUES (7, 7)")
    try run.expectEqual()
    #expect(try run.value("t", "1") == #"{"id":1,"n":10}"#)
    run.kill9()
    try run.sql("XA ROLLBACK '\(name)-b'; UPDATE t SET n = 20 WHERE id = 2")
    try run.start()
    try run.expectEqual()
    // In one phase, and prepared and ended within one session.
    try run.sql(
      "XA START 'x-\(name)'; INSERT INTO t VALUES (8, 8); XA END 'x-\(name)'; XA COMMIT 'x-\(name)' ONE PHASE; "
        + prepare("y-\(name)", "INSERT INTO t VALUES (9, 9)") + "; XA COMMIT 'y-\(name)'; "
        + prepare("z-\(name)", "INSERT INTO t VALUES (10, 10)") + "; XA ROLLBACK 'z-\(name)'")
    try run.expectEqual()
    let history = try run.replication.history()
    #expect(!history.contains { $0.key == run.replication.key("t", "4") || $0.key == run.replication.key("t", "10") })
    run.stop()
  }

  @Test(arguments: ["mysql-9.7", "mariadb-11.8"]) func S28_outcomeAfterARestartOfTheServer(_ server: String) throws {
    let mysql = try TestMySQL(server, flags: TestMySQL.crashSafe)
    let run = try MySQLRun(MySQLReplication(mysql: mysql), Self.table)
    try run.sql(prepare("a", "INSERT INTO t VALUES (3, 3)"))
    try run.sql(prepare("b", "INSERT INTO t VALUES (4, 4)"))
    try run.sql("INSERT INTO t VALUES (5, 5)")
    try run.expectEqual()
    try mysql.server.restart()
    try run.sql("XA COMMIT 'a'; XA ROLLBACK 'b'; INSERT INTO t VALUES (6, 6)")
    try run.expectEqual()
    #expect(try run.value("t", "3") != nil)
    run.stop()
    try mysql.server.stop()
  }

  /// The log that has the rows is gone when they commit. (MariaDB keeps it for as long.) The table is read again, once.
  @Test func S28_logOfThePreparedIsPurged() throws {
    let mysql = try TestMySQL("mysql-9.7")
    let run = try MySQLRun(MySQLReplication(mysql: mysql), Self.table + "; CREATE TABLE u (id int PRIMARY KEY)")
    try run.sql(prepare("a", "INSERT INTO t VALUES (3, 3)"))
    try run.sql(prepare("b", "INSERT INTO t VALUES (4, 4)"))
    try run.sql("INSERT INTO u VALUES (1)")
    try run.expectEqual()
    // The daemon reads the newest file.
    #expect(try waitUntil(within: .seconds(30)) { try mysql.purgeLogs() })
    try run.sql("XA ROLLBACK 'b'; XA COMMIT 'a'; INSERT INTO u VALUES (2)")
    try run.expectEqual()
    run.kill9()
    try run.sql("INSERT INTO t VALUES (5, 5); INSERT INTO u VALUES (3)")
    try run.start()
    try run.expectEqual()
    #expect(run.tableDumps == 0, "\(run.report)")
    run.stop()
    try mysql.server.stop()
  }

  /// Prepared before the dump, ended behind it: the snapshot does not have its rows, and the log we read names only its
  /// end.
  @Test(arguments: ["mysql-9.7", "mariadb-10.11"]) func S28_preparedBeforeTheDump(_ server: String) throws {
    let replication = try MySQLReplication(server)
    let name = replication.name
    try replication.database.sql(Self.table + "; CREATE TABLE u (id int PRIMARY KEY)")
    try replication.database.sql(prepare(name, "INSERT INTO u VALUES (1)"))
    let syncd = try replication.start()
    // Where the lock of the dump waits for it, this tells who holds it up.
    _ = try replication.waitUntilSyncing(within: .seconds(12))
    try replication.database.sql("XA COMMIT '\(name)'; INSERT INTO t VALUES (3, 3)")
    let differences = try replication.differences(within: .seconds(60))
    #expect(differences.isEmpty, "\(differences)\n\(syncd.log.suffix(2500))")
    #expect(syncd.terminate() == .status(0))
  }

  /// Another session holds a table when the dump begins: we wait, say who it is, and go on when it is over. The servers
  /// keep an account of who holds what, or none.
  @Test(arguments: [
    ["mysql-9.7", "--performance-schema=ON"], ["mysql-9.7", "--performance-schema=OFF"],
    ["mariadb-10.11", "--plugin-load-add=metadata_lock_info"], ["mariadb-10.11"],
  ])
  func S32_lockHeldByAnother(_ server: [String]) throws {
    let mysql = try TestMySQL(server[0], flags: Array(server.dropFirst()))
    let replication = try MySQLReplication(mysql: mysql)
    try replication.database.sql(Self.table)
    let holder = try replication.database.sqlInBackground("LOCK TABLES t WRITE; SELECT SLEEP(60)")
    var session: String?
    _ = try waitUntil(within: .seconds(10)) {
      session = try replication.database.rows(
        """
        SELECT id FROM information_schema.processlist
        WHERE info LIKE 'SELECT SLEEP(60)' AND db = '\(replication.name)'
        """
      ).first?.first
      return session != nil
    }
    let number = try #require(session)
    let syncd = try replication.start()
    let line = syncd.waitForLine(containing: "connection \(number) of root@", "lock", within: .seconds(40))
    #expect(line != nil, "\(syncd.log.suffix(2500))")
    let isKnown = server.count == 2 && server[1] != "--performance-schema=OFF"
    #expect(line?.contains("perhaps") == !isKnown, "\(line ?? "")")
    // Others may still use their tables meanwhile.
    try replication.database.sql("CREATE TABLE u (id int PRIMARY KEY); INSERT INTO u VALUES (1)")
    try replication.database.sql("KILL \(number)")
    _ = holder.waitForExit(within: .seconds(10))
    let differences = try replication.differences(within: .seconds(60))
    #expect(differences.isEmpty, "\(differences)\n\(syncd.log.suffix(2500))")
    #expect(syncd.terminate() == .status(0))
    try mysql.server.stop()
  }

  /// A transaction that has written when the dump begins is either in the snapshot or in the log behind it.
  @Test(arguments: ["mysql-9.7", "mariadb-10.5"]) func S32_openTransaction(_ server: String) throws {
    let replication = try MySQLReplication(server)
    try replication.database.sql(Self.table)
    let writer = try replication.database.sqlInBackground(
      "BEGIN; INSERT INTO t VALUES (3, 3); DELETE FROM t WHERE id = 1; SELECT SLEEP(4); UPDATE t SET n = 9; COMMIT")
    _ = waitUntil(within: .milliseconds(500)) { false }
    let syncd = try replication.start()
    #expect(writer.waitForExit(within: .seconds(30)) == .status(0), "\(syncd.log.suffix(2000))")
    let differences = try replication.differences(within: .seconds(60))
    #expect(differences.isEmpty, "\(differences)\n\(syncd.log.suffix(2500))")
    #expect(syncd.terminate() == .status(0))
  }

  /// While etcd takes its time with the dump, applications write.
  @Test(arguments: ["mysql-9.7", "mariadb-10.11"]) func S32_noTableStaysLocked(_ server: String) throws {
    let replication = try MySQLReplication(mysql: .shared(server), etcd: try TestEtcd())
    let rows = (1...20000).map { "(\($0), 0)" }.joined(separator: ",")
    try replication.database.sql("CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES \(rows)")
    let syncd = try replication.start()
    let isDumping = try waitUntil(within: .seconds(30)) { try replication.etcd.get(replication.key("t", "1")) != nil }
    #expect(isDumping, "\(syncd.log.suffix(2000))")
    try replication.etcd.members[0].pause()
    let start = ContinuousClock.now
    try replication.database.sql("UPDATE t SET n = 1 WHERE id < 50; INSERT INTO t VALUES (30000, 1)")
    #expect(ContinuousClock.now - start < .seconds(3))
    try replication.etcd.members[0].resume()
    let differences = try replication.differences(within: .seconds(60))
    #expect(differences.isEmpty, "\(differences)\n\(syncd.log.suffix(2500))")
    #expect(syncd.terminate() == .status(0))
    try replication.etcd.members[0].stop()
  }
}
