// SPDX-License-Identifier: Apache-2.0
//
//   mysqldump ─▶ literals of a row ─▶ key and value in the open batch ─▶ full? one guarded request
internal import Etcd
internal import MySQL
internal import Wire

/// Copies the rows that the host's tool writes, of all tables that it was started for, into etcd.
///
/// First `locate`, then, with the checkpoint that this position makes, `run`. As after a native dump, keys under the
/// tables' prefixes that were not put are to be deleted at the end.
final class MySQLToolDump {
  private let tool: MySQLDumpTool
  private let tables: [TableName: MySQLTablePlan]
  private let control: Control
  private let sink: EtcdSink
  private let oversized: OversizedRows
  private var filling: DumpBatch
  private var holes: [ValueHole] = []
  private var current: MySQLTablePlan?
  private var isLocated = false
  /// Tables of which nothing has come yet.
  private var missing: Set<TableName>
  private(set) var rows = 0
  private(set) var bytes = 0

  /// Until it has its snapshot the tool may hold up others: whoever writes waits behind its FLUSH TABLES.
  private static let locatingMax = Duration.seconds(20)
  /// Of a tool whose output we wait for.
  private static let silenceMax = Duration.seconds(600)

  /// The tool is started here, or by whoever has it already.
  init(
    tool: MySQLDumpTool, tables: [MySQLTablePlan], control: Control, sink: EtcdSink, limits: BatchLimits,
    oversized: OversizedRows
  ) {
    self.tool = tool
    self.tables = Dictionary(
      tables.map { (TableName($0.definition.schema, $0.definition.name), $0) }, uniquingKeysWith: { first, _ in first })
    self.control = control
    self.sink = sink
    self.oversized = oversized
    filling = DumpBatch(limits: limits)
    missing = Set(self.tables.keys)
  }

  /// Starts the tool and waits until it says which place in the log its rows belong to. Whoever may hold what it waits
  /// for, `holders` says.
  func locate(holders: () -> String) throws(PipelineFailure) -> DumpFilePosition {
    do throws(MySQLDumpToolError) {
      try tool.start()
    } catch {
      throw .tool(error)
    }
    let deadline = Deadline.after(Self.locatingMax)
    while true {
      if control.isStopping { throw .stopRequested }
      if deadline.isPast {
        throw .sourceViolation(
          "the dump tool has told no position for \(Self.locatingMax); what it waits for may be held by \(holders())")
      }
      switch try drain() {
      case .located:
        isLocated = true
        return tool.position
      case .needsInput, .paused: control.turn(until: .after(.seconds(1)))
      case .finished: throw .sourceViolation("the dump tool says no position")
      }
    }
  }

  /// Puts all rows. `show` is told now and then how far the table of that name is.
  func run(
    _ checkpoint: Checkpoint, show: (_ table: String, _ rows: Int, _ bytes: Int) -> Void
  ) throws(PipelineFailure) {
    var shown = (table: "", rows: 0, bytes: 0)
    var isFinished = false
    var silence = Deadline.after(Self.silenceMax)
    var heard = 0
    while !isFinished || !filling.batch.isEmpty || !sink.isIdle {
      if control.isStopping { throw .stopRequested }
      var isBusy = false
      if !isFinished, !filling.isFull {
        switch try drain() {
        case .finished: isFinished = true
        case .paused, .located: isBusy = true
        case .needsInput: break
        }
        // A long row comes in many pieces.
        if bytes + tool.pendingBytes != heard { silence = .after(Self.silenceMax) }
        heard = bytes + tool.pendingBytes
        if silence.isPast { throw .sourceViolation("the dump tool has written nothing for \(Self.silenceMax)") }
      } else {
        silence = .after(Self.silenceMax)
      }
      if try sink.advance() != nil { isBusy = true }
      if filling.send(through: sink, checkpoint: checkpoint, evenIfSmall: isFinished) { isBusy = true }
      show(current?.name ?? "", rows - shown.rows, bytes - shown.bytes)
      shown = (current?.name ?? "", rows, bytes)
      control.turn(until: isBusy ? .now : min(sink.nextDeadline, .after(.seconds(1))))
    }
    // What comes next removes keys that were not put: a table that was left out is not an empty one.
    if let first = missing.map(\.description).min() {
      throw .stop(.wrongConfiguration, "The dump tool has left out \(first): set database.mysql.dump: native")
    }
  }

