// SPDX-License-Identifier: Apache-2.0
//
//   SELECT of a part ─▶ rows ─▶ key and value in the open batch ─▶ full? one guarded request
internal import Etcd
internal import Logging
internal import MySQL
internal import Wire

/// Copies the rows of one table, as a snapshot shows them, into etcd: parts of it over several connections that show
/// the same snapshot.
///
/// Rows that etcd holds already are put again, never in an older state; keys under the table's prefix that the dump did
/// not put are deleted at its end.
final class MySQLTableDump {
  /// One connection and the part that it reads at present.
  private final class Reader {
    let connection: MySQLConnection
    var statement: PreparedStatement?

    init(connection: MySQLConnection) { self.connection = connection }
  }

  private let table: MySQLTablePlan
  private let control: Control
  private let sink: EtcdSink
  private let oversized: OversizedRows
  private let characters: CharacterAnswers
  private let checkpoint: Checkpoint
  private var filling: DumpBatch
  private var holes: [ValueHole] = []
  /// Set while a drain is stopped for it.
  private var request: CharacterRequest?
  private(set) var rows = 0
  private(set) var bytes = 0

  init(
    table: MySQLTablePlan, control: Control, sink: EtcdSink, limits: BatchLimits, oversized: OversizedRows,
    characters: CharacterAnswers, checkpoint: Checkpoint
  ) {
    self.table = table
    self.control = control
    self.sink = sink
    self.oversized = oversized
    self.characters = characters
    self.checkpoint = checkpoint
    filling = DumpBatch(limits: limits)
  }

  /// Runs all statements to their end. `show` is told now and then how far it is.
  func run(
    _ statements: [String], on connections: [MySQLConnection], show: (_ rows: Int, _ bytes: Int) -> Void
  ) throws(PipelineFailure) {
    let readers = connections.prefix(max(statements.count, 1)).map(Reader.init)
    var waiting = statements[...]
    var shown = (rows: 0, bytes: 0)
    var isFinished = false
    while !isFinished || !filling.batch.isEmpty || !sink.isIdle {
      if control.isStopping { throw .stopRequested }
      var isBusy = false
      if !isFinished, !filling.isFull {
        for reader in readers where !filling.isFull {
          if reader.statement == nil, let next = waiting.popFirst() { try begin(next, on: reader) }
          if reader.statement != nil, try drain(reader) { isBusy = true }
        }
        isFinished = waiting.isEmpty && readers.allSatisfy { $0.statement == nil }
      }
      if try sink.advance() != nil { isBusy = true }
      if filling.send(through: sink, checkpoint: checkpoint, evenIfSmall: isFinished) { isBusy = true }
      show(rows - shown.rows, bytes - shown.bytes)
      shown = (rows, bytes)
      control.turn(until: isBusy ? .now : min(sink.nextDeadline, .after(.seconds(1))))
    }
  }

  private func begin(_ text: String, on reader: Reader) throws(PipelineFailure) {
    do throws(MySQLError) {
      let statement = try reader.connection.prepare(text, deadline: .after(.seconds(60)))
      // The server may sort or wait before its first row.
      try reader.connection.beginRows(statement, [], deadline: .after(.seconds(3600)))
      reader.statement = statement
    } catch {
      guard error.isLockTimeout else { throw .source(error) }
      let holders = characters.connection.textOfLockHolders(
        of: [table.definition.tableName], besides: [reader.connection.connectionID])
      throw .startOver("\(table.name) is locked by somebody else (\(holders))")
    }
  }

  /// True if it should be called again at once.
  private func drain(_ reader: Reader) throws(PipelineFailure) -> Bool {
    var sink = self
    do throws(DrainError<PipelineFailure>) {
      switch try reader.connection.drainRows(into: &sink) {
      case .needsInput: return false
      case .paused: break
      case .finished:
        if let statement = reader.statement { reader.connection.close(statement) }
        reader.statement = nil
        return true
      }
    } catch {
      switch error {
      case .mysql(let error): throw .source(error)
      case .sink(let failure):
        // A character that the server must be asked for: the row stays where it is.
        guard case .startOver = failure, let request else { throw failure }
        self.request = nil
        try characters.learn(request)
      }
    }
    return true
  }
}

extension MySQLTableDump: RowSink {
  func receive(_ fields: Span<RowField>, _ base: RawSpan) throws(PipelineFailure) -> Flow {
    filling.batch.beginChange()
    var isEntered = false
    do throws(RowError) {
      isEntered = try Self.enter(
        fields, base, table, rowBytesMax: filling.limits.rowBytesMax, &filling.batch, &holes)
    } catch {
      guard case .characters(let request) = error.reason else { throw table.failure(error) }
      self.request = request
      throw .startOver("a character is not known")
    }
    if !isEntered { try refuse(fields, base) }
    rows += 1
    bytes += base.byteCount
    return filling.isFull ? .pause : .more
  }

  private func refuse(_ fields: Span<RowField>, _ base: RawSpan) throws(PipelineFailure) {
    var key = ByteWriter()
    do throws(RowError) {
      try table.appendKey(fields, base, form: .result, into: &key)
    } catch {
      throw table.failure(error)
    }
    try oversized.met(table: table.name, key: String(decoding: key.bytes))
  }

  private static func enter(
    _ fields: Span<RowField>, _ base: RawSpan, _ table: MySQLTablePlan, rowBytesMax: Int,
    _ batch: inout TransactionBatch, _ holes: inout [ValueHole]
  ) throws(RowError) -> Bool {
    try batch.put(
      bytesMax: rowBytesMax,
      key: { (out) throws(RowError) in try table.appendKey(fields, base, form: .result, into: &out) },
      value: { (out) throws(RowError) in
        try table.appendValue(fields, base, form: .result, into: &out, holes: &holes)
      })
  }
}
