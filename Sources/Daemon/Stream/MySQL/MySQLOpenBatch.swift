// SPDX-License-Identifier: Apache-2.0
internal import Etcd
internal import MySQL
internal import Wire

/// The batch that fills, with the room that a row needs on its way into it.
///
/// One value, so that the applier begins one access to a property of its own for a row and not ten: each costs as much
/// as a column.
struct MySQLOpenBatch: ~Copyable {
  enum Outcome {
    case entered
    /// Entered, and the batch no longer fits in a request.
    case full
    /// The last row, which begins at this offset, is larger than a request may be, and left out.
    case refused(offset: Int)
    /// Nothing was entered: where the log stands must be noted first, behind a put with holes.
    case awaitsPlace
  }

  var batch = TransactionBatch()
  var before: [RowField] = []
  var after: [RowField] = []
  private var holes: [ValueHole] = []
  private var oldKey = ByteWriter()

  /// Memory that retired entries hold is given back now and then.
  @inline(__always)
  mutating func beginChange() {
    batch.beginChange()
    if batch.isWorthCompacting { batch.compact() }
  }

  /// The images of the row at `offset`, which is moved behind it. Of a deleted row there is none after, of an inserted
  /// one none before: `before` keeps what it was.
  @inline(__always)
  mutating func index(
    _ event: borrowing RowsEvent, _ layout: RowLayout, _ table: MySQLTablePlan, at offset: inout Int
  ) throws(PipelineFailure) {
    let start = offset
    do throws(WireError) {
      if event.kind != .insert {
        try layout.index(event.rows, at: &offset, present: event.present, into: &before)
      }
      if event.kind != .delete {
        try layout.index(
          event.rows, at: &offset, present: event.presentAfter, isPartial: event.kind == .partialUpdate, into: &after)
      }
    } catch {
      throw .sourceViolation("rows of \(table.name): \(error)")
    }
    guard offset > start else { throw .sourceViolation("a row of \(table.name) without bytes") }
  }

  /// The row that comes has no image before it, and none of an earlier event must be taken for it.
  mutating func forgetBefore() {
    for column in before.indices { before[column] = RowField(kind: .absent) }
  }

  func hasRoom(_ limits: BatchLimits) -> Bool {
    batch.liveOperations <= limits.operationsMax && batch.liveBytes <= limits.bytesMax
  }

  /// Enters the rows of `event` from `offset` on, each a change of its own, until one of them ends the run. The images
  /// after are whole; an update has those before as well. Where this throws, `offset` and `row`, which counts them, are
  /// those of the row of which nothing was entered.
  mutating func put(
    rowsOf event: borrowing RowsEvent, _ layout: RowLayout, _ table: MySQLTablePlan, _ limits: BatchLimits,
    at offset: inout Int, row: inout Int
  ) throws(RowFailure) -> Outcome {
    if batch.awaitsPlaceBehindUnfilled { return .awaitsPlace }
    let rows = event.rows
    let hasBefore = event.kind == .update
    while offset < rows.byteCount {
      var end = offset
      do throws(PipelineFailure) { try index(event, layout, table, at: &end) } catch { throw .pipeline(error) }
      beginChange()
      let isEntered: Bool
      do throws(RowError) {
        isEntered = try Self.put(after, rows, table, limits.rowBytesMax, &batch, &holes)
        if isEntered, hasBefore, hasOtherKey(rows, table) { try deleteOldKey(rows, table) }
      } catch {
        throw .row(error)
      }
      let start = offset
      offset = end
      row &+= 1
      if !isEntered { return .refused(offset: start) }
      if !hasRoom(limits) { return .full }
    }
    return .entered
  }

  /// Whether the two images differ in a key column's bytes. Columns that one of them leaves out have not changed.
  func hasOtherKey(_ base: RawSpan, _ table: MySQLTablePlan) -> Bool {
    for column in table.key where column < before.count {
      let old = before[column]
      let new = after[column]
      guard old.kind == .value, new.kind == .value else { continue }
      let isSame = base.extracting(old.range).isEqual(to: base.extracting(new.range))
      if !isSame { return true }
    }
    return false
  }

  /// The bytes of the key differ; its text may not.
  private mutating func deleteOldKey(_ base: RawSpan, _ table: MySQLTablePlan) throws(RowError) {
    oldKey.clear()
    try Self.appendKey(before, base, table, to: &oldKey)
    let number = batch.entries.count - 1
    let isSame = oldKey.withBytes { old in batch.withKey(of: number) { $0.isEqual(to: old) } }
    if !isSame { oldKey.withBytes { old in batch.delete { $0.append(old) } } }
  }

  mutating func delete(_ base: RawSpan, _ table: MySQLTablePlan) throws(RowError) {
    try Self.enterDelete(before, base, table, &batch)
  }

  // Static, because the two writers may not capture what the batch is a part of.
  @inline(__always)
  private static func put(
    _ fields: [RowField], _ base: RawSpan, _ table: MySQLTablePlan, _ rowBytesMax: Int,
    _ batch: inout TransactionBatch, _ holes: inout [ValueHole]
  ) throws(RowError) -> Bool {
    try batch.put(
      bytesMax: rowBytesMax,
      key: { (out) throws(RowError) in try table.appendKey(fields.span, base, form: .log, into: &out) },
      value: { (out) throws(RowError) in
        try table.appendValue(fields.span, base, form: .log, into: &out, holes: &holes)
      })
  }

  private static func enterDelete(
    _ fields: [RowField], _ base: RawSpan, _ table: MySQLTablePlan, _ batch: inout TransactionBatch
  ) throws(RowError) {
    try batch.delete { (out) throws(RowError) in
      try table.appendKey(fields.span, base, form: .log, into: &out)
    }
  }

  static func appendKey(
    _ fields: [RowField], _ base: RawSpan, _ table: MySQLTablePlan, to out: inout ByteWriter
  ) throws(RowError) {
    try table.appendKey(fields.span, base, form: .log, into: &out)
  }
}

extension RowField {
  var range: Range<Int> { Int(offset)..<(Int(offset) + Int(length)) }
}
