// SPDX-License-Identifier: Apache-2.0
internal import Etcd
internal import MySQL
internal import Wire

// The rows of one event. The common ones go straight from the event into the batch; a row that the log carries only in
// part takes the longer way by `putPartial`.
extension MySQLApplier {
  /// Rows events are numbered in their transaction, and rows in their event.
  static let rowsEventStride = 1_000_000_000

  func rows(_ event: borrowing RowsEvent) throws(PipelineFailure) -> BinlogFlow {
    guard isInTransaction else { throw .sourceViolation("rows outside a transaction") }
    guard let mapped = tables.mapped(event.tableID) else {
      throw .sourceViolation("a rows event of table number \(event.tableID), which no TABLE_MAP has named")
    }
    if !isResumed {
      rowsEvents += 1
      if let followed = mapped.followed { try note(event, mapped, followed) }
    }
    guard let table = mapped.plan else { return try endRows(event) }
    if isDistributed, !isReplaying {
      // Whether the log counts for the table is a question of when it commits.
      touch(table)
      return try endRows(event)
    }
    guard applies(table) else { return try endRows(event) }
    touch(table)
    if event.kind != .insert, !event.present.isFull { try requireKey(event.present, table) }
    guard try apply(event, mapped.layout, table) else { return .again }
    return try endRows(event)
  }

  /// MINIMAL names a row by its primary key. Where etcd's is another, the row's key before the change is nowhere.
  @inline(never)
  private func requireKey(_ present: borrowing ColumnBitmap, _ table: MySQLTablePlan) throws(PipelineFailure) {
    for column in table.key where column >= present.count || !present[column] {
      throw table.failure(
        RowError(table: table.name, column: table.definition.columns[column].name, reason: .unchangedInKey))
    }
  }

  func touch(_ table: MySQLTablePlan) {
    guard table.lastTransaction != transactionNumber else { return }
    table.lastTransaction = transactionNumber
    if transaction?.touched.contains(table.reference) == false { transaction?.touched.append(table.reference) }
  }

  private func endRows(_ event: borrowing RowsEvent) throws(PipelineFailure) -> BinlogFlow {
    if isResumed {
      isResumed = false
      generated.removeAll()
    }
    if event.flags.contains(.statementEnd), !schema.cascades.isEmpty { try endCascade() }
    return .more
  }

  /// Applies rows until the event ends (true) or the batch has no room for more.
  private func apply(
    _ event: borrowing RowsEvent, _ layout: RowLayout, _ table: MySQLTablePlan
  ) throws(PipelineFailure) -> Bool {
    let isWhole = event.kind != .delete && event.kind != .partialUpdate && event.presentAfter.isFull
    var offset = isResumed ? nextOffset : 0
    var row = isResumed ? nextRow : 0
    let base = rowsEvents * Self.rowsEventStride
    while offset < event.rows.byteCount {
      ordinal = base + row + 1
      let goesOn: Bool
      do throws(RowFailure) {
        if isDue, isWhole {
          goesOn = try enterRows(event, layout, table, at: &offset, row: &row)
          ordinal = base + row
        } else {
          goesOn = try enterRow(event, layout, table, at: &offset)
          row += 1
        }
      } catch {
        // Nothing of the row was entered: it is tried again once the server has told.
        need = try need(after: error, event, layout, table, from: offset)
        leave(at: offset, row)
        return false
      }
      if !goesOn {
        leave(at: offset, row)
        return false
      }
    }
    return true
  }

  private func leave(at offset: Int, _ row: Int) {
    isResumed = true
    nextOffset = offset
    nextRow = row
  }

  /// What the server must be asked for is no failure.
  private func need(
    after failure: RowFailure, _ event: borrowing RowsEvent, _ layout: RowLayout, _ table: MySQLTablePlan,
    from offset: Int
  ) throws(PipelineFailure) -> Need {
    switch failure {
    case .pipeline(let failure): throw failure
    case .row(let error):
      if case .characters(let request) = error.reason { return .characters(request) }
      throw table.failure(error)
    case .generated: return .generated(try missingRequest(event, layout, table, from: offset))
    }
  }

  /// A change begins where the log stands.
  func beginChange() {
    open.beginChange()
    if batch.awaitsPlaceBehindUnfilled { notePlaceBehindUnfilled() }
  }

  /// Not inlined: its look into the transaction would be begun for each rows event.
  @inline(never)
  private func notePlaceBehindUnfilled() { batch.notePlaceBehindLastUnfilled(place) }

  /// The common case: rows whose images are whole, up to the event's end or until there is something else to be done.
  /// False: the batch is full.
  private func enterRows(
    _ event: borrowing RowsEvent, _ layout: RowLayout, _ table: MySQLTablePlan, at offset: inout Int, row: inout Int
  ) throws(RowFailure) -> Bool {
    switch try open.put(rowsOf: event, layout, table, limits, at: &offset, row: &row) {
    case .entered: return true
    case .full:
      need = .room
      return false
    case .awaitsPlace:
      beginChange()
      return true
    case .refused(let start):
      do throws(RowFailure) {
        try refuse(event.rows, hasBefore: event.kind == .update, table)
      } catch {
        offset = start
        row -= 1
        throw error
      }
      return true
    }
  }

