// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Daemon
@testable import MySQL

/// The settings of a server that is as we want it, others in their place.
func serverFacts(_ version: String = "9.7.4", _ others: [String: String] = [:]) -> ServerFacts {
  var values = [
    "version": version, "server_id": "1", "server_uuid": "u", "log_bin": "ON", "binlog_format": "ROW",
    "binlog_row_image": "FULL", "binlog_row_metadata": "FULL", "log_slave_updates": "ON",
  ]
  if version.contains("MariaDB") {
    values["gtid_strict_mode"] = "ON"
    values["expire_logs_days"] = "10.000000"
  } else {
    values.merge(
      [
        "gtid_mode": "ON", "enforce_gtid_consistency": "ON", "binlog_expire_logs_seconds": "2592000",
        "binlog_expire_logs_auto_purge": "ON", "innodb_native_foreign_keys": "OFF",
      ], uniquingKeysWith: { $1 })
  }
  return ServerFacts(rows: values.merging(others, uniquingKeysWith: { $1 }).map { [$0.key, $0.value] })
}

@Suite struct MySQLServerFindingsTests {
  private func findings(
    _ version: String = "9.7.4", _ others: [String: String] = [:], gtid: MySQLGTIDMode = .auto
  ) -> [String] {
    var database = DatabaseConfiguration()
    database.mysql.gtid = gtid
    let server = MySQLServerFindings(facts: serverFacts(version, others), database: database)
    let all = [server.version(at: "h:1")] + server.log() + server.positions()
    return all.filter { $0.level != .ok }.map(\.description)
  }

  @Test(arguments: ["8.0.46", "9.7.4", "10.5.23-MariaDB", "11.8.9-MariaDB"])
  func asItShouldBe(_ version: String) {
    #expect(findings(version) == [])
  }

