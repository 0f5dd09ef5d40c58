// SPDX-License-Identifier: Apache-2.0
import Postgres
import Support
import Wire

/// Both sides of a recorded connection, decoded as the bytes come, with our own codecs.
///
/// Keeps what tells the messages apart that share a tag: which authentication was asked for, whether CopyData carries
/// replication, and whether we are inside a streamed block.
struct PostgresConversation {
  struct Line: Equatable {
    var direction: CapturedConnection.Direction
    var message: PostgresText
    /// The recorded bytes of the whole message.
    var bytes: [UInt8]
    /// What our encoder makes of the decoded message.
    var encoded: [UInt8]
    var decoded: Decoded
    /// Bytes of the plugin's message, where it is one of a logical replication stream.
    var logical: [UInt8]?

    var text: String { (direction == .fromClient ? "C " : "S ") + message.text }
  }

  enum Decoded: Equatable {
    case initial(InitialMessage)
    case tlsAnswer
    case frontend(FrontendMessage)
    case backend(BackendMessage)
    case standbyStatus(StandbyStatusUpdate)
    /// What else CopyData carries while replicating.
    case replication
  }

  private(set) var lines: [Line] = []
  private var client = ReceiveBuffer()
  private var server = ReceiveBuffer()
  private var isStartedUp = false
  private var awaitsTLSAnswer = false
  private var request = Backend.Authentication.Request.ok
  private var replicationCommand: String?
  private var isReplicating = false
  private var isInStream = false

  /// Takes the next bytes of one side and decodes every message that is now complete.
  mutating func receive(_ bytes: ArraySlice<UInt8>, _ direction: CapturedConnection.Direction) throws(WireError) {
    let buffer = direction == .fromClient ? client : server
    buffer.append(bytes.span.bytes)
    while try next(direction, buffer) {}
  }

  var leftOver: Int { client.count + server.count }

  private mutating func next(
    _ direction: CapturedConnection.Direction, _ buffer: ReceiveBuffer
  ) throws(WireError) -> Bool {
    let bytes = buffer.unread
    if direction == .fromClient, !isStartedUp { return try nextInitial(buffer) }
    if direction == .fromServer, awaitsTLSAnswer {
      guard bytes.byteCount > 0 else { return false }
      awaitsTLSAnswer = false
      let answer = bytes[0]
      lines.append(
        Line(
          direction: direction, message: PostgresText("SSLAnswer \(Character(UnicodeScalar(answer)))"),
          bytes: [answer], encoded: [answer], decoded: .tlsAnswer))
      buffer.consume(1)
      return true
    }
    guard let header = try FrameHeader.peek(bytes, at: 0, messageBytesMax: FrameHeader.messageBytesMaxDefault),
      header.frameCount <= bytes.byteCount
    else { return false }
    let frame = bytes.extracting(0..<header.frameCount).array
    buffer.consume(header.frameCount)
    try take(frame, tag: header.tag, direction)
    return true
  }

  private mutating func nextInitial(_ buffer: ReceiveBuffer) throws(WireError) -> Bool {
    let bytes = buffer.unread
    guard let length = try InitialMessage.peekLength(bytes), length <= bytes.byteCount else { return false }
    let message = try InitialMessage(frame: bytes.extracting(0..<length))
    switch message {
    case .startup, .cancel: isStartedUp = true
    case .ssl, .gssEncryption: awaitsTLSAnswer = true
    }
    var writer = ByteWriter()
    message.encodeFrame(to: &writer)
    let frame = bytes.extracting(0..<length).array
    buffer.consume(length)
    lines.append(
      Line(
        direction: .fromClient, message: PostgresText(message), bytes: frame, encoded: writer.bytes.array,
        decoded: .initial(message)))
    return true
  }

  private mutating func take(
    _ frame: [UInt8], tag: UInt8, _ direction: CapturedConnection.Direction
  ) throws(WireError) {
    let body = frame.span.bytes.extracting(FrameHeader.byteCount..<frame.count)
    if tag == Copy.CopyData.tag, isReplicating { return try takeReplication(frame, body, direction) }
    var writer = ByteWriter()
    let text: PostgresText
    let decoded: Decoded
    switch direction {
    case .fromClient:
      let message = try FrontendMessage(tag: tag, body: body, after: request)
      if case .query(let query) = message, query.text.hasPrefix("START_REPLICATION") {
        replicationCommand = query.text
      }
      message.encodeFrame(to: &writer)
      text = PostgresText(message)
      decoded = .frontend(message)
    case .fromServer:
      let message = try BackendMessage(tag: tag, body: body)
      follow(message)
      message.encodeFrame(to: &writer)
      text = PostgresText(message)
      decoded = .backend(message)
    }
    lines.append(
      Line(direction: direction, message: text, bytes: frame, encoded: writer.bytes.array, decoded: decoded))
  }

  private mutating func follow(_ message: BackendMessage) {
    switch message {
    case .authentication(let authentication): request = authentication.request
    case .copyBothResponse: isReplicating = true
    case .readyForQuery: isReplicating = false
    default: break
    }
  }

  private mutating func takeReplication(
    _ frame: [UInt8], _ body: RawSpan, _ direction: CapturedConnection.Direction
  ) throws(WireError) {
    var writer = ByteWriter()
    writer.append(Copy.CopyData.tag)
    let message = try ReplicationMessage(body)
    var logical: [UInt8]?
    var text = PostgresText("")
    var decoded = Decoded.replication
    var failure: WireError?
    let isPlugin = replicationCommand?.contains("proto_version") == true
    writer.lengthPrefixed(Int32.self, includingItself: true) { writer in
      switch message {
      case .xLogData(let data):
        guard isPlugin else {
          data.encode(to: &writer)
          text = PostgresText(data)
          return
        }
        do throws(WireError) {
          let plugin = try LogicalMessage(data.payload, inStream: isInStream)
          text = try PostgresText(data, plugin)
          // Head from our encoder, then the plugin's message from our encoder.
          let empty = ByteWriter(capacity: 64)
          XLogData(walStart: data.walStart, walEnd: data.walEnd, serverTime: data.serverTime, payload: empty.bytes)
            .encode(to: &writer)
          plugin.encode(to: &writer)
          switch plugin {
          case .streamStart: isInStream = true
          case .streamStop: isInStream = false
          default: break
          }
        } catch {
          failure = error
        }
        logical = data.payload.array
      case .keepalive(let keepalive):
        keepalive.encode(to: &writer)
        text = PostgresText(keepalive)
      case .standbyStatus(let status):
        status.encode(to: &writer)
        text = PostgresText(status)
        decoded = .standbyStatus(status)
      case .hotStandbyFeedback(let feedback):
        feedback.encode(to: &writer)
        text = PostgresText("HotStandbyFeedback xmin \(feedback.xmin)")
      case .other(let tag): failure = WireError(.badValue("unknown replication message"), offset: Int(tag))
      }
    }
    if let failure { throw failure }
    lines.append(
      Line(
        direction: direction, message: text, bytes: frame, encoded: writer.bytes.array, decoded: decoded,
        logical: logical))
  }
}
