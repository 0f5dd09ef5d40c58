// SPDX-License-Identifier: Apache-2.0
internal import Glibc
public import Wire

extension MySQLError {
  /// Of an attempt to connect: another server of the same kind may do better.
  public var isWorthAnotherHost: Bool {
    switch reason {
    case .transport, .closed, .timedOut: true
    // Too many connections, shutting down, blocked after many errors, offline.
    case .server(let error): [1040, 1053, 1129, 3032].contains(error.code)
    case .malformed, .unexpected, .refused: false
    }
  }
}

extension MySQLConnection {
  /// Connects and logs in: hosts in order, each with its share of the time. The next host is tried if one cannot be
  /// reached or is not taking connections now; a refused login is final.
  public static func open(
    _ options: MySQLOptions, loop: PollLoop, deadline: Deadline
  ) throws(MySQLError) -> MySQLConnection {
    precondition(!options.hosts.isEmpty)
    var index = 0
    while true {
      let left = options.hosts.count - index
      let share = left == 1 ? deadline : Deadline.after(deadline.remaining / left)
      do throws(MySQLError) {
        return try open(options, host: options.hosts[index], loop: loop, deadline: share)
      } catch {
        index += 1
        if index == options.hosts.count || deadline.isPast || !error.isWorthAnotherHost { throw error }
      }
    }
  }

  /// Compressed where the server insists on it: "Invalid compression algorithm".
  private static func open(
    _ options: MySQLOptions, host: String, loop: PollLoop, deadline: Deadline
  ) throws(MySQLError) -> MySQLConnection {
    var options = options
    var others: [CompressionAlgorithm] = [.zlib, .zstd]
    while true {
      do throws(MySQLError) {
        return try openByTLS(options, host: host, loop: loop, deadline: deadline)
      } catch {
        guard error.server?.code == 3922, !deadline.isPast, let next = others.popLast() else { throw error }
        options.compression = next
      }
    }
  }

  private static func openByTLS(
    _ options: MySQLOptions, host: String, loop: PollLoop, deadline: Deadline
  ) throws(MySQLError) -> MySQLConnection {
    if host.hasPrefix("/") || options.tlsMode == .disable {
      return try attempt(options, host: host, withTLS: false, loop: loop, deadline: deadline)
    }
    do throws(MySQLError) {
      return try attempt(options, host: host, withTLS: true, loop: loop, deadline: deadline)
    } catch {
      guard options.tlsMode == .prefer, isWorthPlaintext(error), !deadline.isPast else { throw error }
      return try attempt(options, host: host, withTLS: false, loop: loop, deadline: deadline)
    }
  }

  /// `prefer` goes back to plaintext where TLS is what failed.
  private static func isWorthPlaintext(_ error: MySQLError) -> Bool {
    if case .transport(let text) = error.reason { text.hasPrefix(tlsFailed) } else { false }
  }

  static let tlsFailed = "TLS: "

  private static func attempt(
    _ options: MySQLOptions, host: String, withTLS: Bool, loop: PollLoop, deadline: Deadline
  ) throws(MySQLError) -> MySQLConnection {
    let endpoint = options.endpoint(host)
    let link: Link
    do throws(LinkError) {
      link = try Link.connect([endpoint], loop: loop, deadline: deadline)
    } catch {
      throw MySQLError(.transport("\(error)"), peer: endpoint.description)
    }
    let connection = MySQLConnection(link: link, loop: loop, options: options)
    do throws(MySQLError) {
      try connection.logIn(host: host, withTLS: withTLS, deadline: deadline)
      return connection
    } catch {
      link.close()
      throw error
    }
  }

  private func logIn(host: String, withTLS: Bool, deadline: Deadline) throws(MySQLError) {
    try session.beginLogin(
      LoginRequest(
        user: options.user, schema: options.schema, attributes: options.attributes, compression: options.compression,
        password: options.password))
    try wait(until: deadline) { () throws(MySQLError) in try session.pollHandshake().whenDone }
    if withTLS { try startTLS(host: host, deadline: deadline) }
    let security: LoginContext.Security = link.tls != nil ? .tls : host.hasPrefix("/") ? .unixSocket : .plaintext
    let key = security == .tls ? nil : try pinnedKey()
    try session.answerHandshake(security: security, publicKey: key)
    try wait(until: deadline) { () throws(MySQLError) in try session.pollLogin().whenDone }
  }

  private func startTLS(host: String, deadline: Deadline) throws(MySQLError) {
    guard session.offersTLS else {
      if options.tlsMode == .prefer { return }
      throw session.refuse("the server does not offer TLS, and tls.mode is \(options.tlsMode.rawValue)")
    }
    session.requestTLS()
    do throws(LinkError) {
      try link.startTLS(options.tlsConfiguration, serverName: host, alpn: [], deadline: deadline)
    } catch {
      throw MySQLError(.transport("\(Self.tlsFailed)\(error)"), peer: peer)
    }
  }

  private func pinnedKey() throws(MySQLError) -> RSAPublicKey? {
    let path = options.serverPublicKeyPath
    if path.isEmpty { return nil }
    guard let pem = Self.contents(path) else {
      throw session.refuse("the server's public key cannot be read from \(path)")
    }
    guard let key = RSAPublicKey(pem: pem) else {
      throw session.refuse("\(path) is no RSA public key in PEM")
    }
    return key
  }

  /// A small file; nil if it cannot be read.
  private static func contents(_ path: String) -> [UInt8]? {
    guard let file = unsafe fopen(path, "re") else { return nil }
    defer { unsafe fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 64 * 1024)
    let count = unsafe fread(&bytes, 1, bytes.count, file)
    return Array(bytes.prefix(count))
  }
}