  @Test func whatCannotWork() {
    #expect(findings("5.7.44").first?.hasPrefix("problem  MySQL 5.7.44 is too old") == true)
    #expect(findings("10.4.1-MariaDB").first?.hasPrefix("problem  MariaDB 10.4.1 is too old") == true)
    #expect(findings("9.7.4", ["log_bin": "OFF"]).first?.hasPrefix("problem  log_bin is OFF; type: log_bin") == true)
    #expect(
      findings("9.7.4", ["binlog_format": "STATEMENT"])
        == ["problem  binlog_format is STATEMENT; type: SET PERSIST binlog_format = 'ROW';"])
    #expect(
      findings("11.8.9-MariaDB", ["binlog_format": "MIXED"]).first?.hasPrefix(
        "problem  binlog_format is MIXED; type: SET GLOBAL binlog_format = 'ROW'; and write it") == true)
    #expect(findings("9.7.4", ["gtid_mode": "OFF"], gtid: .on).first?.hasPrefix("problem  gtid_mode is OFF") == true)
  }

  @Test func whatWorksAndCosts() {
    func isWarning(_ others: [String: String], _ text: String, _ version: String = "9.7.4") -> Bool {
      let found = findings(version, others)
      return found.count == 1 && found[0].hasPrefix("warning  \(text)")
    }
    #expect(isWarning(["binlog_row_image": "MINIMAL"], "binlog_row_image is MINIMAL"))
    #expect(isWarning(["binlog_row_metadata": "MINIMAL"], "binlog_row_metadata is MINIMAL"))
    #expect(isWarning(["binlog_row_value_options": "PARTIAL_JSON"], "binlog_row_value_options is PARTIAL_JSON"))
    #expect(isWarning(["gtid_mode": "OFF"], "gtid_mode is OFF"))
    #expect(isWarning(["binlog_expire_logs_seconds": "7200"], "the log is kept for 2 hours"))
    #expect(isWarning(["expire_logs_days": "0.5"], "the log is kept for 12 hours", "11.8.9-MariaDB"))
    #expect(isWarning(["gtid_strict_mode": "OFF"], "gtid_strict_mode is OFF", "10.5.23-MariaDB"))
    #expect(isWarning(["log_slave_updates": "OFF"], "log_replica_updates is OFF"))
    #expect(isWarning(["max_binlog_total_size": "1048576"], "the log is kept up to 1 MiB", "11.8.9-MariaDB"))
    #expect(
      findings("9.7.4", ["binlog_expire_logs_seconds": "60", "binlog_expire_logs_auto_purge": "OFF"]).isEmpty)
  }

  private func privileges(_ lines: [String], _ version: String = "9.7.4", dump: MySQLDumpMethod = .native) -> [String] {
    let findings = MySQLPrivilegeFindings(
      grants: Grants(lines), account: AccountName("sync@%"), facts: serverFacts(version), dump: dump)
    let all = findings.server() + findings.tables([TableName("s", "a"), TableName("s", "b")])
    return all.filter { $0.level != .ok }.map(\.mend)
  }

  @Test func privilegesThatAreMissing() {
    #expect(
      privileges(["GRANT USAGE ON *.* TO `sync`@`%`"]) == [
        "GRANT REPLICATION SLAVE ON *.* TO 'sync'@'%';", "GRANT REPLICATION CLIENT ON *.* TO 'sync'@'%';",
        "GRANT SELECT ON `s`.* TO 'sync'@'%';", "GRANT LOCK TABLES ON `s`.* TO 'sync'@'%';",
      ])
    let enough = [
      "GRANT REPLICATION SLAVE, BINLOG MONITOR ON *.* TO `sync`@`%`", "GRANT SELECT ON `s`.* TO `sync`@`%`",
    ]
    #expect(privileges(enough, "10.11.18-MariaDB").isEmpty)
    #expect(privileges(enough) == ["GRANT LOCK TABLES ON `s`.* TO 'sync'@'%';"])
    #expect(privileges(enough, dump: .mysqldump) == ["GRANT RELOAD ON *.* TO 'sync'@'%';"])
    #expect(privileges(["GRANT ALL PRIVILEGES ON *.* TO `sync`@`%`"], dump: .mysqldump).isEmpty)
  }

  @Test func whatATableCosts() throws {
    var table = try CataloguedTable().table
    #expect(MySQLServerFindings.doubts(of: table, serverFacts()).isEmpty)
    table.description.foreignKeys = [
      MySQL.TableDescription.ForeignKey(parent: TableName("s", "p"), onDelete: "CASCADE", onUpdate: "NO ACTION")
    ]
    #expect(MySQLServerFindings.doubts(of: table, serverFacts()).isEmpty)
    let old = MySQLServerFindings.doubts(of: table, serverFacts("11.8.9-MariaDB"))
    #expect(old.map(\.level) == [.warning])
    #expect(old.first?.text.hasPrefix("rows of s.t follow those of s.p") == true)
    table.description.foreignKeys = []
    table.description.columns[0].generated = .virtual
    #expect(MySQLServerFindings.doubts(of: table, serverFacts("10.11.18-MariaDB")).isEmpty)
    let generated = MySQLServerFindings.doubts(of: table, serverFacts("11.8.9-MariaDB"))
    #expect(generated.map(\.mend) == ["tables: {columns: {exclude: [\"s.t.id\"]}}"])
    table.description.columns[0].generated = .no
    table.description.engine = "MyISAM"
    #expect(MySQLServerFindings.doubts(of: table, serverFacts()).map(\.level) == [.warning])
    table.description.engine = "InnoDB"
    table.description.definition.columns.append(ColumnDefinition(name: "x", type: .time, metadata: 3))
    #expect(MySQLServerFindings.doubts(of: table, serverFacts()).map(\.level) == [.problem])
  }

  private struct CataloguedTable {
    var table: MySQLChosenTable

    init() throws {
      let definition = TableDefinition(
        schema: "s", name: "t", columns: [ColumnDefinition(name: "id", type: .long, isNullable: false)],
        primaryKey: ["id"])
      let description = MySQL.TableDescription(
        definition: definition,
        columns: [MySQL.TableDescription.ColumnFacts(typeText: "int", generated: .no, isInvisible: false)],
        kind: .base, engine: "InnoDB", estimatedRows: 0, estimatedBytes: 0, uniqueKeys: [], foreignKeys: [])
      let chooser = MySQLTableChooser(
        tables: TablesConfiguration(), sync: SyncConfiguration(), path: "sync", rowImage: "FULL")
      table = try #require(chooser.choose([description]).tables.first)
      var versioned = description
      versioned.kind = .systemVersioned
      #expect(chooser.choose([versioned]).tables.isEmpty)
      #expect(chooser.versionedTables([versioned]) == ["s.t is system-versioned and is left out"])
    }
  }
}
