// SPDX-License-Identifier: Apache-2.0
import Postgres
import Support
import Wire

/// Plays a recorded server to our session, which is told to do what the recorded client did.
///
/// The server says what was recorded behind each of the client's messages. Where the recorded password is not known,
/// the server's signature is made for ours: all else of SCRAM is as recorded, the nonce included.
struct PostgresPlay {
  /// A message of the client and what the server said behind it.
  struct Step {
    var client: PostgresConversation.Line
    var server: [PostgresConversation.Line] = []
  }

  private enum Activity {
    case none, tls, login, query, copyStarting, copy, replicationStarting, replication
  }

  static let password = "secret"

  let steps: [Step]
  let session = PostgresSession(input: ReceiveBuffer(), output: SendBuffer(), peer: "recorded:5432")
  /// Errors that the session threw, in order.
  private(set) var errors: [PostgresError] = []
  /// Where what we said is not what was recorded.
  private(set) var departures: [String] = []
  /// SCRAM proofs that were the recorded ones, byte for byte: those made with the password that we know.
  private(set) var recordedProofs = 0
  private(set) var sink = EncodingSink()
  private(set) var copied: [[UInt8]] = []
  private(set) var result = QueryResult()
  /// Bytes of the server to be played at most.
  var serverBytesMax = Int.max
  private(set) var serverBytes = 0
  private var activity = Activity.none
  private var clientFinal = ""

  init(_ conversation: PostgresConversation) {
    var steps: [Step] = []
    for line in conversation.lines {
      if line.direction == .fromClient {
        steps.append(Step(client: line))
      } else if !steps.isEmpty {
        steps[steps.count - 1].server.append(line)
      }
    }
    self.steps = steps
  }

  mutating func run(_ feed: DripFeed) {
    for step in steps where !isOver { play(step, feed) }
  }

  var isOver: Bool { serverBytes >= serverBytesMax || !session.isAlive }

  private mutating func play(_ step: Step, _ feed: DripFeed) {
    do throws(PostgresError) {
      try act(step.client)
    } catch {
      departures.append("\(error)")
    }
    let said = takeOutput()
    check(said, step.client)
    for line in step.server {
      let bytes = ours(line)
      for piece in feed.pieces(of: bytes) where !isOver {
        let allowed = piece.prefix(serverBytesMax - serverBytes)
        serverBytes += allowed.count
        session.input.append(allowed.span.bytes)
        poll()
      }
    }
  }

  /// Does what the client did, unless the session has said it of itself.
  private mutating func act(_ line: PostgresConversation.Line) throws(PostgresError) {
    guard session.output.isEmpty else { return }
    switch line.decoded {
    case .initial(.ssl):
      activity = .tls
      session.beginTLSNegotiation()
    case .initial(.startup(let startup)):
      activity = .login
      try session.beginLogin(request(startup))
    case .frontend(.query(let query)): try ask(query.text)
    case .frontend(.copyDone): session.beginReplicationEnd()
    case .frontend(.terminate): session.terminate()
    case .standbyStatus(let status): session.sendStandbyStatus(status)
    case .initial, .tlsAnswer, .frontend, .backend, .replication:
      departures.append("the session cannot be told to \(line.text)")
    }
  }

  private mutating func ask(_ text: String) throws(PostgresError) {
    if text.hasPrefix("START_REPLICATION") {
      activity = .replicationStarting
      try session.beginReplication(text)
    } else if text.hasPrefix("copy") {
      activity = .copyStarting
      try session.beginCopyOut(text)
    } else {
      activity = .query
      result = QueryResult()
      try session.beginQuery(text)
    }
  }

  private func request(_ startup: Frontend.StartupMessage) -> LoginRequest {
    let value = { (name: String) in startup.parameters.first { $0.name == name }?.value }
    let known = ["user", "database", "replication"]
    var request = LoginRequest(
      user: value("user") ?? "", database: value("database") ?? "", replication: value("replication") != nil,
      parameters: startup.parameters.filter { !known.contains($0.name) }.map { ($0.name, $0.value) },
      // The recorded server also asks for a password in clear text, which goes over a Unix socket only.
      security: .unixSocket, password: { Self.password })
    for step in steps {
      guard case .frontend(.saslInitialResponse(let initial)) = step.client.decoded else { continue }
      let first = String(decoding: initial.response ?? [], as: UTF8.self)
      request.nonce = first.split(separator: ",r=", maxSplits: 1).last.map { String($0) }
    }
    return request
  }

