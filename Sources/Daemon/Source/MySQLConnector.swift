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
  /// One of `database.host` that is spoken with; nil: the first that can be reached.
  var host: String?
  /// An attempt takes this part of `connect_timeout`.
  var hostsLeft = 1

  enum Purpose {
    /// Queries of the catalogue.
    case queries
    /// The rows of a dump, within a snapshot.
    case dump
    /// The binary log.
    case log
    /// To see what the host's tools find: nothing is set.
    case look
  }

  /// A session that is not told otherwise reads so many rows and no more (`sql_select_limit`). Nil: all.
  func rowLimit(deadline: Deadline) throws(MySQLError) -> UInt64? {
    let session = try open(.look)
    defer { session.close() }
    let limit = try session.query("SELECT @@sql_select_limit LIMIT 1", deadline: deadline).scalar.flatMap { UInt64($0) }
    return limit == .max ? nil : limit
  }

  func open(_ purpose: Purpose) throws(MySQLError) -> MySQLConnection {
    let password = database.password
    let options = MySQLOptions(
      hosts: host.map { [$0] } ?? database.hosts, port: database.port, user: database.user, tlsMode: tlsMode,
      tlsFiles: database.tls.files,
      attributes: [("program_name", "syncd"), ("_client_name", "syncd \(name)")],
      password: { password.isGiven ? try password.read() : nil })
    let deadline = Deadline.after(database.connectTimeout / hostsLeft)
    let connection = try MySQLConnection.open(options, loop: loop, deadline: deadline)
    for statement in Self.settings(purpose, connection.server) { try connection.query(statement, deadline: deadline) }
    return connection
  }

  /// UTC, and nothing of the server's own habits in what it prints or leaves out: `sql_select_limit` ends a dump as if
  /// it were whole, `show_gipk…` hides a primary key. A dump outlives every limit that an operator may have set for
  /// ordinary sessions, and while etcd is away neither it nor the log is read: the server must not take that for our
  /// end (`net_write_timeout`, 60 s).
  private static func settings(_ purpose: Purpose, _ version: ServerVersion) -> [String] {
    if purpose == .look { return [] }
    var session = [
      "sql_select_limit = 18446744073709551615", "sql_big_selects = 1", "autocommit = 1", "completion_type = 0",
      "time_zone = '+00:00'", "sql_mode = ''", "sql_quote_show_create = 1", "net_write_timeout = 31536000",
      "net_read_timeout = 31536000", "wait_timeout = 31536000", "group_concat_max_len = 1048576",
    ]
    switch version.flavor {
    case .mysql:
      session.append("max_execution_time = 0")
      if version.number >= 80_030 { session.append("show_gipk_in_create_table_and_information_schema = 1") }
    case .mariaDB:
      session += [
        "max_statement_time = 0", "idle_transaction_timeout = 0", "idle_readonly_transaction_timeout = 0",
        "idle_write_transaction_timeout = 0",
      ]
    }
    // Whoever holds a table for longer is told about, and the dump begins again.
    if purpose == .dump { session.append("lock_wait_timeout = 15") }
    let settings = ["SET SESSION \(session.joined(separator: ", "))", "SET NAMES utf8mb4"]
    return purpose == .dump ? settings + ["SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ"] : settings
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
