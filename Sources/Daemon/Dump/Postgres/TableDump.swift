// SPDX-License-Identifier: Apache-2.0
//
//   COPY line ─▶ fields ─▶ key and value in the open batch ─▶ full? one guarded request
internal import Etcd
internal import Logging
internal import Postgres
internal import Wire

/// Copies the rows of one table, as a snapshot shows them, into etcd.
///
/// Rows that etcd holds already are put again, never in an older state; keys under the table's prefix that the dump did
/// not put are deleted at its end.
final class TableDump: CopySink {
  private let table: TablePlan
  private let control: Control
  private let sink: EtcdSink
  private let limits: BatchLimits
  private let oversized: OversizedRows
  private let checkpoint: Checkpoint
  private let log: Logger
  private var filling: DumpBatch
  private var line = CopyTextLine()
  private var holes: [ValueHole] = []
  private(set) var rows = 0
  private(set) var bytes = 0

  init(
    table: TablePlan, control: Control, sink: EtcdSink, limits: BatchLimits, oversized: OversizedRows,
    checkpoint: Checkpoint, log: Logger
  ) {
    self.table = table
    self.control = control
    self.sink = sink
    self.limits = limits
    self.oversized = oversized
    self.checkpoint = checkpoint
    self.log = log
    filling = DumpBatch(limits: limits)
  }

  /// Runs the COPY to its end. `show` is told now and then how far it is.
  func run(
    _ statement: String, on connection: PostgresConnection, show: (_ rows: Int, _ bytes: Int) -> Void
  ) throws(PipelineFailure) {
    do throws(PostgresError) {
      try connection.beginCopyOut(statement, deadline: .after(.seconds(3600)))
    } catch {
      throw .source(error)
    }
    var isFinished = false
    var shown = (rows: 0, bytes: 0)
    while !isFinished || !filling.batch.isEmpty || !sink.isIdle {
      if control.isStopping { throw .stopRequested }
      var isBusy = false
      if !isFinished, !filling.isFull {
        let result = try drain(connection)
        if case .finished = result { isFinished = true }
        isBusy = result != .needsInput
      }
      if try sink.advance() != nil { isBusy = true }
      if filling.send(through: sink, checkpoint: checkpoint, evenIfSmall: isFinished) { isBusy = true }
      show(rows - shown.rows, bytes - shown.bytes)
      shown = (rows, bytes)
      control.turn(until: isBusy ? .now : min(sink.nextDeadline, .after(.seconds(1))))
    }
  }

  private func drain(_ connection: PostgresConnection) throws(PipelineFailure) -> DrainResult {
    var sink = self
    do throws(DrainError<PipelineFailure>) {
      return try connection.drainCopy(into: &sink)
    } catch {
      switch error {
      case .postgres(let error): throw .source(error)
      case .sink(let failure): throw failure
      }
    }
  }

  // MARK: CopySink

  func receive(_ data: RawSpan) throws(PipelineFailure) -> Flow {
    filling.batch.beginChange()
    do throws(WireError) {
      try line.split(data)
    } catch {
      throw .sourceViolation("COPY of \(table.name): \(error)")
    }
    var isEntered = false
    var refusedKey = ""
    do throws(RowError) {
      isEntered = try Self.enter(line, data, table, rowBytesMax: limits.rowBytesMax, &filling.batch, &holes)
      if !isEntered { refusedKey = try Self.key(of: line, data, table) }
    } catch {
      throw table.failure(error)
    }
    if !isEntered { try oversized.met(table: table.name, key: refusedKey) }
    rows += 1
    bytes += data.byteCount
    return filling.isFull ? .pause : .more
  }

  private static func enter(
    _ line: borrowing CopyTextLine, _ data: RawSpan, _ table: TablePlan, rowBytesMax: Int,
    _ batch: inout TransactionBatch, _ holes: inout [ValueHole]
  ) throws(RowError) -> Bool {
    let base = line.base(of: data)
    let fields = line.fields
    return try batch.put(
      bytesMax: rowBytesMax,
      key: { (out) throws(RowError) in try table.rows.appendKey(fields, base, into: &out) },
      value: { (out) throws(RowError) in try table.appendValue(fields, base, into: &out, holes: &holes) })
  }

  private static func key(
    of line: borrowing CopyTextLine, _ data: RawSpan, _ table: TablePlan
  ) throws(RowError) -> String {
    var key = ByteWriter()
    let fields = line.fields
    try table.rows.appendKey(fields, line.base(of: data), into: &key)
    return String(decoding: key.bytes)
  }
}
