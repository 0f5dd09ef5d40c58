// SPDX-License-Identifier: Apache-2.0
internal import Etcd
internal import Postgres
internal import Wire

// One change of one row. The common ones go straight from the message into the batch; a row with values that the log
// leaves out takes the longer way by `putWithHoles`.
extension StreamApplier {
  func insert(_ insert: borrowing LogicalMessage.Insert, _ table: TablePlan) throws(PipelineFailure) -> Flow {
    if let flow = try putWhole(insert.new, table) { return flow }
    try index(insert.new, into: &fields)
    try put(insert.new.span, table)
    return roomLeft()
  }

  /// The straight way. Nil: nothing was entered, because the row has holes or is too large for a request.
  private func putWhole(
    _ tuple: borrowing LogicalMessage.Tuple, _ table: TablePlan
  ) throws(PipelineFailure) -> Flow? {
    switch try open.put(tuple, table, limits, at: place) {
    case .entered: return .more
    case .full:
      need = .room
      return .pause
    case .refused, .hasHoles: return nil
    }
  }

  func delete(_ delete: borrowing LogicalMessage.Delete, _ table: TablePlan) throws(PipelineFailure) {
    try index(delete.old, into: &oldFields)
    let base = delete.old.span
    do throws(RowError) {
      try Self.enterDelete(oldFields, base, table, &batch)
    } catch {
      throw table.failure(error)
    }
  }

  func update(_ update: borrowing LogicalMessage.Update, _ table: TablePlan) throws(PipelineFailure) -> Flow {
    if update.oldTuple == .none {
      if let flow = try putWhole(update.new, table) { return flow }
    } else {
      open.beginChange(at: place)
    }
    try updateSlowly(update, table)
    return roomLeft()
  }

  private func updateSlowly(
    _ update: borrowing LogicalMessage.Update, _ table: TablePlan
  ) throws(PipelineFailure) {
    try index(update.new, into: &fields)
    let hasHoles = fields.contains { $0.kind == .unchanged }
    guard update.oldTuple != .none || hasHoles else { return try put(update.new.span, table) }
    oldKey.clear()
    if update.oldTuple != .none {
      try index(update.old, into: &oldFields)
      try Self.appendKey(oldFields, update.old.span, table, to: &oldKey)
    }
    if hasHoles {
      try putWithHoles(update, table)
    } else {
      try put(update.new.span, table)
    }
    guard update.oldTuple != .none else { return }
    let number = batch.entries.count - 1
    let isSameKey = oldKey.withBytes { old in batch.withKey(of: number) { $0.isEqual(to: old) } }
    if !isSameKey { oldKey.withBytes { old in batch.delete { $0.append(old) } } }
  }

  // MARK: Puts

  private static func enterDelete(
    _ fields: [FieldRange], _ base: RawSpan, _ table: TablePlan, _ batch: inout TransactionBatch
  ) throws(RowError) {
    try batch.delete { (out) throws(RowError) in try table.rows.appendKey(fields.span, base, into: &out) }
  }

  private func put(_ base: RawSpan, _ table: TablePlan) throws(PipelineFailure) {
    let entered: Bool
    do throws(RowError) {
      entered = try OpenBatch.put(fields, base, table, rowBytesMax: limits.rowBytesMax, &batch, &holes)
    } catch {
      throw table.failure(error)
    }
    if !entered { try refuse(base, table) }
  }

  /// A row larger than a request: stop, or leave it out. Its key must not keep an older state, so it goes.
  private func refuse(_ base: RawSpan, _ table: TablePlan) throws(PipelineFailure) {
    scratch.key.clear()
    try Self.appendKey(fields, base, table, to: &scratch.key)
    let key = scratch.key.withBytes { String(decoding: $0) }
    try oversized.met(table: table.name, key: key)
    scratch.key.withBytes { bytes in batch.delete { $0.append(bytes) } }
  }

  /// "An unchanged TOASTed value (the actual value is not sent)": what the old tuple has is taken from there, what an
  /// earlier entry of this batch has from it, and the rest from etcd, just before the request is sent.
  private func putWithHoles(_ update: borrowing LogicalMessage.Update, _ table: TablePlan) throws(PipelineFailure) {
    scratch.row.clear()
    scratch.row.append(update.new.span)
    if update.oldTuple != .none { takeFromOldTuple(update) }
    try Self.write(fields, table, into: &scratch)
    let source = oldKey.isEmpty ? scratch.key.bytes.array : oldKey.bytes.array
    try batch.enterPartial(
      &scratch, source: source, table: table, number: table.number, rowBytesMax: limits.rowBytesMax,
      oversized: oversized, place: place)
  }

  /// Replica identity FULL carries the whole old row, a changed key the old key's columns: no need to ask etcd.
  private func takeFromOldTuple(_ update: borrowing LogicalMessage.Update) {
    for column in fields.indices where fields[column].kind == .unchanged && column < oldFields.count {
      let old = oldFields[column]
      guard old.kind == .text else { continue }
      let offset = scratch.row.count
      scratch.row.append(update.old.bytes(old))
      fields[column] = FieldRange(kind: .text, offset: offset, length: old.length)
    }
  }

  // MARK: Parts

  private func index(
    _ tuple: borrowing LogicalMessage.Tuple, into fields: inout [FieldRange]
  ) throws(PipelineFailure) {
    do throws(WireError) {
      try tuple.index(into: &fields)
    } catch {
      throw .sourceViolation("\(error)")
    }
  }

  private static func appendKey(
    _ fields: [FieldRange], _ base: RawSpan, _ table: TablePlan, to out: inout ByteWriter
  ) throws(PipelineFailure) {
    do throws(RowError) {
      try table.rows.appendKey(fields.span, base, into: &out)
    } catch {
      throw table.failure(error)
    }
  }

  private static func write(
    _ fields: [FieldRange], _ table: TablePlan, into scratch: inout RowScratch
  ) throws(PipelineFailure) {
    var key = ByteWriter()
    var value = ByteWriter()
    var holes: [ValueHole] = []
    do throws(RowError) {
      try table.rows.appendKey(fields.span, scratch.row.bytes, into: &key)
      try table.appendValue(fields.span, scratch.row.bytes, into: &value, holes: &holes)
    } catch {
      throw table.failure(error)
    }
    scratch.key = key
    scratch.value = value
    scratch.holes = holes
  }
}
