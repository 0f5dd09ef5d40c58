// SPDX-License-Identifier: Apache-2.0
package import MySQL
internal import Wire

/// With what the tool is started: one run, so one snapshot, for all chosen tables.
package struct MySQLDumpArguments {
  let database: DatabaseConfiguration
  /// The server that our own sessions speak with: the position is its position.
  let host: String
  let program: MySQLDumpProgram
  let chosen: [TableName]
  /// Everything else that the schemas of the chosen tables hold, views included.
  let others: [TableName]

  package init(
    database: DatabaseConfiguration, host: String, program: MySQLDumpProgram, chosen: [TableName], others: [TableName]
  ) {
    self.database = database
    self.host = host
    self.program = program
    self.chosen = chosen
    self.others = others
  }

  private var isMariaDB: Bool { program.maker == .mariadb }

  /// The only schema; nil where there are several, which the tool names by USE.
  package var schema: String? {
    let schemas = Set(chosen.map(\.schema))
    return schemas.count == 1 ? schemas.first : nil
  }

  /// `path` is where the tool finds `optionFile`. It "must be given as the first argument"; that this file is the only
  /// one keeps the machine's other option files from changing the output.
  package func list(optionFile path: String) -> [String] {
    ["--defaults-file=\(path)"] + connection + tls + output + position + tables
  }

  private var connection: [String] {
    // A host called localhost would mean a socket.
    let place =
      host.hasPrefix("/")
      ? ["--protocol=SOCKET", "--socket=\(host)"]
      : ["--protocol=TCP", "--host=\(host)", "--port=\(database.port)"]
    return place + ["--user=\(database.user)"]
  }

  private var tls: [String] {
    let mode = database.tls.mode
    var list: [String] = []
    if isMariaDB {
      switch mode {
      case .disable: return ["--skip-ssl"]
      case .prefer, .require: list = ["--ssl", "--skip-ssl-verify-server-cert"]
      // This tool knows no check of the authority alone: the name is checked as well.
      case .verifyCA, .verifyFull: list = ["--ssl", "--ssl-verify-server-cert"]
      }
    } else {
      switch mode {
      case .disable: return ["--ssl-mode=DISABLED", "--get-server-public-key"]
      case .prefer: list = ["--ssl-mode=PREFERRED", "--get-server-public-key"]
      case .require: list = ["--ssl-mode=REQUIRED"]
      case .verifyCA: list = ["--ssl-mode=VERIFY_CA"]
      case .verifyFull: list = ["--ssl-mode=VERIFY_IDENTITY"]
      }
    }
    if mode == .verifyCA || mode == .verifyFull {
      let authorities = database.tls.caPath.isEmpty ? CertificateAuthorities.defaultFile : database.tls.caPath
      if let authorities { list.append("--ssl-ca=\(authorities)") }
    }
    if !database.tls.certificatePath.isEmpty { list.append("--ssl-cert=\(database.tls.certificatePath)") }
    if !database.tls.keyPath.isEmpty { list.append("--ssl-key=\(database.tls.keyPath)") }
    return list
  }

  private var output: [String] {
    let common = [
      "--single-transaction", "--quick", "--hex-blob", "--complete-insert", "--extended-insert", "--skip-lock-tables",
      "--skip-add-locks", "--skip-add-drop-table", "--skip-disable-keys", "--skip-triggers", "--no-create-db",
      "--no-tablespaces", "--set-charset", "--default-character-set=utf8mb4", "--tz-utc", "--max-allowed-packet=1G",
    ]
    // Servers before 8.0 have no such statistics; the tools since then ask for them.
    let statistics = !isMariaDB && program.isAtLeast(8, 0) ? ["--column-statistics=0"] : []
    return common + statistics
  }

  private var position: [String] {
    if isMariaDB { return ["--master-data=2", "--gtid"] }
    // AUTO: with GTIDs off, ON and COMMENTED are errors.
    return [program.isAtLeast(8, 0, 26) ? "--source-data=2" : "--master-data=2", "--set-gtid-purged=AUTO"]
  }

  private var tables: [String] {
    if let schema { return ["--", schema] + chosen.map(\.name) }
    var schemas: [String] = []
    for table in chosen where !schemas.contains(table.schema) { schemas.append(table.schema) }
    let ignored = others.filter { schemas.contains($0.schema) }.map { "--ignore-table=\($0.schema).\($0.name)" }
    return ignored + ["--databases", "--"] + schemas
  }

  /// The option file that holds the password. Values may be quoted; of the escapes `\b \t \n \r \\ \s` those are used
  /// that are needed.
  package static func optionFile(password: String) -> [UInt8] {
    var value = ""
    for character in password.unicodeScalars {
      switch character {
      case "\"": value += "\\\""
      case "\\": value += "\\\\"
      case "\n": value += "\\n"
      case "\r": value += "\\r"
      case "\t": value += "\\t"
      default: value.unicodeScalars.append(character)
      }
    }
    return Array("[client]\npassword=\"\(value)\"\n".utf8)
  }
}
