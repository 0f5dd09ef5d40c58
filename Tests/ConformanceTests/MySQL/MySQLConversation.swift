// SPDX-License-Identifier: Apache-2.0
import MySQL
import Support
import Wire

/// Both sides of a recorded connection, decoded as the bytes come, with our own codecs.
///
/// Keeps what tells the messages apart: what both sides agreed on, and which command the server answers.
struct MySQLConversation {
  struct Line {
    var direction: CapturedConnection.Direction
    var sequence: UInt8
    var payload: [UInt8]
    /// The recorded packets.
    var bytes: [UInt8]
    /// What our encoder makes of the decoded message.
    var encoded: [UInt8]
    var decoded: Decoded

    var name: String { MySQLText.name(decoded) }
    var text: String { (direction == .fromClient ? "C " : "S ") + MySQLText.text(decoded) }
  }

  enum Decoded {
    case message(any Message)
    case execute(Command.StatementExecute)
    /// A row of a prepared statement: its values, as they lie in the packet.
    case binaryRow([[UInt8]?])
    /// An event of the binary log, without the byte before it.
    case event([UInt8])
    /// A command that we have no type for, and what answers it.
    case other
  }

  /// What the next packet of the server, or of the client in a login, is.
  private enum Awaited: Equatable {
    case handshake, response, login, command
    case reply
    case result(ResultStep, isBinary: Bool)
    case prepared(PrepareStep)
    case events
    case unknown
  }

  private(set) var lines: [Line] = []
  /// What both sides agreed on.
  private(set) var capabilities: Capabilities = []
  private var client = MySQLPackets()
  private var server = MySQLPackets()
  private var awaited = Awaited.handshake
  private var widths: [ValueWidth] = []
  private var prepared = Reply.Prepared(statementID: 0, columnCount: 0, parameterCount: 0)
  /// How many parameters each statement has.
  private var parameterCounts: [UInt32: Int] = [:]

  /// The events of a binary log, in order.
  var events: [[UInt8]] {
    lines.compactMap { if case .event(let event) = $0.decoded { event } else { nil } }
  }

  var leftOver: Int { client.leftOver + server.leftOver }

  /// Takes the next bytes of one side and decodes every message that is now complete.
  mutating func receive(_ bytes: ArraySlice<UInt8>, _ direction: CapturedConnection.Direction) throws(WireError) {
    if direction == .fromClient { client.append(bytes) } else { server.append(bytes) }
    while let payload = direction == .fromClient ? try client.next() : try server.next() {
      let decoded = try direction == .fromClient ? fromClient(payload.payload) : fromServer(payload.payload)
      var writer = ByteWriter()
      var sequence = payload.sequence
      writer.append(packets: encode(decoded, payload.payload).span.bytes, sequence: &sequence)
      lines.append(
        Line(
          direction: direction, sequence: payload.sequence, payload: payload.payload, bytes: payload.bytes,
          encoded: writer.bytes.array, decoded: decoded))
    }
  }

  private func encode(_ decoded: Decoded, _ payload: [UInt8]) -> [UInt8] {
    var writer = ByteWriter()
    switch decoded {
    case .message(let message): return message.payload(capabilities)
    case .execute(let execute): execute.encode(to: &writer)
    case .binaryRow(let values): BinaryRow.encode(values, widths: widths, to: &writer)
    case .event(let event):
      writer.append(0 as UInt8)
      writer.append(event)
    case .other: return payload
    }
    return writer.bytes.array
  }

  private func decode<M: Message>(_: M.Type, _ payload: [UInt8]) throws(WireError) -> Decoded {
    .message(try M(payload: payload.span.bytes, capabilities))
  }

  // MARK: The client

  private mutating func fromClient(_ payload: [UInt8]) throws(WireError) -> Decoded {
    if awaited == .response {
      if payload.count == 32 { return try decode(Login.SSLRequest.self, payload) }
      let response = try Login.HandshakeResponse(payload: payload.span.bytes, capabilities)
      capabilities = response.head.capabilities
      awaited = .login
      return .message(response)
    }
    if awaited == .login { return try decode(Login.AuthResponse.self, payload) }
    return try command(payload)
  }

  private mutating func command(_ payload: [UInt8]) throws(WireError) -> Decoded {
    awaited = .reply
    switch payload.first {
    case Command.Quit.code: return try decode(Command.Quit.self, payload)
    case Command.Ping.code: return try decode(Command.Ping.self, payload)
    case Command.InitDB.code: return try decode(Command.InitDB.self, payload)
    case Command.RegisterReplica.code: return try decode(Command.RegisterReplica.self, payload)
    case Command.StatementReset.code: return try decode(Command.StatementReset.self, payload)
    case Command.Query.code:
      awaited = .result(.head, isBinary: false)
      return try decode(Command.Query.self, payload)
    case Command.StatementPrepare.code:
      awaited = .prepared(.head)
      return try decode(Command.StatementPrepare.self, payload)
    case Command.StatementClose.code:
      awaited = .command
      return try decode(Command.StatementClose.self, payload)
    case Command.StatementExecute.code:
      awaited = .result(.head, isBinary: true)
      var reader = ByteReader(payload.span.bytes)
      try reader.skip(1)
      let count = parameterCounts[try reader.littleEndian()] ?? 0
      return .execute(try Command.StatementExecute(payload: payload.span.bytes, parameterCount: count))
    case Command.BinlogDump.code:
      awaited = .events
      return try decode(Command.BinlogDump.self, payload)
    case Command.BinlogDumpGTID.code:
      awaited = .events
      return try decode(Command.BinlogDumpGTID.self, payload)
    default:
      awaited = .unknown
      return .other
    }
  }