  /// Ends the tool if it runs.
  func close() { tool.close() }

  private func drain() throws(PipelineFailure) -> DumpFileResult {
    var sink = self
    do throws(MySQLDumpFailure<PipelineFailure>) {
      return try tool.drain(into: &sink)
    } catch {
      switch error {
      case .tool(let error): throw .tool(error)
      case .sink(let failure): throw failure
      }
    }
  }
}

extension MySQLToolDump: DumpFileSink {
  func define(schema: String, table: String, statement: RawSpan) throws(PipelineFailure) {
    missing.remove(TableName(schema, table))
  }

  /// A table that was made meanwhile is none of ours yet; one that has changed meanwhile is read anew.
  func begin(_ table: DumpFileTable) throws(PipelineFailure) -> Bool {
    guard isLocated else { throw .sourceViolation("the dump tool writes rows before it says their position") }
    current = tables[TableName(table.schema, table.name)]
    guard let plan = current else { return false }
    if table.columns != plan.definition.columns.map(\.name) {
      throw .startOver("the columns of \(plan.name) have changed before the dump")
    }
    return true
  }

  func receive(_ fields: Span<RowField>, _ base: RawSpan) throws(PipelineFailure) -> Flow {
    guard let table = current else { return .more }
    filling.batch.beginChange()
    var isEntered = false
    var refusedKey = ""
    do throws(RowError) {
      isEntered = try Self.enter(fields, base, table, filling.limits.rowBytesMax, &filling.batch, &holes)
      if !isEntered { refusedKey = try Self.key(fields, base, table) }
    } catch {
      throw table.failure(error)
    }
    if !isEntered { try oversized.met(table: table.name, key: refusedKey) }
    rows += 1
    bytes += base.byteCount
    return filling.isFull ? .pause : .more
  }

  private static func key(
    _ fields: Span<RowField>, _ base: RawSpan, _ table: MySQLTablePlan
  ) throws(RowError) -> String {
    var key = ByteWriter()
    try table.rows.appendKey(fields, base, form: .literal, into: &key)
    return String(decoding: key.bytes)
  }

  private static func enter(
    _ fields: Span<RowField>, _ base: RawSpan, _ table: MySQLTablePlan, _ rowBytesMax: Int,
    _ batch: inout TransactionBatch, _ holes: inout [ValueHole]
  ) throws(RowError) -> Bool {
    try batch.put(
      bytesMax: rowBytesMax,
      key: { (out) throws(RowError) in try table.rows.appendKey(fields, base, form: .literal, into: &out) },
      value: { (out) throws(RowError) in
        try table.appendValue(fields, base, form: .literal, into: &out, holes: &holes)
      })
  }
}

extension PipelineFailure {
  /// That the tool is not there, or is not the server's, is for the operator to mend; all else may pass.
  static func tool(_ error: MySQLDumpToolError) -> PipelineFailure {
    switch error {
    case .notFound, .otherMaker: .stop(.wrongConfiguration, "\(error)")
    case .system, .password, .failed, .malformed:
      .source(SourceError(description: "\(error)", isRefusal: error.isRefusal))
    }
  }
}

extension MySQLDumpToolError {
  /// The tool's words, with the server's number: a wrong password, a privilege that is missing.
  var isRefusal: Bool {
    guard case .failed(_, _, let errors) = self else { return false }
    return MySQLError.refusalCodes.contains { errors.contains("(\($0))") || errors.contains("error: \($0):") }
  }
}
