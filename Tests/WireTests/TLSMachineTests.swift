// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import Support
import Testing

@testable import Wire

/// Client and server joined in memory.
private struct Pair {
  let client: TLSMachine
  let server: TLSServer
  let input = ReceiveBuffer()

  init(
    _ configuration: TLSConfiguration, name: String = "localhost", alpn: [String] = [], server: TLSServer
  ) throws {
    client = try TLSMachine(configuration, serverName: name, alpn: alpn)
    self.server = server
  }

  /// Carries what either side has to send to the other, `piece` bytes at a time.
  func exchange(piece: Int = .max) throws {
    let toServer = client.outgoing.withUnsent { $0.array }
    client.outgoing.sent(toServer.count)
    server.receive(toServer)
    server.handshake()
    let toClient = server.takeOutgoing()
    var at = 0
    while at < toClient.count {
      let part = Array(toClient[at..<min(toClient.count, at + min(piece, toClient.count))])
      client.receive(part.span.bytes)
      at += part.count
      if try client.handshake() { _ = try client.decrypt(into: input, limit: 1 << 20) }
    }
  }

  func handshake(piece: Int = .max) throws {
    _ = try client.handshake()
    for _ in 0..<6 { try exchange(piece: piece) }
  }
}

@Suite struct TLSMachineTests {
  static let files = Certificates.shared
  static let trusting = TLSConfiguration(verify: .full, caPath: files.path("ca.pem"))

  @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
  func carriesBytesBothWays(version: Int32) throws {
    let pair = try Pair(
      Self.trusting, alpn: ["http/1.1", "h2"], server: TLSServer("server", version: version, alpn: [1]))
    try pair.handshake()
    #expect(pair.client.info?.version == (version == TLS1_2_VERSION ? "TLSv1.2" : "TLSv1.3"))
    #expect(pair.client.info?.alpn == "h2")
    #expect(pair.server.requestedName == "localhost")
    let output = SendBuffer()
    let sent = (0..<300_000).map { UInt8(truncatingIfNeeded: $0) }
    output.writer.append(sent)
    try pair.client.encrypt(from: output, limit: .max)
    try pair.exchange()
    #expect(pair.server.read() == sent)
    pair.server.write(sent)
    try pair.exchange()
    #expect(pair.input.unread.array == sent)
  }

  @Test func handshakeByteByByte() throws {
    let pair = try Pair(Self.trusting, server: TLSServer("server"))
    try pair.handshake(piece: 1)
    #expect(pair.client.info?.version == "TLSv1.3")
  }

  @Test func keyUpdateIsHarmless() throws {
    let pair = try Pair(Self.trusting, server: TLSServer("server"))
    try pair.handshake()
    for round in 0..<3 as Range<UInt8> {
      pair.server.updateKeys()
      pair.server.write([round])
      try pair.exchange()
      let output = SendBuffer()
      output.writer.append([round])
      try pair.client.encrypt(from: output, limit: .max)
      try pair.exchange()
      #expect(pair.server.read() == [round])
    }
    #expect(pair.input.unread.array == [0, 1, 2])
  }

  @Test func closeNotifyIsTheEnd() throws {
    let pair = try Pair(Self.trusting, server: TLSServer("server"))
    try pair.handshake()
    pair.server.write([7])
    pair.server.close()
    let last = pair.server.takeOutgoing()
    pair.client.receive(last.span.bytes)
    #expect(try pair.client.decrypt(into: pair.input, limit: 100) == .closed)
    #expect(pair.input.unread.array == [7])
  }

  @Test func damagedRecordIsAnError() throws {
    let pair = try Pair(Self.trusting, server: TLSServer("server"))
    try pair.handshake()
    pair.server.write([7])
    var bytes = pair.server.takeOutgoing()
    bytes[bytes.count - 1] ^= 1
    pair.client.receive(bytes.span.bytes)
    #expect(throws: TLSError.self) { try pair.client.decrypt(into: pair.input, limit: 100) }
    #expect(pair.input.count == 0)
    // The alert that tells the peer.
    #expect(pair.client.outgoing.count > 0)
  }

