// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import Support
import Testing
import Wire

/// A link to a server that speaks TLS (or not) in the same loop.
private final class Setting {
  let pair: LoopbackPair
  let server: TLSServer?
  private var received: [UInt8] = []
  private var timer: TimerID?

  init(_ server: TLSServer?) throws {
    pair = try LoopbackPair()
    self.server = server
    guard let server else { return }
    let link = pair.server
    timer = pair.loop.addTimer(after: .zero, every: .milliseconds(1)) { [weak self] in
      if link.input.count > 0 {
        server.receive(bytes(link.input))
        link.input.consume(link.input.count)
      }
      server.handshake()
      self?.received += server.read()
      link.output.writer.append(server.takeOutgoing())
    }
  }

  /// The server moves no more bytes between its session and its link; what its link has, still goes out.
  func stopServer() {
    if let timer { pair.loop.cancel(timer) }
  }

  /// What the server has decrypted.
  func read() -> [UInt8] {
    received += server?.read() ?? []
    return received
  }

  func start(
    _ configuration: TLSConfiguration = TLSMachineTests.trusting, name: String = "localhost",
    within: Duration = .seconds(5)
  ) throws {
    try pair.client.startTLS(configuration, serverName: name, alpn: ["h2"], deadline: .after(within))
    // In TLS 1.3 the client is done half a round trip before the server.
    if let server { _ = pair.wait { SSL_is_init_finished(server.ssl) == 1 || pair.client.closure != nil } }
  }
}

@Suite struct LinkTLSTests {
  @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
  func carriesManyBytes(version: Int32) throws {
    let setting = try Setting(TLSServer("server", version: version, alpn: [1]))
    try setting.start()
    #expect(setting.pair.client.tls?.alpn == "h2")
    let message = (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 / 3) }
    setting.pair.client.output.writer.append(message)
    #expect(setting.pair.wait { setting.read().count == message.count })
    #expect(Digest.sha256.hash(setting.read()) == Digest.sha256.hash(message))
    setting.pair.client.inputHighWater = 4_000_000
    setting.server?.write(message)
    setting.server?.updateKeys()
    setting.server?.write([1])
    #expect(setting.pair.wait { setting.pair.client.input.count == message.count + 1 })
    #expect(Digest.sha256.hash(bytes(setting.pair.client.input)) == Digest.sha256.hash(message + [1]))
    setting.server?.close()
    #expect(setting.pair.wait { setting.pair.client.closure == .endOfStream })
  }

  @Test func backpressureHoldsAboveTheHighWater() throws {
    let setting = try Setting(TLSServer("server"))
    try setting.start()
    let client = setting.pair.client
    // Below one record, so that several lie undecrypted when the kernel has no more.
    client.inputHighWater = 10_000
    setting.server?.write([UInt8](repeating: 5, count: 3_000_000))
    #expect(setting.pair.wait { client.input.count >= 10_000 })
    for _ in 0..<50 { try setting.pair.loop.turn(until: .after(.milliseconds(1))) }
    #expect(client.input.count < 50_000)
    // From here on only the bytes themselves wake the loop: what has been received and not decrypted must too.
    setting.stopServer()
    var consumed = 0
    #expect(
      setting.pair.wait {
        consumed += client.input.count
        client.input.consume(client.input.count)
        return consumed == 3_000_000
      })
  }

  @Test func isReadingFalseHolds() throws {
    let setting = try Setting(TLSServer("server"))
    try setting.start()
    let client = setting.pair.client
    client.isReading = false
    setting.server?.write([6])
    for _ in 0..<20 { try setting.pair.loop.turn(until: .after(.milliseconds(1))) }
    #expect(client.input.count == 0)
    client.isReading = true
    #expect(setting.pair.wait { client.input.count == 1 })
  }

  @Test func endComesAfterTheLastBytes() throws {
    let setting = try Setting(TLSServer("server"))
    try setting.start()
    // Both in one flight, so that both are there in one turn.
    setting.server?.write(Array("last words".utf8))
    setting.server?.close()
    let client = setting.pair.client
    #expect(setting.pair.wait { client.input.count > 0 || client.closure != nil })
    #expect(client.closure == nil)
    #expect(text(client.input) == "last words")
    #expect(setting.pair.wait { client.closure == .endOfStream })
  }

  @Test func S42_failuresNamePeerReasonAndRemedy() throws {
    let setting = try Setting(TLSServer("server"))
    let configuration = TLSConfiguration(verify: .full, caPath: Certificates.shared.path("other-ca.pem"))
    let error = #expect(throws: LinkError.self) { try setting.start(configuration) }
    #expect(
      error?.description
        == "TLS with \(setting.pair.client.peer): the server's certificate is not trusted: "
        + "unable to get local issuer certificate (is the server's authority in the CA file?)")
    #expect(setting.pair.client.closureError == error)
    // The server is told why.
    _ = setting.pair.wait { setting.pair.server.closure != nil }
    ERR_clear_error()
    _ = SSL_do_handshake(setting.server!.ssl)
  }

  @Test func S42_wrongHostName() throws {
    let error = #expect(throws: LinkError.self) { try Setting(TLSServer("elsewhere")).start() }
    #expect(error?.description.contains("is not for localhost: hostname mismatch") == true)
  }

  @Test func S42_clientCertificateRequired() throws {
    let setting = try Setting(TLSServer("server", version: TLS1_3_VERSION, wantsCertificate: true))
    // Our side of TLS 1.3 is done before the server has judged; its refusal ends the link.
    do { try setting.start() } catch {}
    #expect(setting.pair.wait { setting.pair.client.closure != nil })
    guard case .tls(let error)? = setting.pair.client.closureError?.reason else {
      Issue.record("\(String(describing: setting.pair.client.closureError))")
      return
    }
    #expect(error.remedy == .clientCertificate)
  }

  @Test func S42_plaintextServer() throws {
    let setting = try Setting(nil)
    setting.pair.loop.addTimer(after: .milliseconds(5)) { [link = setting.pair.server] in
      link.output.writer.append("E, and other things that are no TLS at all")
    }
    let error = #expect(throws: LinkError.self) { try setting.start() }
    #expect(error?.description.contains("the server does not answer in TLS") == true)
  }

  @Test func S42_silentServerKeepsTheDeadline() throws {
    let setting = try Setting(nil)
    // Made before the clock runs.
    _ = Certificates.shared
    let start = Deadline.now
    let error = #expect(throws: LinkError.self) { try setting.start(within: .milliseconds(100)) }
    #expect(error?.description == "TLS handshake with \(setting.pair.client.peer): no answer in time")
    #expect(Deadline.now < start.advanced(by: .seconds(2)))
    #expect(setting.pair.client.closureError == error)
  }

  @Test func S42_serverClosesDuringTheHandshake() throws {
    let setting = try Setting(nil)
    setting.pair.loop.addTimer(after: .milliseconds(5)) { [link = setting.pair.server] in
      link.input.consume(link.input.count)
      link.close()
    }
    let error = #expect(throws: LinkError.self) { try setting.start() }
    #expect(error?.description.contains("closed the connection during the handshake") == true)
  }

  /// What an attacker puts in front of the handshake must not be taken for a protected answer.
  @Test func bytesAheadOfTheHandshakeAreRefused() throws {
    let setting = try Setting(TLSServer("server"))
    setting.pair.server.output.writer.append("x")
    #expect(setting.pair.wait { setting.pair.client.input.count == 1 })
    let error = #expect(throws: LinkError.self) { try setting.start() }
    #expect(error?.description.contains("ahead of the handshake") == true)
  }
}
