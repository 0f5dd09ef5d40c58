// SPDX-License-Identifier: Apache-2.0
import MySQL
import Support
import Testing
import Wire

/// A session, and a server at its other end that says what a test tells it to.
struct ScriptedServer {
  let session: MySQLSession
  var sequence: UInt8 = 0
  private let compression: CompressionAlgorithm

  static let capabilities: Capabilities = [
    .longPassword, .protocol41, .secureConnection, .pluginAuthentication, .pluginAuthenticationLengthEncoded,
    .transactions, .connectAttributes, .multiResults, .deprecateEOF, .compress, .zstdCompression, .ssl,
  ]

  /// With a session that waits for the handshake.
  init(
    user: String = "user", password: String? = "secret-word", compression: CompressionAlgorithm = .none,
    messageBytesMax: Int = 1 << 26
  ) throws {
    self.compression = compression
    session = MySQLSession(
      input: ReceiveBuffer(), output: SendBuffer(), peer: "scripted:3306", messageBytesMax: messageBytesMax)
    try session.beginLogin(LoginRequest(user: user, compression: compression, password: { password }))
  }

  /// With a session that is ready for commands.
  static func loggedIn(
    compression: CompressionAlgorithm = .none, messageBytesMax: Int = 1 << 26, deprecatesEOF: Bool = true
  ) throws -> ScriptedServer {
    var server = try ScriptedServer(compression: compression, messageBytesMax: messageBytesMax)
    var capabilities = Self.capabilities
    if !deprecatesEOF { capabilities.remove(.deprecateEOF) }
    try server.greet(capabilities: capabilities)
    server.say(Reply.OK())
    #expect(try server.session.pollLogin())
    return server
  }

  /// The handshake, and our session's answer to it.
  mutating func greet(
    plugin: String = "caching_sha2_password", version: String = "9.7.4",
    capabilities: Capabilities = capabilities, security: LoginContext.Security = .plaintext
  ) throws {
    say(
      Login.Handshake(
        serverVersion: version, connectionID: 7, pluginData: Array(1...20) + [0], capabilities: capabilities,
        collation: 255, status: [], plugin: plugin))
    #expect(try session.pollHandshake())
    try session.answerHandshake(security: security)
    hear()
  }

  /// What the session has sent; the next packet answers it.
  @discardableResult
  mutating func hear() -> [UInt8] {
    let bytes = session.output.withUnsent { $0.array }
    session.output.sent(bytes.count)
    if let header = PacketHeader.peek(bytes.span.bytes) { sequence = header.sequence &+ 1 }
    return bytes
  }

  mutating func say(_ message: some Message) { say(payload: message.payload(session.capabilities)) }

  /// In packets, from the next number on.
  mutating func say(payload: [UInt8]) {
    var writer = ByteWriter()
    writer.append(packets: payload.span.bytes, sequence: &sequence)
    session.input.append(writer.bytes)
  }

  mutating func say(raw bytes: [UInt8]) { session.input.append(bytes.span.bytes) }
}

extension MySQLError {
  var isMalformed: Bool { if case .malformed = reason { true } else { false } }
  var isRefused: Bool { if case .refused = reason { true } else { false } }
  var isUnexpected: Bool { if case .unexpected = reason { true } else { false } }
}

/// Collects events; answers what a test wants.
struct EventSink: BinlogSink {
  struct Stop: Error {}

  var events: [[UInt8]] = []
  var answers: [BinlogFlow] = []
  var throwsAt = -1
  var calls = 0

  mutating func receive(event: RawSpan) throws(Stop) -> BinlogFlow {
    calls += 1
    if calls - 1 == throwsAt { throw Stop() }
    let answer = answers.isEmpty ? .more : answers.removeFirst()
    if answer != .again { events.append(event.array) }
    return answer
  }
}

/// Collects rows of the binary protocol.
struct ValueSink: RowSink {
  var rows: [[[UInt8]?]] = []
  var pausesAfterEach = false

  mutating func receive(_ fields: Span<RowField>, _ base: RawSpan) throws(Never) -> Flow {
    var row: [[UInt8]?] = []
    for index in fields.indices {
      let field = fields[index]
      let end = Int(field.offset + field.length)
      row.append(field.kind == .null ? nil : base.extracting(Int(field.offset)..<end).array)
    }
    rows.append(row)
    return pausesAfterEach ? .pause : .more
  }
}
