// SPDX-License-Identifier: Apache-2.0
import Etcd
import Support
import Testing
import Wire

/// TLS and authentication against real servers.
@Suite struct EtcdSecurityTests {
  /// One set of certificates for the tests of this run.
  static let certificates: String = {
    let folder = ((try? TestServer.shared("etcd-3.5").folder) ?? "") + "-certificates"
    _ = try? run([Fixture.packageFolder + "/tools/certificates.sh", folder])
    return folder
  }()

  static func tls(_ adjust: (inout TLSConfiguration) -> Void = { _ in }) -> TLSConfiguration {
    var tls = TLSConfiguration(verify: .full, caPath: certificates + "/ca.pem")
    adjust(&tls)
    return tls
  }

  func message(_ test: ClientUnderTest) -> String {
    let error = #expect(throws: EtcdError.self) { try test.client.connect(deadline: .after(.seconds(10))) }
    #expect(error?.isOutcomeUnknown == false)
    return error.map { "\($0)" } ?? ""
  }

  @Test(arguments: ["etcd-3.4", "etcd-3.5"]) func overTLS(_ version: String) throws {
    let server = try TestServer(version, certificates: Self.certificates)
    defer { try? server.stop() }
    let plain = "127.0.0.1:\(server.port)"
    let test = try ClientUnderTest(["https://" + plain]) { $0.tls = Self.tls() }
    _ = try test.client.put(PutRequest(key: test.key("a"), value: bytes("1")), deadline: test.soon)
    #expect(try test.everything().count == 1)
    // `host:port` with a TLS configuration is TLS as well, and a server name may be given.
    let named = try ClientUnderTest([plain]) {
      $0.tls = Self.tls(); $0.serverName = "localhost"
    }
    try named.client.connect(deadline: named.soon)
    #expect(named.client.isConnected)
    let wrongName = try ClientUnderTest([plain]) {
      $0.tls = Self.tls(); $0.serverName = "other.example"
    }
    #expect(message(wrongName).contains("etcd 127.0.0.1:\(server.port)"))
    let unknown = try ClientUnderTest([plain]) { $0.tls = Self.tls { $0.caPath = "" } }
    #expect(message(unknown).contains("certificate"))
    // Plaintext to it: etcd closes without a word.
    let plaintext = try ClientUnderTest([plain])
    #expect(message(plaintext).contains("https"))
  }

  @Test func tlsToAPlaintextServer() throws {
    let test = try ClientUnderTest(TestEtcd.shared("etcd-3.5").endpoints) { $0.tls = Self.tls() }
    #expect(message(test).contains("TLS"))
  }

  @Test(arguments: ["etcd-3.4", "etcd-3.5"]) func withClientCertificates(_ version: String) throws {
    let server = try TestServer(
      version, flags: ["--client-cert-auth", "--trusted-ca-file", Self.certificates + "/ca.pem"],
      certificates: Self.certificates)
    defer { try? server.stop() }
    let endpoint = "https://127.0.0.1:\(server.port)"
    let test = try ClientUnderTest([endpoint]) {
      $0.tls = Self.tls {
        $0.certificatePath = Self.certificates + "/client-app.pem"
        $0.keyPath = Self.certificates + "/client-app.key"
      }
    }
    _ = try test.client.put(PutRequest(key: test.key("a"), value: bytes("1")), deadline: test.soon)
    let without = try ClientUnderTest([endpoint]) { $0.tls = Self.tls() }
    #expect(message(without).contains("certificate"))
  }

  /// S36: no user, a wrong password, permission denied for a put and for a watch, a token that expires, and an
  /// authentication store that changes under us.
  @Test(arguments: ["etcd-3.4", "etcd-3.5"]) func authentication(_ version: String) throws {
    let etcd = try TestEtcd(version, flags: version == "etcd-3.5" ? ["--auth-token-ttl", "2"] : [])
    defer { try? etcd.members[0].stop() }
    for command in [
      "user add root:rootpw", "user grant-role root root", "role add app",
      "role grant-permission app readwrite /app/ --prefix=true", "user add app:pw", "user grant-role app app",
      "auth enable",
    ] { try etcd.etcdctl(command.split(separator: " ").map(String.init)) }
    let nobody = try ClientUnderTest(etcd.endpoints)
    let unknown = #expect(throws: EtcdError.self) {
      try nobody.client.put(PutRequest(key: bytes("/app/x"), value: []), deadline: nobody.soon)
    }
    #expect(unknown?.fault == .userNameEmpty)
    let wrong = try ClientUnderTest(etcd.endpoints) {
      $0.username = "app"; $0.password = { "not-the-password" }
    }
    let refused = #expect(throws: EtcdError.self) { try wrong.client.connect(deadline: wrong.soon) }
    #expect(refused?.fault == .authenticationFailed)
    #expect(!"\(refused.map { "\($0)" } ?? "")".contains("not-the-password"))

    var asked = 0
    let test = try ClientUnderTest(etcd.endpoints) {
      $0.username = "app"
      $0.password = {
        asked += 1; return "pw"
      }
    }
    _ = try test.client.put(PutRequest(key: bytes("/app/x"), value: bytes("1")), deadline: test.soon)
    let denied = #expect(throws: EtcdError.self) {
      try test.client.put(PutRequest(key: bytes("/other"), value: []), deadline: test.soon)
    }
    #expect(denied?.fault == .permissionDenied && denied?.isOutcomeUnknown == false)
    let watcher = test.client.watch(WatchCreate(key: bytes("/other")))
    guard case .ended(let reason)? = test.wait({ watcher.next() }) else { throw NotEnded() }
    #expect(reason.fault == .permissionDenied)
    #expect(asked == 1)
    // The store changes: a token of before is refused (JWT) or still good (simple); either way the call succeeds.
    let root = TestEtcd(etcd, user: "root:rootpw")
    try root.etcdctl(["role", "grant-permission", "app", "readwrite", "/more/", "--prefix=true"])
    _ = try test.client.put(PutRequest(key: bytes("/more/x"), value: bytes("1")), deadline: test.soon)
    guard version == "etcd-3.5" else { return }
    // The token expires; a waiting call asks for another by itself.
    test.turn(for: .seconds(4))
    let before = asked
    _ = try test.client.put(PutRequest(key: bytes("/app/x"), value: bytes("2")), deadline: test.soon)
    #expect(asked == before + 1 && test.client.connectionCount == 1)
    // A transaction that was only begun fails, says why, and `connect` mends it.
    test.turn(for: .seconds(4))
    let body = TxnRequest(success: [.put(PutRequest(key: bytes("/app/y"), value: []))]).encoded
    let failure = try #require(try test.settle(body))
    guard case .failure(let error) = failure else { throw NotEnded() }
    #expect(error.needsAuthentication && !error.isOutcomeUnknown && !test.client.isConnected)
    try test.client.connect(deadline: test.soon)
    #expect(try #require(try test.settle(body)).get().succeeded)
    #expect(test.client.connectionCount == 1)
  }

  struct NotEnded: Error {}
}

extension TestEtcd {
  fileprivate init(_ other: TestEtcd, user: String) {
    self = other
    arguments = ["--user", user]
  }
}
