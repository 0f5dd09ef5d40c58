// SPDX-License-Identifier: Apache-2.0
internal import Wire

extension MySQLSession {
  /// LOCAL INFILE: the server asks for a file of ours.
  private static let localInfile: UInt8 = 0xFB

  private func begin(_ message: some Message, _ next: Phase) throws(MySQLError) {
    guard phase == .ready else { throw failure(.refused("a command cannot be sent while \(phase.activity)")) }
    sendCommand(message)
    phase = next
  }

  // MARK: Commands that are answered by OK

  package func beginPing() throws(MySQLError) { try begin(Command.Ping(), .command) }

  package func beginUse(_ schema: String) throws(MySQLError) { try begin(Command.InitDB(schema: schema), .command) }

  package func beginRegister(_ replica: Command.RegisterReplica) throws(MySQLError) { try begin(replica, .command) }

  /// True once the server has answered.
  package func pollCommand() throws(MySQLError) -> Bool {
    guard let payload = try nextPayload() else { return false }
    switch payload.first {
    case Reply.OK.code: statusFlags = try decode(Reply.OK.self, payload).status
    case Reply.Failure.code: throw try serverFailure(payload, ends: false)
    default: throw unexpected(payload)
    }
    phase = .ready
    return true
  }

  // MARK: Queries

  package func beginQuery(_ text: String) throws(MySQLError) {
    try begin(Command.Query(text: text), .query(.head))
  }

  /// Goes on with the query: true once `result` is complete, false while bytes are missing. After the server's error
  /// the session can be used at once.
  package func pollQuery(into result: inout TextResult, resultBytesMax: Int) throws(MySQLError) -> Bool {
    while case .query(let step) = phase {
      guard let payload = try nextPayload() else { return false }
      if payload.first == Reply.Failure.code, step == .head || step == .rows {
        throw try serverFailure(payload, ends: false)
      }
      if step == .rows {
        try takeTextRow(payload, &result, resultBytesMax)
        continue
      }
      switch try takeHead(payload, step) {
      case .ok(let ok): note(ok.status, ok.warnings, &result, ok)
      case .next(let next):
        phase = .query(next)
        if next == .rows { result.begin(columns: columns.map(\.column)) }
      }
    }
    if result.isOverflown {
      throw failure(.refused("the result of a query is larger than \(resultBytesMax) bytes"))
    }
    return true
  }

  private func takeTextRow(
    _ payload: [UInt8], _ result: inout TextResult, _ bytesMax: Int
  ) throws(MySQLError) {
    guard let end = try rowsEnd(payload) else {
      let row = try decode(Reply.TextRow.self, payload)
      guard row.values.count == columns.count else {
        throw malformed(WireError(.badLength(row.values.count), offset: 0, context: "TextRow"))
      }
      return result.append(row.values, bytesMax: bytesMax)
    }
    note(end.status, end.warnings, &result, nil)
  }

  /// The end of one result: another may follow.
  private func note(_ status: StatusFlags, _ warnings: UInt16, _ result: inout TextResult, _ ok: Reply.OK?) {
    statusFlags = status
    result.warnings = Int(warnings)
    if let ok {
      result.affectedRows = ok.affectedRows
      result.lastInsertID = ok.lastInsertID
    }
    phase = status.contains(.moreResults) ? .query(.head) : .ready
  }

  // MARK: The head of a result

  enum Head {
    case ok(Reply.OK)
    case next(ResultStep)
  }

  /// Takes what comes before the rows.
  func takeHead(_ payload: [UInt8], _ step: ResultStep) throws(MySQLError) -> Head {
    let hasEOF = !capabilities.contains(.deprecateEOF)
    switch step {
    case .head:
      if payload.first == Reply.OK.code { return .ok(try decode(Reply.OK.self, payload)) }
      if payload.first == Self.localInfile { throw refuse("the server asks for a local file (LOCAL INFILE)") }
      let head = try decode(Reply.ColumnCount.self, payload)
      if head.metadataFollows == false { throw refuse("the server leaves out the definitions of columns") }
      columns = []
      return .next(.columns(head.count))
    case .columns(let left):
      columns.append(try decode(Reply.ResultColumn.self, payload))
      return .next(left > 1 ? .columns(left - 1) : hasEOF ? .columnsEnd : .rows)
    case .columnsEnd:
      _ = try decode(Reply.EndOfFile.self, payload)
      return .next(.rows)
    case .rows: throw unexpected(payload)
    }
  }

  /// What ends rows, or nil if it is a row.
  func rowsEnd(_ payload: [UInt8]) throws(MySQLError) -> (status: StatusFlags, warnings: UInt16)? {
    guard payload.first == Reply.EndOfFile.code else { return nil }
    if capabilities.contains(.deprecateEOF) {
      // A row may begin with the same byte, if its first value is at least as long as a whole packet.
      guard payload.count < PacketHeader.pieceBytesMax else { return nil }
      let end = try decode(Reply.OK.self, payload)
      return (end.status, end.warnings)
    }
    guard payload.count <= Reply.EndOfFile.byteCountMax else { return nil }
    let end = try decode(Reply.EndOfFile.self, payload)
    return (end.status, end.warnings)
  }
}
