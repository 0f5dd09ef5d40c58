// SPDX-License-Identifier: Apache-2.0
import MySQL
import Support
import Wire

/// Plays a recorded server to our session, which is told to do what the recorded client did, and to say of itself what
/// that one said. All that we say must be the recorded bytes; only what is encrypted with a random padding differs.
struct MySQLPlay {
  private enum Activity {
    case none, handshake, login, query, command
  }

  let connection: CapturedConnection
  let conversation: MySQLConversation
  let session: MySQLSession
  /// Errors that the session threw, in order.
  private(set) var errors: [MySQLError] = []
  /// Where what we said is not what was recorded.
  private(set) var departures: [String] = []
  /// Rows of all queries.
  private(set) var rows: [[[UInt8]?]] = []
  /// Bytes of the server to be played at most.
  var serverBytesMax = Int.max
  private(set) var serverBytes = 0
  private let password: String
  private var result = TextResult()
  private var activity = Activity.handshake
  /// What the client says, in order.
  private var clientLines: [MySQLConversation.Line]

  init(_ connection: CapturedConnection, _ conversation: MySQLConversation, password: String) {
    self.connection = connection
    self.password = password
    self.conversation = conversation
    clientLines = conversation.lines.filter { $0.direction == .fromClient }.reversed()
    // The recorded clients say that they take 16 MiB.
    session = MySQLSession(
      input: ReceiveBuffer(), output: SendBuffer(), peer: "recorded:3306", messageBytesMax: 1 << 24)
    do throws(MySQLError) {
      try session.beginLogin(request)
    } catch {
      errors.append(error)
    }
  }

  private var request: LoginRequest {
    let password = self.password
    var request = LoginRequest(user: "", password: { password })
    for case .message(let message as Login.HandshakeResponse) in conversation.lines.map(\.decoded) {
      request = LoginRequest(
        user: message.user, schema: message.schema.isEmpty ? nil : message.schema,
        attributes: message.attributes.map { ($0.name, $0.value) }, password: { password })
      request.head = message.head
    }
    return request
  }

  var isOver: Bool { serverBytes >= serverBytesMax || !session.isAlive }

  mutating func run(_ feed: DripFeed) {
    for turn in connection.turns where !isOver {
      switch turn.direction {
      case .fromServer:
        let bytes = Array(turn.bytes.prefix(serverBytesMax - serverBytes))
        serverBytes += bytes.count
        for piece in feed.pieces(of: bytes) {
          session.input.append(piece.span.bytes)
          poll()
        }
      case .fromClient: speak(turn.bytes)
      }
    }
  }

  private mutating func speak(_ recorded: [UInt8]) {
    guard let line = clientLines.popLast() else { return }
    do throws(MySQLError) {
      try act(line)
    } catch {
      departures.append("\(line.text): \(error)")
    }
    let said = session.output.withUnsent { $0.array }
    session.output.sent(said.count)
    // RSA's padding is random.
    if case .message(let answer as Login.AuthResponse) = line.decoded, answer.pluginData.count == 256 {
      if said.count != recorded.count { departures.append("\(said.count) bytes for the encrypted password") }
    } else if said != recorded {
      departures.append("\(line.text): said 0x\(String(hex: said))")
    }
  }

  private mutating func act(_ line: MySQLConversation.Line) throws(MySQLError) {
    guard case .message(let message) = line.decoded else { return }
    switch message {
    case is Login.HandshakeResponse:
      try session.answerHandshake(security: .plaintext)
      activity = .login
    case let query as Command.Query:
      try session.beginQuery(query.text)
      result = TextResult()
      activity = .query
    case is Command.Ping:
      try session.beginPing()
      activity = .command
    case is Command.Quit: session.terminate()
    // What a plugin answers, the session says by itself.
    default: break
    }
  }

  /// Takes what the session can make of the bytes that are there.
  mutating func poll() {
    do throws(MySQLError) {
      switch activity {
      case .none: break
      case .handshake: if try session.pollHandshake() { activity = .none }
      case .login: if try session.pollLogin() { activity = .none }
      case .command: if try session.pollCommand() { activity = .none }
      case .query:
        guard try session.pollQuery(into: &result, resultBytesMax: 1 << 20) else { return }
        rows += result.rows
        activity = .none
      }
    } catch {
      errors.append(error)
      activity = .none
    }
  }
}
