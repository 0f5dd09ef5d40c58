// SPDX-License-Identifier: Apache-2.0
import Foundation
import Postgres
import Support
import Testing
import Wire

/// One server with every authentication method, with TLS, and one without TLS.
@Suite("Login with real servers", .serialized)
struct LoginTests {
  private static let withTLS = Result { try Server() }

  private struct Server {
    let postgres: TestPostgres
    let database: TestDatabase

    init() throws {
      postgres = try TestPostgres("pg-15", certificates: Certificates.shared.folder)
      database = try postgres.createDatabase()
      try postgres.psql(
        """
        CREATE ROLE scram_user LOGIN PASSWORD 'secret-word';
        CREATE ROLE clear_user LOGIN PASSWORD 'secret-word';
        CREATE ROLE trust_user LOGIN;
        CREATE ROLE cert_user LOGIN PASSWORD 'secret-word';
        CREATE ROLE tls_user LOGIN PASSWORD 'secret-word';
        CREATE ROLE plain_user LOGIN PASSWORD 'secret-word';
        SET password_encryption = md5;
        CREATE ROLE md5_user LOGIN PASSWORD 'secret-word'
        """, database: "postgres")
      let rules = """
        local all postgres trust
        local all clear_user password
        local all all trust
        host all trust_user 127.0.0.1/32 trust
        hostssl all cert_user 127.0.0.1/32 scram-sha-256 clientcert=verify-ca
        host all clear_user 127.0.0.1/32 password
        host all md5_user 127.0.0.1/32 md5
        hostssl all tls_user 127.0.0.1/32 scram-sha-256
        hostnossl all plain_user 127.0.0.1/32 scram-sha-256
        host all plain_user 127.0.0.1/32 reject
        host all all 127.0.0.1/32 scram-sha-256
        """
      try rules.write(toFile: postgres.server.folder + "/data/pg_hba.conf", atomically: false, encoding: .utf8)
      try postgres.psql("SELECT pg_reload_conf()", database: "postgres")
    }

    func open(_ options: PostgresOptions) throws -> PostgresConnection {
      try PostgresConnection.open(options, loop: try PollLoop(), deadline: .soon)
    }

    func options(_ user: String, _ mode: TLSMode, password: String? = "secret-word", host: String = "127.0.0.1")
      -> PostgresOptions
    {
      var options = database.options(hosts: [host], user: user, password: password, tlsMode: mode)
      options.tlsFiles.caPath = mode == .verifyCA || mode == .verifyFull ? Certificates.shared.path("ca.pem") : ""
      return options
    }
  }

  private func who(_ connection: PostgresConnection) throws -> String? {
    try connection.query(
      "SELECT current_user || ' ' || ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
      deadline: .soon
    ).scalar
  }

  @Test(
    "every method over TLS in every mode",
    arguments: ["scram_user", "clear_user", "md5_user", "trust_user", "tls_user"],
    [TLSMode.prefer, .require, .verifyCA, .verifyFull])
  func encrypted(user: String, mode: TLSMode) throws {
    let server = try Self.withTLS.get()
    let connection = try server.open(server.options(user, mode))
    #expect(try who(connection) == "\(user) true")
    #expect(connection.link.tls?.serverEndPoint != nil)
  }

  @Test(
    "every method in plaintext; the password in clear text is refused there",
    arguments: ["scram_user", "md5_user", "trust_user", "plain_user"])
  func plaintext(user: String) throws {
    let server = try Self.withTLS.get()
    #expect(try who(server.open(server.options(user, .disable))) == "\(user) false")
    let error = try #require(throws: PostgresError.self) { try server.open(server.options("clear_user", .disable)) }
    guard case .refused(let text) = error.reason else {
      Issue.record("\(error)")
      return
    }
    #expect(text.contains("clear text"))
    #expect(!"\(error)".contains("secret-word"))
  }

  @Test(
    "over a Unix socket, where TLS is not spoken and clear text may be sent",
    arguments: ["scram_user", "clear_user"])
  func unixSocket(user: String) throws {
    let server = try Self.withTLS.get()
    let folder = server.postgres.server.folder
    #expect(try who(server.open(server.options(user, .verifyFull, host: folder))) == "\(user) false")
  }

  @Test("prefer falls back where pg_hba.conf refuses TLS; require does not")
  func preferFallsBack() throws {
    let server = try Self.withTLS.get()
    #expect(try who(server.open(server.options("plain_user", .prefer))) == "plain_user false")
    let error = try #require(throws: PostgresError.self) { try server.open(server.options("plain_user", .require)) }
    #expect(error.sqlState == "28000")
  }

  @Test("a wrong password is the server's 28P01; none is our own error", arguments: ["scram_user", "md5_user"])
  func wrongPassword(user: String) throws {
    let server = try Self.withTLS.get()
    let wrong = try #require(throws: PostgresError.self) {
      try server.open(server.options(user, .require, password: "wrong-word"))
    }
    #expect(wrong.sqlState == "28P01")
    #expect(!"\(wrong)".contains("wrong-word"))
    let none = try #require(throws: PostgresError.self) {
      try server.open(server.options(user, .require, password: nil))
    }
    #expect("\(none)".contains("none is configured"))
  }

  @Test("S42 a wrong authority and a wrong host name are refused")
  func wrongCertificate() throws {
    let server = try Self.withTLS.get()
    var options = server.options("scram_user", .verifyCA)
    for wrong in ["", Certificates.shared.path("other-ca.pem")] {
      options.tlsFiles.caPath = wrong
      let error = try #require(throws: PostgresError.self) { try server.open(options) }
      #expect("\(error)".contains("certificate"))
    }
    // An authority that is named is asked, as libpq does.
    options = server.options("scram_user", .require)
    options.tlsFiles.caPath = Certificates.shared.path("other-ca.pem")
    #expect(throws: PostgresError.self) { try server.open(options) }
    // 127.0.0.2 is this machine too, and not in the certificate.
    options = server.options("scram_user", .verifyFull, host: "127.0.0.2")
    #expect(throws: PostgresError.self) { try server.open(options) }
  }

  @Test("S42 a client certificate, where the server asks for one")
  func clientCertificate() throws {
    let server = try Self.withTLS.get()
    var options = server.options("cert_user", .verifyFull)
    #expect(throws: PostgresError.self) { try server.open(options) }
    options.tlsFiles.certificatePath = Certificates.shared.path("client.pem")
    options.tlsFiles.keyPath = Certificates.shared.path("client.key")
    #expect(try who(server.open(options)) == "cert_user true")
  }

  @Test("a server without TLS: prefer goes on in plaintext, require says what is missing")
  func withoutTLS() throws {
    let database = try TestPostgres.shared().createDatabase()
    let connection = try PostgresConnection.open(
      database.options(tlsMode: .prefer), loop: try PollLoop(), deadline: .soon)
    #expect(try who(connection) == "sync false")
    let error = try #require(throws: PostgresError.self) {
      try PostgresConnection.open(database.options(tlsMode: .require), loop: try PollLoop(), deadline: .soon)
    }
    #expect("\(error)".contains("does not offer TLS"))
  }

  @Test("the next host is tried where the first one is dead")
  func hosts() throws {
    let database = try TestPostgres.shared().createDatabase()
    let options = database.options(hosts: ["/nonexistent", "127.0.0.1"])
    let connection = try PostgresConnection.open(options, loop: try PollLoop(), deadline: .soon)
    #expect(try who(connection) == "sync false")
  }
}