  // MARK: Verification

  private func failure(
    _ configuration: TLSConfiguration, name: String = "localhost", server: TLSServer
  ) -> TLSError? {
    do {
      let pair = try Pair(configuration, name: name, server: server)
      try pair.handshake()
      return nil
    } catch {
      return error as? TLSError
    }
  }

  @Test(arguments: ["localhost", "127.0.0.1", "::1", "LOCALHOST."])
  func namesAndAddressesOfTheCertificate(name: String) {
    #expect(failure(Self.trusting, name: name, server: TLSServer("server")) == nil)
  }

  @Test func wrongAuthority() {
    for verify in [TLSConfiguration.Verification.certificateAuthority, .full] {
      let configuration = TLSConfiguration(verify: verify, caPath: Self.files.path("other-ca.pem"))
      let error = failure(configuration, server: TLSServer("server"))
      #expect(error?.remedy == .authority)
      #expect(error?.message.contains("unable to get local issuer certificate") == true)
    }
  }

  @Test(arguments: ["localhost", "127.0.0.1"])
  func wrongHostName(name: String) {
    let error = failure(Self.trusting, name: name, server: TLSServer("elsewhere"))
    #expect(error?.remedy == .hostName)
    #expect(error?.message.contains("not for \(name)") == true)
    var lenient = Self.trusting
    lenient.verify = .certificateAuthority
    #expect(failure(lenient, name: name, server: TLSServer("elsewhere")) == nil)
  }

  @Test func expiredCertificate() {
    let error = failure(Self.trusting, server: TLSServer("expired"))
    #expect(error?.remedy == .validity)
    #expect(error?.message.contains("certificate has expired") == true)
  }

  @Test func verifyNoneTakesAnything() {
    #expect(failure(TLSConfiguration(verify: .none), name: "nowhere", server: TLSServer("expired")) == nil)
  }

  @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
  func clientCertificate(version: Int32) {
    let without = failure(Self.trusting, server: TLSServer("server", version: version, wantsCertificate: true))
    #expect(without?.remedy == .clientCertificate)
    var with = Self.trusting
    with.certificatePath = Self.files.path("client.pem")
    with.keyPath = Self.files.path("client.key")
    #expect(failure(with, server: TLSServer("server", version: version, wantsCertificate: true)) == nil)
    with.keyPath = Self.files.path("server.key")
    #expect(failure(with, server: TLSServer("server"))?.message.contains("key values mismatch") == true)
  }

  @Test func plaintextAnswer() throws {
    let client = try TLSMachine(Self.trusting, serverName: "localhost", alpn: [])
    _ = try client.handshake()
    let answer = Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)
    client.receive(answer.span.bytes)
    let error = #expect(throws: TLSError.self) { _ = try client.handshake() }
    #expect(error?.remedy == .plaintext)
  }

  @Test func missingFilesAreNamed() {
    let path = Self.files.path("no-such-file.pem")
    let error = failure(TLSConfiguration(verify: .full, caPath: path), server: TLSServer("server"))
    #expect(error?.message == "CA file \(path): No such file or directory")
  }

  // MARK: Channel binding

  @Test(arguments: [("server", Digest.sha256), ("sha384", .sha384)])
  func serverEndPoint(certificate: String, digest: Digest) throws {
    let pair = try Pair(Self.trusting, server: TLSServer(certificate))
    try pair.handshake()
    var der: UnsafeMutablePointer<UInt8>?
    let length = i2d_X509(SSL_get_certificate(pair.server.ssl), &der)
    let bytes = Array(UnsafeBufferPointer(start: der, count: Int(length)))
    #expect(pair.client.info?.serverEndPoint == digest.hash(bytes))
  }
}
