// SPDX-License-Identifier: Apache-2.0
public import Wire

/// The client's side of one session as a machine without I/O: bytes come into `input`, bytes to send lie in `output`.
///
/// It is pulled: each `poll…` and `drain…` goes as far as the bytes in `input` reach and says whether more are needed.
/// `MySQLConnection` joins it to a link; tests feed it captures.
public final class MySQLSession {
  public let input: ReceiveBuffer
  public let output: SendBuffer
  /// For error messages: `host:port` or the socket's path.
  public let peer: String
  /// A longer payload (an event, a row) ends the session.
  public let messageBytesMax: Int
  /// The largest value a server can hold is 1 GiB, and an event has it in a row.
  public static let messageBytesMaxDefault = (1 << 30) + (1 << 20)
  /// Of somebody who has not shown yet who they are, less is awaited.
  private static let loginMessageBytesMax = 1 << 20

  /// What both sides use.
  public package(set) var capabilities: Capabilities = []
  /// What the server said of itself; nil before.
  package var handshake: Login.Handshake?
  public package(set) var statusFlags: StatusFlags = []

  package var phase = Phase.new
  var login: LoginState?
  /// Of the statement whose rows are coming.
  @usableFromInline var widths: [ValueWidth] = []
  /// Kept from row to row; taken out while rows are delivered.
  @usableFromInline var fields: [RowField] = []
  @usableFromInline let reader: PacketReader
  /// Of the result set that is coming.
  var columns: [Reply.ResultColumn] = []
  var columnsLeft = 0
  /// The statement that is being prepared.
  var statement = PreparedStatement(id: 0, parameterCount: 0, columns: [])
  private var scratch = ByteWriter()
  /// Where the message taken last began in the stream.
  var messageOffset = 0

  package enum Phase: Equatable {
    case new
    case login
    case ready
    /// A command that is answered by OK.
    case command
    case query(ResultStep)
    case preparing(PrepareStep)
    /// Before the first row of a prepared statement.
    case rowsStarting(ResultStep)
    case rows
    case dumping
    case ended

    var activity: String {
      switch self {
      case .new: "connecting"
      case .login: "logging in"
      case .ready: "idle"
      case .command: "awaiting the end of a command"
      case .query: "awaiting the result of a query"
      case .preparing: "preparing a statement"
      case .rowsStarting: "awaiting the rows of a statement"
      case .rows: "reading rows"
      case .dumping: "reading the binary log"
      case .ended: "ended"
      }
    }
  }

  public init(
    input: ReceiveBuffer, output: SendBuffer, peer: String, messageBytesMax: Int = messageBytesMaxDefault
  ) {
    self.input = input
    self.output = output
    self.peer = peer
    self.messageBytesMax = messageBytesMax
    reader = PacketReader(raw: input, bytesMax: min(messageBytesMax, Self.loginMessageBytesMax))
  }

  /// Ready for a command.
  public var isReady: Bool { phase == .ready }

  /// Not ended by either side.
  package var isAlive: Bool { phase != .ended }

  /// What we are doing, for errors.
  public var activity: String { phase.activity }

  public var connectionID: UInt32 { handshake?.connectionID ?? 0 }

  public var server: ServerVersion {
    ServerVersion(greeting: handshake?.serverVersion ?? "", capabilities: handshake?.capabilities ?? [])
  }

  /// The transport is closed: what that means now.
  public func closedError() -> MySQLError {
    let activity = phase.activity
    phase = .ended
    return failure(.closed(while: activity))
  }

  /// The session is over without a good-bye.
  package func abandon() { phase = .ended }

  /// Says good-bye.
  public func terminate() {
    guard phase != .new, phase != .login, phase != .ended else { return }
    sendCommand(Command.Quit())
    phase = .ended
  }

  // MARK: Sending

  /// A command begins a new exchange: its packets count from 0.
  package func sendCommand(_ message: some Message) { sendPayload(message.payload(capabilities), sequence: 0) }

  /// As one packet or several, from `sequence` on; what is awaited then goes on counting.
  package func sendPayload(_ payload: [UInt8], sequence: UInt8) {
    var next = sequence
    if reader.isCompressed {
      var frame: UInt8 = sequence == 0 ? 0 : reader.nextFrameSequence
      scratch.clear()
      unsafe scratch.append(packets: payload.span.bytes, sequence: &next)
      scratch.withBytes { output.writer.append(frames: $0, sequence: &frame) }
      reader.expect(next, frame: frame)
    } else {
      unsafe output.writer.append(packets: payload.span.bytes, sequence: &next)
      reader.expect(next, frame: 0)
    }
  }

  // MARK: Taking packets

  /// The next whole payload, or nil while bytes of it are missing.
  package func nextPayload() throws(MySQLError) -> [UInt8]? {
    do throws(WireError) {
      while true {
        let packets = reader.packets
        let bytes = packets.unread
        switch try reader.look(bytes, at: 0) {
        case .packet(let header):
          let payload = bytes.extracting(PacketHeader.byteCount..<header.frameCount).array
          messageOffset = input.consumedTotal
          reader.sequence &+= 1
          packets.consume(header.frameCount)
          return payload
        case .piece:
          guard try reader.join() else { continue }
          let joined = reader.joined
          let payload = joined.unread.array
          messageOffset = input.consumedTotal
          reader.dropJoined()
          return payload
        case .missing:
          reader.needMore(consumed: 0)
          guard try reader.unpackFrame() else { return nil }
        }
      }
    } catch {
      throw malformed(error)
    }
  }

  /// Decodes a payload that must be this message.
  func decode<M: Message>(_: M.Type, _ payload: [UInt8]) throws(MySQLError) -> M {
    do throws(WireError) {
      return try unsafe M(payload: payload.span.bytes, capabilities)
    } catch {
      throw malformed(error)
    }
  }

  // MARK: Errors

  package func failure(_ reason: MySQLError.Reason) -> MySQLError { MySQLError(reason, peer: peer) }

  /// The session cannot go on: nothing behind such bytes can be trusted.
  @usableFromInline
  func malformed(_ error: WireError) -> MySQLError {
    let activity = phase.activity
    phase = .ended
    let context = "\(error.context)"
    let message = context.isEmpty ? "a packet, while \(activity)" : context
    return failure(.malformed(error, message: message, streamOffset: input.consumedTotal))
  }

  /// `payload` has no place here.
  package func unexpected(_ payload: [UInt8]) -> MySQLError {
    let activity = phase.activity
    phase = .ended
    let label = payload.first.map { "a packet that begins with 0x\(String($0, radix: 16))" } ?? "an empty packet"
    return failure(.unexpected(message: label, while: activity, streamOffset: messageOffset))
  }

  package func refuse(_ text: String) -> MySQLError {
    phase = .ended
    return failure(.refused(text))
  }

  /// What an ERR packet says. The session goes on after it, unless it ends with it.
  func serverFailure(_ payload: [UInt8], ends: Bool) throws(MySQLError) -> MySQLError {
    let error = ServerError(try decode(Reply.Failure.self, payload))
    phase = ends || reader.isOutOfTurn ? .ended : .ready
    return failure(.server(error))
  }
}
