// SPDX-License-Identifier: Apache-2.0
internal import Logging
internal import MySQL
internal import Wire

/// Opens connections to a MySQL or MariaDB server as the configuration says, in sessions whose values are what the
/// contract promises.
struct MySQLConnector {
  let database: DatabaseConfiguration
  let name: String
  let loop: PollLoop
  let log: Logger

  enum Purpose {
    /// Queries of the catalogue.
    case queries
    /// The rows of a dump, within a snapshot.
    case dump
    /// The binary log.
    case log
  }

  func open(_ purpose: Purpose) throws(MySQLError) -> MySQLConnection {
    let password = database.password
    let options = MySQLOptions(
      hosts: database.hosts, port: database.port, user: database.user, tlsMode: tlsMode, tlsFiles: database.tls.files,
      attributes: [("program_name", "syncd"), ("_client_name", "syncd \(name)")],
      password: { password.isGiven ? try password.read() : nil })
    let deadline = Deadline.after(database.connectTimeout)
    let connection = try MySQLConnection.open(options, loop: loop, deadline: deadline)
    for statement in Self.settings(purpose, connection.server) { try connection.query(statement, deadline: deadline) }
    return connection
  }

  /// UTC, and nothing of the server's own habits in what it prints. A dump outlives every limit that an operator may
  /// have set for ordinary sessions, and while etcd is away neither it nor the log is read: the server must not take
  /// that for the end of us (`net_write_timeout`, 60 s).
  private static func settings(_ purpose: Purpose, _ version: ServerVersion) -> [String] {
    var settings = [
      "SET NAMES utf8mb4",
      "SET SESSION time_zone = '+00:00', sql_mode = '', net_write_timeout = 31536000, net_read_timeout = 31536000, "
        + "wait_timeout = 31536000, group_concat_max_len = 1048576",
    ]
    guard purpose == .dump else { return settings }
    // Whoever holds a table for longer is told about, and the dump begins again.
    settings.append("SET SESSION lock_wait_timeout = 15")
    settings.append("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    settings.append(
      version.flavor == .mysql ? "SET SESSION max_execution_time = 0" : "SET SESSION max_statement_time = 0")
    return settings
  }

  private var tlsMode: MySQLTLSMode {
    switch database.tls.mode {
    case .disable: .disable
    case .prefer: .prefer
    case .require: .require
    case .verifyCA: .verifyCA
    case .verifyFull: .verifyFull
    }
  }
}
