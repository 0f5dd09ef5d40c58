// SPDX-License-Identifier: Apache-2.0
internal import MySQL

/// What our account may do, held against what we need.
struct MySQLPrivilegeFindings {
  let grants: Grants
  let account: AccountName
  let facts: ServerFacts
  let dump: MySQLDumpMethod

  private var isMariaDB: Bool { facts.version.flavor == .mariaDB }

  private func grant(_ privilege: String, on scope: String) -> String {
    "GRANT \(privilege) ON \(scope) TO \(account);"
  }

  func grantOfSchema(_ schema: String) -> String { grant("SELECT", on: "\(SQLIdentifier(schema)).*") }

  func nothingVisible(in schema: String) -> Finding {
    .problem("the account \(account) has no SELECT for tables of \(schema), and sees none", grantOfSchema(schema))
  }

  func unreadable(_ table: TableReference, _ error: MySQLError) -> Finding {
    .problem("etcd has rows of \(table.name), which cannot be read any more: \(error)", grantOfSchema(table.schema))
  }

  private func need(_ privilege: String, orOneOf others: [String] = [], for purpose: String) -> Finding {
    ([privilege] + others).contains(where: grants.allow)
      ? .ok("the account \(account) has \(privilege)")
      : .problem("the account \(account) has no \(privilege), \(purpose)", grant(privilege, on: "*.*"))
  }

  /// Privileges that are had for the whole server or not at all.
  func server() -> [Finding] {
    // MariaDB 10.5 calls REPLICATION CLIENT so, and takes both names.
    let monitor = isMariaDB ? "BINLOG MONITOR" : "REPLICATION CLIENT"
    var findings = [
      need("REPLICATION SLAVE", orOneOf: ["REPLICATION REPLICA"], for: "without which the log cannot be read"),
      need(
        monitor, orOneOf: ["REPLICATION CLIENT", "BINLOG MONITOR", "SUPER"],
        for: "without which the log's position is not told"),
    ]
    if dump == .mysqldump, !isMariaDB {
      findings.append(need("RELOAD", orOneOf: ["FLUSH_TABLES"], for: "without which mysqldump tells no position"))
    }
    return findings
  }

  /// Questions, two readers, and the lock of a dump or the log and what is asked beside it.
  private static let connectionsNeeded = 4

  /// - Parameter limit: of the account's connections; 0: none.
  func connections(limit: Int) -> [Finding] {
    if limit == 0 || limit >= Self.connectionsNeeded { return [] }
    return [
      .problem(
        "the account \(account) may have \(limit) connections at a time, and \(Self.connectionsNeeded) are needed",
        "ALTER USER \(account) WITH MAX_USER_CONNECTIONS 10;")
    ]
  }

  /// For the chosen tables; one line for each schema.
  func tables(_ tables: [TableName]) -> [Finding] {
    // Only MySQL is locked, for a moment at the start of a dump.
    let needed = isMariaDB || dump == .mysqldump ? ["SELECT"] : ["SELECT", "LOCK TABLES"]
    var findings: [Finding] = []
    for privilege in needed {
      let missing = tables.filter { !grants.allow(privilege, on: $0) }
      for schema in Set(missing.map(\.schema)).sorted() {
        let names = missing.filter { $0.schema == schema }
        let listed = names.prefix(3).map(\.name).joined(separator: ", ") + (names.count > 3 ? " …" : "")
        findings.append(
          .problem(
            "the account \(account) has no \(privilege) for tables of \(schema) (\(listed))",
            grant(privilege, on: "\(SQLIdentifier(schema)).*")))
      }
      if missing.isEmpty, !tables.isEmpty {
        findings.append(.ok("the account \(account) has \(privilege) for the chosen tables"))
      }
    }
    return findings
  }
}
