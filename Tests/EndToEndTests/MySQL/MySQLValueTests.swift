// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

/// S30: one row gives the same bytes whether the dump or the log brings it, and they are the oracle's.
@Suite(.serialized, .waits) struct MySQLValueTests {
  private struct Kind: CustomTestStringConvertible, Sendable {
    let server: String
    let log: TestMySQL.Log
    var testDescription: String { "\(server), \(log) log" }
  }

  private static let kinds = TestMySQL.names.flatMap { server in
    TestMySQL.Log.allCases.map { Kind(server: server, log: $0) }
  }

  @Test(arguments: kinds) private func S30_dumpAndStreamAgree(_ kind: Kind) throws {
    let run = try MySQLRun(
      MySQLReplication(kind.server, log: kind.log), EveryMySQLKind.schema(kind.server))
    try expectEqualTables(run, "dump", kind.server)
    try run.sql(EveryMySQLKind.update(kind.server))
    try expectEqualTables(run, "stream", kind.server)
    run.stop()
  }

  /// What MINIMAL and NOBLOB leave out keeps the value that the key holds.
  @Test(arguments: zip(["MINIMAL", "MINIMAL", "NOBLOB", "NOBLOB"], TestMySQL.names))
  func S27_S30_everyKindWithPartsOfRows(_ image: String, _ server: String) throws {
    let run = try MySQLRun(MySQLReplication(server, log: .sparse), EveryMySQLKind.schema(server))
    try run.sql("SET SESSION binlog_row_image = '\(image)';\n" + EveryMySQLKind.update(server))
    try expectEqualTables(run, image, server)
    run.stop()
  }

  /// The other way to dump.
  @Test(arguments: TestMySQL.names) func S30_mysqldumpAgrees(_ server: String) throws {
    let replication = try MySQLReplication(server)
    try replication.database.sql(EveryMySQLKind.schema(server))
    // MySQL's tool stops everybody for a moment to know the position; ours does not.
    let syncd = try startWithTool(replication, server)
    let differences = try replication.differences(within: .seconds(60))
    #expect(differences.isEmpty, "\(differences)\n\(syncd.log.suffix(2000))")
    #expect(syncd.terminate() == .status(0))
  }

  private func startWithTool(
    _ replication: MySQLReplication, _ server: String, _ database: [String: String] = [:]
  ) throws -> SyncdProcess {
    let mysql = replication.database.server
    if !mysql.isMariaDB { try mysql.sql("GRANT FLUSH_TABLES ON *.* TO \(TestMySQL.role)@'%'") }
    let folder = try TestServer.program("mysqldump", of: server).dropLast("/mysqldump".count)
    return try replication.start(
      ["database": database.merging(["mysql": "{dump: mysqldump}"]) { $1 }],
      environment: ["PATH": "\(folder):/usr/bin:/bin"])
  }

  /// MySQL's tool waits for a query of another session, and all who write wait behind it: not for long.
  @Test func S32_toolThatWaits() throws {
    let mysql = try TestMySQL("mysql-9.7")
    let replication = try MySQLReplication(mysql: mysql)
    try replication.database.sql("CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (1, 1)")
    let reader = try replication.database.sqlInBackground("SELECT SLEEP(300) FROM t")
    let syncd = try startWithTool(replication, "mysql-9.7")
    let line = syncd.waitForLine(containing: "the dump tool has told no position for 20", within: .seconds(50))
    #expect(line?.contains("of root@localhost") == true, "\(syncd.log.suffix(2000))")
    reader.send(signal: 9)
    let session = try mysql.rows("SELECT id FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP(300)%'")
    for row in session { try mysql.sql("KILL \(row[0])") }
    let differences = try replication.differences(within: .seconds(60))
    #expect(differences.isEmpty, "\(differences)\n\(syncd.log.suffix(2000))")
    #expect(syncd.terminate() == .status(0))
    try mysql.server.stop()
  }

  /// The tool is told what to leave out by names joined with a point, of which there may be others.
  @Test(arguments: TestMySQL.names) func mysqldumpOfNamesThatLookAlike(_ server: String) throws {
    let replication = try MySQLReplication(server)
    let name = replication.name
    let mysql = replication.database.server
    try mysql.sql(
      """
      CREATE DATABASE `\(name).x`; CREATE TABLE `\(name).x`.c (id int PRIMARY KEY);
      INSERT INTO `\(name).x`.c VALUES (1); USE \(name); CREATE TABLE `t.,'"` (id int PRIMARY KEY);
      INSERT INTO `t.,'"` VALUES (2); CREATE VIEW `x.c` AS SELECT 1; CREATE VIEW `t.,``` AS SELECT 1
      """)
    defer { _ = try? mysql.sql("DROP DATABASE `\(name).x`") }
    let syncd = try startWithTool(replication, server, ["name": "[\(name), \"\(name).x\"]"])
    let expected = ["/\(name)/\(name).x/c/1", "/\(name)/\(name)/t.,'\"/2"]
    let isThere = try waitUntil(within: .seconds(30)) {
      try replication.etcd.get(prefix: replication.rowsFolder).map(\.key) == expected
    }
    #expect(isThere, "\(syncd.log.suffix(2000))")
    #expect(syncd.terminate() == .status(0), "\(syncd.log.suffix(2000))")
  }

  /// Table by table, so that one type's fault does not hide another's.
  private func expectEqualTables(_ run: MySQLRun, _ way: String, _ server: String) throws {
    if try run.replication.differences(within: .seconds(30)).isEmpty { return }
    var areEqual = true
    for table in EveryMySQLKind.tables + EveryMySQLKind.furtherTables(server) {
      var oracle = run.replication.oracle
      oracle.tables = ["\(run.replication.name).\(table)"]
      let differences = try oracle.compare(
        run.replication.database, with: run.replication.etcd, under: run.replication.key(table, ""))
      #expect(differences.isEmpty, "\(way), \(table): \(differences)")
      areEqual = areEqual && differences.isEmpty
    }
    if !areEqual { Issue.record("\(run.report)") }
  }
}
