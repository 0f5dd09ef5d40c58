// SPDX-License-Identifier: Apache-2.0
public import Wire

/// The client's side of one session as a machine without I/O: bytes come into `input`, bytes to send lie in `output`.
///
/// It is pulled: each `poll…` and `drain…` goes as far as the bytes in `input` reach and says whether more are needed.
/// `PostgresConnection` joins it to a link; tests feed it captures.
public final class PostgresSession {
  public let input: ReceiveBuffer
  public let output: SendBuffer
  /// For error messages: `host:port` or the socket's path.
  public let peer: String
  /// A longer message ends the session.
  public let messageBytesMax: Int

  public package(set) var parameters: [String: String] = [:]
  public package(set) var processID: Int32 = 0
  package var secretKey: [UInt8] = []
  public package(set) var transactionStatus = TransactionStatus.idle
  /// Notices and warnings of the server, as they come.
  public var onNotice: ((ServerError) -> Void)?

  package var phase = Phase.new { didSet { noteCopying() } }
  /// An error that the server has sent and that is thrown once the server is ready again.
  package var pendingError: ServerError? { didSet { noteCopying() } }
  /// CopyData is data for the sink. Kept, because it is asked for each message.
  @usableFromInline var isCopying = false
  /// Between Stream Start and Stream Stop (pgoutput 2 and later).
  @usableFromInline var isInStream = false

  /// Where the message taken last began in the stream.
  var messageOffset = 0
  var login: Login?

  package enum Phase: Equatable {
    case new
    case login
    case ready
    case query
    /// Before CopyOutResponse or CopyBothResponse.
    case copyStarting
    case copyOut
    case copyBoth
    /// CopyBoth, and we have sent CopyDone.
    case copyBothEnding
    /// The data is over; CommandComplete and ReadyForQuery are to come.
    case copyEnded(commandTag: String)
    case ended

    var activity: String {
      switch self {
      case .new: "connecting"
      case .login: "logging in"
      case .ready: "idle"
      case .query: "awaiting the result of a query"
      case .copyStarting: "awaiting the start of a copy"
      case .copyOut: "copying"
      case .copyBoth: "replicating"
      case .copyBothEnding, .copyEnded: "ending a copy"
      case .ended: "ended"
      }
    }
  }

  public init(
    input: ReceiveBuffer, output: SendBuffer, peer: String,
    messageBytesMax: Int = FrameHeader.messageBytesMaxDefault
  ) {
    self.input = input
    self.output = output
    self.peer = peer
    self.messageBytesMax = messageBytesMax
  }

  /// Ready for a query.
  public var isReady: Bool { phase == .ready }

  /// What we are doing, for errors.
  public var activity: String { phase.activity }

  /// The transport is closed: what that means now. An error that the server sent before says more than the closing.
  public func closedError() -> PostgresError {
    let activity = phase.activity
    phase = .ended
    if let error = pendingError {
      pendingError = nil
      return failure(.server(error))
    }
    return failure(.closed(while: activity))
  }

  /// Says good-bye.
  public func terminate() {
    guard phase != .new, phase != .ended else { return }
    Frontend.Terminate().encodeFrame(to: &output.writer)
    phase = .ended
  }

  // MARK: Messages

  package func failure(_ reason: PostgresError.Reason) -> PostgresError {
    PostgresError(reason, peer: peer)
  }

  /// The next whole message that is not one of those that may come at any time, or nil while its bytes are missing.
  package func nextMessage() throws(PostgresError) -> BackendMessage? {
    while true {
      switch try takeMessage() {
      case .needsInput: return nil
      case .absorbed: continue
      case .message(let message): return message
      }
    }
  }

  package enum Taken {
    case needsInput
    /// One of those that may come at any time.
    case absorbed
    case message(BackendMessage)
  }

  /// Takes at most one message.
  package func takeMessage() throws(PostgresError) -> Taken {
    guard let header = try nextHeader() else { return .needsInput }
    let message: BackendMessage
    do throws(WireError) {
      message = try decode(header)
    } catch {
      throw malformed(error, tag: header.tag, at: 0)
    }
    messageOffset = input.consumedTotal
    input.consume(header.frameCount)
    return absorb(message) ? .absorbed : .message(message)
  }

  private func decode(_ header: FrameHeader) throws(WireError) -> BackendMessage {
    let input = self.input
    let bytes = input.unread
    return try BackendMessage(
      tag: header.tag, body: bytes.extracting(FrameHeader.byteCount..<header.frameCount))
  }

  /// Of somebody who has not shown yet who they are, less is awaited.
  private static let loginMessageBytesMax = 1 << 20

  /// The head of the next message, once all of the message is there.
  package func nextHeader() throws(PostgresError) -> FrameHeader? {
    let input = self.input
    let bytes = input.unread
    let bytesMax = phase == .login ? min(messageBytesMax, Self.loginMessageBytesMax) : messageBytesMax
    do throws(WireError) {
      guard
        let header = try FrameHeader.peek(bytes, at: 0, messageBytesMax: bytesMax),
        header.frameCount <= bytes.byteCount
      else {
        needMore(bytes, at: 0)
        return nil
      }
      return header
    } catch {
      throw malformed(error, tag: bytes[0], at: 0)
    }
  }

  /// Messages that "may come at any time".
  private func absorb(_ message: BackendMessage) -> Bool {
    switch message {
    case .parameterStatus(let status): parameters[status.parameter] = status.value
    case .noticeResponse(let notice): onNotice?(ServerError(notice.fields))
    case .notificationResponse: break
    case .authentication, .backendKeyData, .readyForQuery, .rowDescription, .dataRow, .commandComplete,
      .emptyQueryResponse, .errorResponse, .copyInResponse, .copyOutResponse, .copyBothResponse, .copyData,
      .copyDone, .negotiateProtocolVersion, .parseComplete, .bindComplete, .closeComplete, .noData,
      .portalSuspended, .parameterDescription, .other:
      return false
    }
    return true
  }

  /// The session cannot go on: nothing behind such bytes can be trusted.
  @usableFromInline
  func malformed(_ error: WireError, tag: UInt8, at offset: Int) -> PostgresError {
    phase = .ended
    return failure(
      .malformed(
        error, message: BackendMessage.label(of: tag), streamOffset: input.consumedTotal + offset))
  }

  package func unexpected(_ message: BackendMessage) -> PostgresError {
    let activity = phase.activity
    phase = .ended
    return failure(
      .unexpected(message: message.label, while: activity, streamOffset: messageOffset))
  }

  /// Back to ready; throws what went wrong on the way.
  package func becomeReady(_ status: TransactionStatus) throws(PostgresError) {
    phase = .ready
    transactionStatus = status
    if let error = pendingError {
      pendingError = nil
      throw failure(.server(error))
    }
  }

  /// Keeps the error until ReadyForQuery, or throws it now if no such will come.
  package func received(_ response: Backend.ErrorResponse) throws(PostgresError) {
    let error = ServerError(response.fields)
    if error.endsSession {
      phase = .ended
      pendingError = nil
      throw failure(.server(error))
    }
    // The first one is the cause, the others are its consequences.
    if pendingError == nil { pendingError = error }
  }
}