  // MARK: The server

  private mutating func fromServer(_ payload: [UInt8]) throws(WireError) -> Decoded {
    if payload.first == Reply.Failure.code {
      awaited = .command
      return try decode(Reply.Failure.self, payload)
    }
    switch awaited {
    case .handshake:
      awaited = .response
      return try decode(Login.Handshake.self, payload)
    case .response, .login: return try login(payload)
    case .reply, .command:
      awaited = .command
      return try decode(Reply.OK.self, payload)
    case .result(let step, let isBinary): return try result(payload, step, isBinary: isBinary)
    case .prepared(let step): return try prepare(payload, step)
    case .events:
      if payload.first == 0 { return .event(Array(payload.dropFirst())) }
      awaited = .command
      return try decode(Reply.EndOfFile.self, payload)
    case .unknown: return .other
    }
  }

  private mutating func login(_ payload: [UInt8]) throws(WireError) -> Decoded {
    switch payload.first {
    case Reply.OK.code:
      awaited = .command
      let algorithm: CompressionAlgorithm =
        capabilities.contains(.compress) ? .zlib : capabilities.contains(.zstdCompression) ? .zstd : .none
      client.startCompression(algorithm)
      server.startCompression(algorithm)
      return try decode(Reply.OK.self, payload)
    case Login.AuthSwitchRequest.code: return try decode(Login.AuthSwitchRequest.self, payload)
    case Login.AuthMoreData.code: return try decode(Login.AuthMoreData.self, payload)
    // A MariaDB plugin's data without a code before them.
    default: return try decode(Login.AuthResponse.self, payload)
    }
  }

  private mutating func result(_ payload: [UInt8], _ step: ResultStep, isBinary: Bool) throws(WireError) -> Decoded {
    let hasEOF = !capabilities.contains(.deprecateEOF)
    switch step {
    case .head:
      if payload.first == Reply.OK.code {
        return try end(Reply.OK(payload: payload.span.bytes, capabilities), isBinary)
      }
      let head = try Reply.ColumnCount(payload: payload.span.bytes, capabilities)
      widths = []
      awaited = .result(.columns(head.count), isBinary: isBinary)
      return .message(head)
    case .columns(let left):
      let column = try Reply.ResultColumn(payload: payload.span.bytes, capabilities)
      widths.append(ValueWidth(column.type))
      awaited = .result(left > 1 ? .columns(left - 1) : hasEOF ? .columnsEnd : .rows, isBinary: isBinary)
      return .message(column)
    case .columnsEnd:
      awaited = .result(.rows, isBinary: isBinary)
      return try decode(Reply.EndOfFile.self, payload)
    case .rows:
      guard payload.first == Reply.EndOfFile.code, payload.count < PacketHeader.pieceBytesMax else {
        return isBinary ? try binaryRow(payload) : try decode(Reply.TextRow.self, payload)
      }
      if !hasEOF { return try end(Reply.OK(payload: payload.span.bytes, capabilities), isBinary) }
      let eof = try Reply.EndOfFile(payload: payload.span.bytes, capabilities)
      _ = try end(Reply.OK(status: eof.status), isBinary)
      return .message(eof)
    }
  }

  private mutating func end(_ ok: Reply.OK, _ isBinary: Bool) throws(WireError) -> Decoded {
    awaited = ok.status.contains(.moreResults) ? .result(.head, isBinary: isBinary) : .command
    return .message(ok)
  }

  private func binaryRow(_ payload: [UInt8]) throws(WireError) -> Decoded {
    var fields: [RowField] = []
    try BinaryRow.index(payload.span.bytes, widths: widths, into: &fields)
    return .binaryRow(
      fields.map { field in
        field.kind == .null ? nil : Array(payload[Int(field.offset)..<Int(field.offset + field.length)])
      })
  }

  private mutating func prepare(_ payload: [UInt8], _ step: PrepareStep) throws(WireError) -> Decoded {
    let hasEOF = !capabilities.contains(.deprecateEOF)
    let columns: Awaited =
      prepared.columnCount > 0 ? .prepared(.columns(Int(prepared.columnCount))) : .command
    switch step {
    case .head:
      let answer = try Reply.Prepared(payload: payload.span.bytes, capabilities)
      prepared = answer
      parameterCounts[answer.statementID] = Int(answer.parameterCount)
      awaited =
        answer.parameterCount > 0
        ? .prepared(.parameters(Int(answer.parameterCount)))
        : answer.columnCount > 0 ? .prepared(.columns(Int(answer.columnCount))) : .command
      return .message(answer)
    case .parameters(let left):
      awaited = left > 1 ? .prepared(.parameters(left - 1)) : hasEOF ? .prepared(.parametersEnd) : columns
    case .parametersEnd:
      awaited = columns
      return try decode(Reply.EndOfFile.self, payload)
    case .columns(let left):
      awaited = left > 1 ? .prepared(.columns(left - 1)) : hasEOF ? .prepared(.columnsEnd) : .command
    case .columnsEnd:
      awaited = .command
      return try decode(Reply.EndOfFile.self, payload)
    }
    return try decode(Reply.ResultColumn.self, payload)
  }
}
