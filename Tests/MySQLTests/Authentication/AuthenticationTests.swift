// SPDX-License-Identifier: Apache-2.0
import MySQL
import Support
import Testing
import Wire

@Suite("Authentication plugins")
struct AuthenticationTests {
  private static let password = "secret-word"

  /// What our session says to a server that asks for this plugin, without the head.
  private func answer(
    _ plugin: String, _ challenge: [UInt8], security: LoginContext.Security = .plaintext, version: String = "9.7.4",
    then data: [[UInt8]] = []
  ) throws -> [UInt8] {
    var server = try ScriptedServer(password: Self.password)
    try server.greet(version: version, security: security)
    server.say(Login.AuthSwitchRequest(plugin: plugin, pluginData: challenge))
    #expect(try !server.session.pollLogin())
    var said = server.hear()
    for data in data {
      server.say(Login.AuthMoreData(pluginData: data))
      #expect(try !server.session.pollLogin())
      said = server.hear()
    }
    return Array(said.dropFirst(PacketHeader.byteCount))
  }

  private func refusal(_ body: () throws -> Void) throws -> String {
    let error = try #require(throws: MySQLError.self) { try body() }
    #expect(error.isRefused && !"\(error)".contains(Self.password), "\(error)")
    return "\(error)"
  }

  private static let challenge = [UInt8](1...20) + [0]

  @Test("S31 a switch to each plugin is answered")
  func switches() throws {
    #expect(try answer("mysql_native_password", Self.challenge).count == 20)
    #expect(try answer("caching_sha2_password", Self.challenge).count == 32)
    #expect(try answer("sha256_password", Self.challenge) == [1])
    #expect(try answer("client_ed25519", [UInt8](1...32)).count == 64)
    #expect(try answer("parsec", [UInt8](1...32)).isEmpty)
  }

  @Test(
    "S31 caching_sha2_password with a cold cache: the key is asked for in plaintext; under TLS and on a socket the password goes as it is"
  )
  func coldCache() throws {
    #expect(try answer("caching_sha2_password", Self.challenge, then: [[4]]) == [2])
    for security in [LoginContext.Security.tls, .unixSocket] {
      let said = try answer("caching_sha2_password", Self.challenge, security: security, then: [[4]])
      #expect(said == Array(Self.password.utf8) + [0])
    }
    let words = try refusal {
      _ = try answer("caching_sha2_password", Self.challenge, then: [[4], Array("no key".utf8)])
    }
    #expect(words.contains("public key"))
  }

  @Test("S31 the password in clear text goes only where nobody listens")
  func clear() throws {
    #expect(try refusal { _ = try answer("mysql_clear_password", []) }.contains("TLS"))
    let said = try answer("mysql_clear_password", [], security: .tls)
    #expect(said == Array(Self.password.utf8) + [0])
    #expect(try answer("sha256_password", Self.challenge, security: .tls) == Array(Self.password.utf8) + [0])
  }

  @Test("an unknown plugin is refused by name, and a challenge of another length")
  func unknown() throws {
    #expect(try refusal { _ = try answer("authentication_ldap_sasl_client", []) }.contains("authentication_ldap_sasl"))
    for plugin in ["mysql_native_password", "caching_sha2_password", "sha256_password", "client_ed25519", "parsec"] {
      _ = try refusal { _ = try answer(plugin, []) }
      _ = try refusal { _ = try answer(plugin, [UInt8](repeating: 1, count: 21)) }
    }
  }

  @Test("steps that a plugin does not have", arguments: AuthenticationPlugins.all.map { $0.name })
  func extraSteps(plugin: String) throws {
    let challenge: [UInt8] = ["client_ed25519", "parsec"].contains(plugin) ? Array(1...32) : Self.challenge
    _ = try refusal { _ = try answer(plugin, challenge, security: .tls, then: [[9, 9, 9]]) }
  }

  @Test("a server that never comes to an end")
  func endless() throws {
    _ = try refusal {
      var server = try ScriptedServer(password: Self.password)
      try server.greet()
      for _ in 0..<20 {
        server.say(Login.AuthSwitchRequest(plugin: "mysql_native_password", pluginData: Self.challenge))
        _ = try server.session.pollLogin()
        server.hear()
      }
    }
  }

  @Test("parsec: as many iterations as we are willing to do, and no more")
  func parsec() throws {
    let salt = [UInt8(ascii: "P"), 0] + [UInt8](1...18)
    var server = try ScriptedServer(password: Self.password)
    try server.greet(version: "11.8.9-MariaDB")
    server.say(Login.AuthSwitchRequest(plugin: "parsec", pluginData: [UInt8](1...32)))
    #expect(try !server.session.pollLogin())
    server.hear()
    // MariaDB's packet has no code before it.
    server.say(payload: salt)
    #expect(try !server.session.pollLogin())
    #expect(server.hear().count == PacketHeader.byteCount + 32 + 64)
    let words = try refusal { _ = try answer("parsec", [UInt8](1...32), then: [[UInt8(ascii: "P"), 30, 1, 2]]) }
    #expect(words.contains("2^40"))
  }

  @Test("an account without a password")
  func empty() throws {
    for plugin in ["mysql_native_password", "caching_sha2_password"] {
      var server = try ScriptedServer(password: nil)
      try server.greet(plugin: plugin)
      server.say(Reply.OK())
      #expect(try server.session.pollLogin())
    }
  }

  @Test("a password that cannot be read, or holds a zero byte")
  func unreadable() throws {
    struct Unreadable: Error {}
    for password in [{ throw Unreadable() }, { "a\0b" }] as [() throws -> String?] {
      let session = MySQLSession(input: ReceiveBuffer(), output: SendBuffer(), peer: "scripted:3306")
      try session.beginLogin(LoginRequest(user: "u", password: password))
      var writer = ByteWriter()
      var sequence: UInt8 = 0
      let handshake = Login.Handshake(
        serverVersion: "9.7.4", connectionID: 7, pluginData: Self.challenge,
        capabilities: ScriptedServer.capabilities, collation: 255, status: [], plugin: "caching_sha2_password")
      writer.append(packets: handshake.payload([]).span.bytes, sequence: &sequence)
      session.input.append(writer.bytes)
      #expect(try session.pollHandshake())
      _ = try refusal { try session.answerHandshake(security: .plaintext) }
    }
  }
}
