// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

/// S30: one row gives the same bytes whether the dump or the log brings it, and they are the oracle's.
@Suite(.serialized) struct MySQLValueTests {
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
    let mysql = replication.database.server
    if !mysql.isMariaDB { try mysql.sql("GRANT FLUSH_TABLES ON *.* TO \(TestMySQL.role)@'%'") }
    let program = try TestServer.program("mysqldump", of: server)
    let folder = program.dropLast("/mysqldump".count)
    let syncd = try replication.start(
      ["database": ["mysql": "{dump: mysqldump}"]], environment: ["PATH": "\(folder):/usr/bin:/bin"])
    let differences = try replication.differences(within: .seconds(60))
    #expect(differences.isEmpty, "\(differences)\n\(syncd.log.suffix(2000))")
    #expect(syncd.terminate() == .status(0))
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
