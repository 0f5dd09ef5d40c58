// SPDX-License-Identifier: Apache-2.0
internal import Logging
internal import Postgres
internal import Wire

/// Opens connections to the source as the configuration says, in sessions whose text is what the contract promises.
struct SourceConnector {
  let database: DatabaseConfiguration
  let name: String
  let loop: PollLoop
  let log: Logger
  /// One of `database.host` that is spoken with; nil: the first that can be reached.
  var host: String?
  /// An attempt takes this part of `connect_timeout`.
  var hostsLeft = 1

  enum Purpose {
    /// Queries of the catalogue, and the dump.
    case queries
    /// Replication commands and the stream.
    case replication
  }

  func open(_ purpose: Purpose) throws(PostgresError) -> PostgresConnection {
    let password = database.password
    var options = PostgresOptions(
      hosts: host.map { [$0] } ?? database.hosts, port: database.port, user: database.user, database: database.name,
      tlsMode: tlsMode, tlsFiles: database.tls.files, replication: purpose == .replication,
      parameters: Self.parameters(name: name),
      password: { password.isGiven ? try password.read() : nil })
    let log = self.log
    options.onNotice = { notice in log.debug("notice of the server", metadata: ["notice": "\(notice)"]) }
    let deadline = Deadline.after(database.connectTimeout / hostsLeft)
    let connection = try PostgresConnection.open(options, loop: loop, deadline: deadline)
    // Servers before these versions refuse a start-up packet that names these parameters.
    if connection.serverVersion >= 140_000 { try connection.query("SET idle_session_timeout = 0", deadline: deadline) }
    if connection.serverVersion >= 170_000 { try connection.query("SET transaction_timeout = 0", deadline: deadline) }
    return connection
  }

  /// The first host in order that does for `use`, which from then on is spoken with alone. An error for which another
  /// host is not worth a try ends the search.
  mutating func findHost<Opened>(
    _ use: (borrowing SourceConnector) throws(PostgresError) -> Opened
  ) throws(PostgresError) -> Opened {
    var failure: PostgresError?
    for (index, name) in database.hosts.enumerated() {
      host = name
      hostsLeft = database.hosts.count - index
      do throws(PostgresError) {
        let opened = try use(self)
        hostsLeft = 1
        return opened
      } catch {
        guard error.isWorthAnotherHost else { throw error }
        failure = failure ?? error
      }
    }
    guard let failure else { preconditionFailure("no host is configured") }
    throw failure
  }

  /// "a session with TimeZone=UTC, DateStyle=ISO, IntervalStyle=postgres, extra_float_digits=1". A dump outlives every
  /// limit that an operator may have set for ordinary sessions.
  private static func parameters(name: String) -> [(name: String, value: String)] {
    [
      ("application_name", "syncd \(name)"), ("client_encoding", "UTF8"), ("TimeZone", "UTC"), ("DateStyle", "ISO"),
      ("IntervalStyle", "postgres"), ("extra_float_digits", "1"), ("bytea_output", "hex"), ("xmloption", "content"),
      ("statement_timeout", "0"), ("lock_timeout", "0"), ("idle_in_transaction_session_timeout", "0"),
      ("default_transaction_read_only", "off"),
      // Rows that a policy hides from us are in the log: an error, not a dump without them.
      ("row_security", "off"),
    ]
  }

  private var tlsMode: TLSMode {
    switch database.tls.mode {
    case .disable: .disable
    case .prefer: .prefer
    case .require: .require
    case .verifyCA: .verifyCA
    case .verifyFull: .verifyFull
    }
  }
}
