// SPDX-License-Identifier: Apache-2.0
import MySQL
import Support
import Testing
import Wire

@Suite("S41 servers that are no MySQL")
struct MySQLBadServerTests {
  private static func greeting(
    _ capabilities: Capabilities = [.protocol41, .secureConnection, .pluginAuthentication, .longPassword]
  ) -> [UInt8] {
    let handshake = Login.Handshake(
      serverVersion: "9.7.4", connectionID: 7, pluginData: Array(1...20) + [0], capabilities: capabilities,
      collation: 255, status: [], plugin: "caching_sha2_password")
    return packet(handshake, sequence: 0)
  }

  private static func packet(_ message: some Message, sequence: UInt8) -> [UInt8] {
    var writer = ByteWriter()
    var sequence = sequence
    writer.append(packets: message.payload([]).span.bytes, sequence: &sequence)
    return writer.bytes.array
  }

  private static func options(
    _ server: BadServer, _ mode: MySQLTLSMode = .disable, hosts: [String] = ["127.0.0.1"], keyPath: String = ""
  ) -> MySQLOptions {
    MySQLOptions(
      hosts: hosts, port: server.port, user: "u", tlsMode: mode, serverPublicKeyPath: keyPath,
      password: { "secret-word" })
  }

  private func error(
    _ bytes: [UInt8], closes: Bool, _ mode: MySQLTLSMode = .disable, hosts: [String] = ["127.0.0.1"],
    keyPath: String = "", within limit: Duration = .seconds(10)
  ) throws -> MySQLError {
    let server = try BadServer(says: bytes, speaksFirst: true, thenCloses: closes)
    let options = Self.options(server, mode, hosts: hosts, keyPath: keyPath)
    let error = try #require(throws: MySQLError.self) {
      try MySQLConnection.open(options, loop: try PollLoop(), deadline: .after(limit)).close()
    }
    #expect("\(error)".contains("127.0.0.1:\(server.port)"))
    #expect(!"\(error)".contains("secret-word"))
    return error
  }

  @Test("a silent one: the deadline, and what we were doing")
  func silent() throws {
    for bytes in [[], Self.greeting(), [1, 0]] {
      let error = try error(bytes, closes: false, within: .milliseconds(300))
      guard case .timedOut("logging in") = error.reason else {
        Issue.record("\(error)")
        return
      }
    }
  }

  @Test("one that closes")
  func closes() throws {
    let error = try error(Self.greeting(), closes: true)
    guard case .closed("logging in") = error.reason else {
      Issue.record("\(error)")
      return
    }
  }

  @Test("one of another protocol")
  func web() throws {
    let error = try error(Array("220 mail.example ESMTP ready\r\n".utf8), closes: false)
    #expect(error.isMalformed, "\(error)")
  }

  @Test("one without TLS: refused where TLS is asked for, taken where it is preferred")
  func withoutTLS() throws {
    for mode in [MySQLTLSMode.require, .verifyCA, .verifyFull] {
      let error = try error(Self.greeting(), closes: false, mode)
      #expect(error.isRefused && "\(error)".contains(mode.rawValue), "\(error)")
    }
    let server = try BadServer(
      says: Self.greeting() + Self.packet(Reply.OK(), sequence: 2), speaksFirst: true, thenCloses: false)
    let connection = try MySQLConnection.open(
      Self.options(server, .prefer), loop: try PollLoop(), deadline: .after(.seconds(10)))
    #expect(connection.isOpen && connection.connectionID == 7 && connection.server.number == 90704)
    // It does not answer: after the deadline the connection is closed.
    let error = try #require(throws: MySQLError.self) { try connection.ping(deadline: .after(.milliseconds(100))) }
    guard case .timedOut = error.reason else {
      Issue.record("\(error)")
      return
    }
    #expect(!connection.isOpen)
  }

  @Test("S42 one that closes in the TLS handshake, or sends bytes ahead of it")
  func closesInHandshake() throws {
    let greeting = Self.greeting([.protocol41, .secureConnection, .pluginAuthentication, .longPassword, .ssl])
    for (bytes, closes) in [(greeting, true), (greeting + Self.packet(Reply.OK(), sequence: 2), false)] {
      let error = try error(bytes, closes: closes, .require)
      guard case .transport(let words) = error.reason else {
        Issue.record("\(error)")
        return
      }
      #expect(words.contains("TLS"))
    }
  }

  @Test("a host that cannot be reached is passed over")
  func hosts() throws {
    let error = try error(Self.greeting(), closes: true, hosts: ["/nowhere/mysql.sock", "127.0.0.1"])
    guard case .closed = error.reason else {
      Issue.record("\(error)")
      return
    }
  }

  @Test("a public key that cannot be read is named")
  func key() throws {
    for path in ["/nowhere/key.pem", Fixture.path("mysql/README.md")] {
      let error = try error(Self.greeting(), closes: false, keyPath: path)
      #expect(error.isRefused && "\(error)".contains(path), "\(error)")
    }
  }
}