  /// Proofs depend on the password, all else must be what was recorded.
  private mutating func check(_ said: [UInt8], _ line: PostgresConversation.Line) {
    if case .frontend(.saslResponse(let recorded)) = line.decoded {
      let message = try? FrontendMessage(
        tag: said.first ?? 0, body: said.span.bytes.extracting(min(5, said.count)..<said.count),
        after: .saslContinue(data: []))
      guard case .saslResponse(let ours)? = message else {
        departures.append("no SASLResponse but \(said)")
        return
      }
      clientFinal = String(decoding: ours.data, as: UTF8.self)
      if ours == recorded { recordedProofs += 1 }
      let withoutProof = { (text: String) in text.split(separator: ",p=")[0] }
      if withoutProof(clientFinal) == withoutProof(String(decoding: recorded.data, as: UTF8.self)) { return }
    }
    if said != line.bytes {
      departures.append("\(line.text): said \(String(decoding: said, as: UTF8.self))")
    }
  }

  private func takeOutput() -> [UInt8] {
    let bytes = session.output.withUnsent { $0.array }
    session.output.sent(bytes.count)
    return bytes
  }

  /// The recorded line, with a signature for our password.
  private func ours(_ line: PostgresConversation.Line) -> [UInt8] {
    guard case .backend(.authentication(let authentication)) = line.decoded,
      case .saslFinal = authentication.request
    else { return line.bytes }
    var first = ""
    var initial = ""
    for step in steps {
      if case .frontend(.saslInitialResponse(let message)) = step.client.decoded {
        initial = String(String(decoding: message.response ?? [], as: UTF8.self).dropFirst("n,,".count))
      }
      for case .backend(.authentication(let message)) in step.server.map(\.decoded) {
        if case .saslContinue(let data) = message.request { first = String(decoding: data, as: UTF8.self) }
      }
    }
    let parts = first.split(separator: ",")
    let salt = (try? Base64.decode(String(parts[1].dropFirst(2)))) ?? []
    let salted = Digest.sha256.pbkdf2(
      password: Array(Self.password.utf8), salt: salt, iterations: Int(parts[2].dropFirst(2)) ?? 1, count: 32)
    let key = Digest.sha256.hmac(key: salted, Array("Server Key".utf8))
    let signed = "\(initial),\(first),\(clientFinal.split(separator: ",p=")[0])"
    let signature = Digest.sha256.hmac(key: key, Array(signed.utf8))
    var writer = ByteWriter()
    Backend.Authentication(request: .saslFinal(data: Array("v=\(Base64.encode(signature))".utf8)))
      .encodeFrame(to: &writer)
    return writer.bytes.array
  }

  // MARK: Pulling

  /// Takes what the session can make of the bytes that are there.
  mutating func poll() {
    do throws(PostgresError) {
      try pollOnce()
    } catch {
      errors.append(error)
      activity = .none
    }
  }

  private mutating func pollOnce() throws(PostgresError) {
    switch activity {
    case .none: break
    case .tls: if try session.pollTLSAnswer() != nil { activity = .none }
    case .login: if try session.pollLogin() { activity = .none }
    case .query: if try session.pollQuery(into: &result, resultBytesMax: 1 << 20) { activity = .none }
    case .copyStarting:
      guard try session.pollCopyOut() else { return }
      activity = .copy
      try pollOnce()
    case .replicationStarting:
      guard try session.pollReplicationStart() else { return }
      activity = .replication
      try pollOnce()
    case .copy:
      var lines = BytesSink()
      let end = try drained { () throws(DrainError<Never>) in try session.drainCopy(into: &lines) }
      copied += lines.lines
      if end { activity = .none }
    case .replication:
      var sink = self.sink
      let end = try drained { () throws(DrainError<Never>) in try session.drainReplication(into: &sink) }
      self.sink = sink
      if end { activity = .none }
    }
  }

  private func drained(
    _ body: () throws(DrainError<Never>) -> DrainResult
  ) throws(PostgresError) -> Bool {
    do throws(DrainError<Never>) {
      return try body() != .needsInput
    } catch {
      switch error {
      case .postgres(let error): throw error
      }
    }
  }
}

/// Encodes each logical message again.
struct EncodingSink: ReplicationSink {
  var messages: [[UInt8]] = []
  var keepalives = 0

  mutating func receive(
    _ message: borrowing LogicalMessage, walStart: LSN, walEnd: LSN, serverTime: ServerTime
  ) throws(Never) -> Flow {
    var writer = ByteWriter()
    message.encode(to: &writer)
    messages.append(writer.bytes.array)
    return .more
  }

  mutating func keepalive(walEnd: LSN, replyRequested: Bool) throws(Never) -> Flow {
    keepalives += 1
    return .more
  }
}

struct BytesSink: CopySink {
  var lines: [[UInt8]] = []

  mutating func receive(_ data: RawSpan) throws(Never) -> Flow {
    lines.append(data.array)
    return .more
  }
}