  /// One row, if it is due. Where this throws nothing of it was entered, and `offset` is still its own.
  /// False: the batch is full.
  private func enterRow(
    _ event: borrowing RowsEvent, _ layout: RowLayout, _ table: MySQLTablePlan, at offset: inout Int
  ) throws(RowFailure) -> Bool {
    var end = offset
    do throws(PipelineFailure) { try open.index(event, layout, table, at: &end) } catch { throw .pipeline(error) }
    guard isDue else {
      offset = end
      return true
    }
    beginChange()
    if event.kind == .delete {
      do throws(RowError) { try open.delete(event.rows, table) } catch { throw .row(error) }
    } else {
      try putPartial(event.rows, table, isNew: event.kind == .insert)
    }
    offset = end
    return roomLeft()
  }

  /// A row larger than a request: stop, or leave it out. Its keys must not keep an older state, so they go.
  private func refuse(
    _ base: RawSpan, hasBefore: Bool, _ table: MySQLTablePlan
  ) throws(RowFailure) {
    scratch.key.clear()
    do throws(RowError) {
      try Self.appendKey(open.after, base, table, to: &scratch)
    } catch {
      throw .row(error)
    }
    do throws(PipelineFailure) {
      try oversized.met(table: table.name, key: scratch.key.withBytes { String(decoding: $0) })
    } catch {
      throw .pipeline(error)
    }
    scratch.key.withBytes { bytes in batch.delete { $0.append(bytes) } }
    guard hasBefore, open.hasOtherKey(base, table) else { return }
    do throws(RowError) {
      try open.delete(base, table)
    } catch {
      throw .row(error)
    }
  }

  /// "binlog_row_image = MINIMAL: only those columns … required to identify rows" before, and those that were set
  /// after: what the after image lacks is taken from the before image, what that lacks from what etcd holds.
  private func putPartial(_ base: RawSpan, _ table: MySQLTablePlan, isNew: Bool) throws(RowFailure) {
    if isNew { open.forgetBefore() }
    let hasOtherKey = open.hasOtherKey(base, table)
    // Of a new row all that is missing is asked for, when it is known that etcd does not have it.
    let lacking = isNew ? [] : table.unloggedPlaces.filter { open.after[$0].kind == .absent }
    completeAfter(except: lacking)
    do throws(RowError) {
      try Self.write(open.after, base, table, into: &scratch)
    } catch {
      throw .row(error)
    }
    if !lacking.isEmpty { try fillMissing(table) }
    do throws(RowError) {
      if open.after.contains(where: { $0.kind == .differences }) {
        try Self.applyDifferences(open.after, open.before, base, table, into: &scratch)
      }
    } catch {
      throw .row(error)
    }
    var oldKey = ByteWriter()
    if hasOtherKey {
      do throws(RowError) {
        try MySQLOpenBatch.appendKey(open.before, base, table, to: &oldKey)
      } catch {
        throw .row(error)
      }
    }
    var source = oldKey.isEmpty ? scratch.key.bytes.array : oldKey.bytes.array
    if mayBeAhead(table, hasOtherKey: hasOtherKey) { source = [] }
    do throws(PipelineFailure) {
      try batch.enterPartial(
        &scratch, source: source, table: table, number: table.number, rowBytesMax: limits.rowBytesMax,
        oversized: oversized, place: place)
    } catch {
      throw .pipeline(error)
    }
    guard hasOtherKey else { return }
    let isSameKey = scratch.key.bytes.isEqual(to: oldKey.bytes)
    if !isSameKey { oldKey.withBytes { old in batch.delete { $0.append(old) } } }
  }

  /// Takes what the after image lacks from the before image.
  func completeAfter(except lacking: [Int]) {
    for column in open.after.indices
    where open.after[column].kind == .absent && column < open.before.count && !lacking.contains(column) {
      open.after[column] = open.before[column]
    }
  }

  private static func appendKey(
    _ fields: [RowField], _ base: RawSpan, _ table: MySQLTablePlan, to scratch: inout RowScratch
  ) throws(RowError) {
    var key = ByteWriter()
    try MySQLOpenBatch.appendKey(fields, base, table, to: &key)
    scratch.key = key
  }

  private static func applyDifferences(
    _ after: [RowField], _ before: [RowField], _ base: RawSpan, _ table: MySQLTablePlan, into scratch: inout RowScratch
  ) throws(RowError) {
    try table.applyDifferences(after, before, base, to: &scratch)
  }

  private static func write(
    _ fields: [RowField], _ base: RawSpan, _ table: MySQLTablePlan, into scratch: inout RowScratch
  ) throws(RowError) {
    var key = ByteWriter()
    var value = ByteWriter()
    var holes: [ValueHole] = []
    try table.appendKey(fields.span, base, form: .log, into: &key)
    try table.appendValue(fields.span, base, form: .log, into: &value, holes: &holes)
    scratch.key = key
    scratch.value = value
    scratch.holes = holes
  }
}

/// Why a row was not entered.
enum RowFailure: Error {
  case row(RowError)
  /// The server must be asked for generated columns first.
  case generated
  case pipeline(PipelineFailure)
}
