// SPDX-License-Identifier: Apache-2.0
public import Wire

extension PostgresError {
  /// Of an attempt to connect: another server may do better.
  public var isWorthAnotherHost: Bool {
    switch reason {
    case .transport, .closed, .timedOut: true
    // Shutting down, crashed, or starting up (57P01 to 57P03); too many connections.
    case .server(let error): error.sqlState.hasPrefix("57P") || error.sqlState == "53300"
    case .malformed, .unexpected, .refused: false
    }
  }
}

extension PostgresConnection {
  /// Connects and logs in: hosts in order, each with its share of the time. The next host is tried if one cannot be
  /// reached or is not taking connections now; a refused login is final.
  public static func open(
    _ options: PostgresOptions, loop: PollLoop, deadline: Deadline
  ) throws(PostgresError) -> PostgresConnection {
    precondition(!options.hosts.isEmpty)
    var index = 0
    while true {
      let left = options.hosts.count - index
      let share = left == 1 ? deadline : Deadline.after(deadline.remaining / left)
      do throws(PostgresError) {
        return try open(options, host: options.hosts[index], loop: loop, deadline: share)
      } catch {
        index += 1
        if index == options.hosts.count || deadline.isPast || !error.isWorthAnotherHost { throw error }
      }
    }
  }

  private static func open(
    _ options: PostgresOptions, host: String, loop: PollLoop, deadline: Deadline
  ) throws(PostgresError) -> PostgresConnection {
    // "sslmode is ignored for Unix domain socket communication."
    if host.hasPrefix("/") || options.tlsMode == .disable {
      return try attempt(options, host: host, withTLS: false, loop: loop, deadline: deadline)
    }
    do throws(PostgresError) {
      return try attempt(options, host: host, withTLS: true, loop: loop, deadline: deadline)
    } catch {
      guard options.tlsMode == .prefer, isWorthPlaintext(error), !deadline.isPast else { throw error }
      return try attempt(options, host: host, withTLS: false, loop: loop, deadline: deadline)
    }
  }

  /// `prefer` goes back to plaintext where TLS is what failed, or where pg_hba.conf refuses us with it.
  private static func isWorthPlaintext(_ error: PostgresError) -> Bool {
    switch error.reason {
    case .transport(let text): text.hasPrefix(tlsFailed)
    case .server(let error): error.sqlState == "28000"
    case .malformed, .unexpected, .closed, .timedOut, .refused: false
    }
  }

  static let tlsFailed = "TLS: "

  private static func attempt(
    _ options: PostgresOptions, host: String, withTLS: Bool, loop: PollLoop, deadline: Deadline
  ) throws(PostgresError) -> PostgresConnection {
    let endpoint = options.endpoint(host)
    let link: Link
    do throws(LinkError) {
      link = try Link.connect([endpoint], loop: loop, deadline: deadline)
    } catch {
      throw PostgresError(.transport("\(error)"), peer: endpoint.description)
    }
    let connection = PostgresConnection(link: link, loop: loop, options: options)
    do throws(PostgresError) {
      if withTLS { try connection.negotiateTLS(host: host, deadline: deadline) }
      try connection.logIn(host: host, deadline: deadline)
      return connection
    } catch {
      link.close()
      throw error
    }
  }

  private func logIn(host: String, deadline: Deadline) throws(PostgresError) {
    let security: LoginRequest.Security =
      if let tls = link.tls {
        .tls(serverEndPoint: tls.serverEndPoint)
      } else if host.hasPrefix("/") {
        .unixSocket
      } else {
        .plaintext
      }
    try session.beginLogin(
      LoginRequest(
        user: options.user, database: options.database, replication: options.replication,
        parameters: options.parameters, security: security, password: options.password))
    try wait(until: deadline) { () throws(PostgresError) in try session.pollLogin() }
  }

  /// SSLRequest, its one byte of answer, and the handshake.
  private func negotiateTLS(host: String, deadline: Deadline) throws(PostgresError) {
    session.beginTLSNegotiation()
    var answer = TLSAnswer.none
    try wait(until: deadline) { () throws(PostgresError) in
      guard let found = try session.pollTLSAnswer() else { return false }
      answer = found
      return true
    }
    switch answer {
    case .accepted:
      do throws(LinkError) {
        try link.startTLS(
          options.tlsConfiguration, serverName: host, alpn: ["postgresql"], deadline: deadline)
      } catch {
        throw PostgresError(.transport("\(Self.tlsFailed)\(error)"), peer: peer)
      }
    case .none where options.tlsMode == .prefer: break
    case .none:
      throw PostgresError(
        .refused("the server does not offer TLS, and tls.mode is \(options.tlsMode.rawValue)"), peer: peer)
    }
  }
}
