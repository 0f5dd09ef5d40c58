// SPDX-License-Identifier: Apache-2.0
public import Wire

extension MySQLSession {
  package func beginPrepare(_ text: String) throws(MySQLError) {
    guard phase == .ready else { throw failure(.refused("a command cannot be sent while \(phase.activity)")) }
    sendCommand(Command.StatementPrepare(text: text))
    phase = .preparing(.head)
  }

  /// The statement once all of it is there; nil while bytes are missing.
  package func pollPrepare() throws(MySQLError) -> PreparedStatement? {
    let hasEOF = !capabilities.contains(.deprecateEOF)
    while case .preparing(let step) = phase {
      guard let payload = try nextPayload() else { return nil }
      switch step {
      case .head:
        if payload.first == Reply.Failure.code { throw try serverFailure(payload, ends: false) }
        let prepared = try decode(Reply.Prepared.self, payload)
        statement = PreparedStatement(
          id: prepared.statementID, parameterCount: Int(prepared.parameterCount), columns: [])
        columns = []
        let count = Int(prepared.columnCount)
        columns.reserveCapacity(min(count, 4096))
        columnsLeft = count
        phase =
          prepared.parameterCount > 0 ? .preparing(.parameters(Int(prepared.parameterCount))) : afterParameters()
      case .parameters(let left):
        _ = try decode(Reply.ResultColumn.self, payload)
        phase = left > 1 ? .preparing(.parameters(left - 1)) : hasEOF ? .preparing(.parametersEnd) : afterParameters()
      case .parametersEnd:
        _ = try decode(Reply.EndOfFile.self, payload)
        phase = afterParameters()
      case .columns(let left):
        statement.columns.append(.init(try decode(Reply.ResultColumn.self, payload)))
        phase = left > 1 ? .preparing(.columns(left - 1)) : hasEOF ? .preparing(.columnsEnd) : .ready
      case .columnsEnd:
        _ = try decode(Reply.EndOfFile.self, payload)
        phase = .ready
      }
    }
    return statement
  }

  private func afterParameters() -> Phase { columnsLeft > 0 ? .preparing(.columns(columnsLeft)) : .ready }

  /// Forgets a statement; the server does not answer.
  package func close(_ statement: PreparedStatement) {
    guard phase == .ready else { return }
    sendCommand(Command.StatementClose(statementID: statement.id))
  }

  // MARK: Rows

  package func beginRows(_ statement: PreparedStatement, _ parameters: [StatementValue]) throws(MySQLError) {
    guard phase == .ready else { throw failure(.refused("a command cannot be sent while \(phase.activity)")) }
    guard parameters.count == statement.parameterCount else {
      throw failure(.refused("a statement of \(statement.parameterCount) parameters is given \(parameters.count)"))
    }
    var writer = ByteWriter()
    Command.StatementExecute(statementID: statement.id, parameters: parameters).encode(to: &writer)
    sendPayload(writer.bytes.array, sequence: 0)
    phase = .rowsStarting(.head)
  }

  /// True once the columns are known and rows follow.
  package func pollRowsStart() throws(MySQLError) -> Bool {
    while case .rowsStarting(let step) = phase {
      guard let payload = try nextPayload() else { return false }
      if payload.first == Reply.Failure.code, step == .head { throw try serverFailure(payload, ends: false) }
      switch try takeHead(payload, step) {
      case .ok(let ok):
        statusFlags = ok.status
        phase = .ready
        throw failure(.refused("the statement gives no rows"))
      case .next(.rows):
        widths = columns.map { ValueWidth($0.type) }
        phase = .rows
      case .next(let next): phase = .rowsStarting(next)
      }
    }
    return phase == .rows
  }

  /// Hands every row that has arrived to the sink, without copying it, until the sink pauses.
  ///
  /// Bytes that the sink does not take stay in `input`. Nobody may fill or consume `input` while the sink is called.
  @inlinable
  public func drainRows<Sink: RowSink & ~Copyable>(
    into sink: inout Sink
  ) throws(DrainError<Sink.Failure>) -> RowsDrained {
    if !isReadingRows { throw .mysql(nothingComes()) }
    var fields = takeFields()
    defer { self.fields = fields }
    let widths = self.widths
    while true {
      let delivery = try deliver { (payload) throws(DrainError<Sink.Failure>) -> PacketFlow in
        guard payload.byteCount > 0, payload[0] == BinaryRow.code else { return .control }
        do throws(WireError) {
          try BinaryRow.index(payload, widths: widths, into: &fields)
        } catch {
          throw .mysql(malformed(error))
        }
        do throws(Sink.Failure) {
          return try sink.receive(fields.span, payload) == .more ? .more : .pause
        } catch {
          throw .sink(error)
        }
      }
      switch delivery {
      case .needsInput: return .needsInput
      case .paused: return .paused
      case .control:
        do throws(MySQLError) {
          guard try takeRowsEnd() else { return .needsInput }
          return .finished
        } catch {
          throw .mysql(error)
        }
      }
    }
  }

  @usableFromInline var isReadingRows: Bool { phase == .rows }

  @usableFromInline
  func takeFields() -> [RowField] {
    let taken = fields
    fields = []
    return taken
  }

  @usableFromInline
  func takeRowsEnd() throws(MySQLError) -> Bool {
    guard let payload = try nextPayload() else { return false }
    if payload.first == Reply.Failure.code { throw try serverFailure(payload, ends: false) }
    guard let end = try rowsEnd(payload) else { throw unexpected(payload) }
    statusFlags = end.status
    if end.status.contains(.moreResults) { throw refuse("a prepared statement has several results") }
    phase = .ready
    return true
  }
}
