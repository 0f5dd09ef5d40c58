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
    /// Larger than a request may be, and left out.
    case refused
  }

  var batch = TransactionBatch()
  var before: [RowField] = []
  var after: [RowField] = []
  private var holes: [ValueHole] = []
  private var oldKey = ByteWriter()

  /// A change begins where the log stands at `place`. Memory that retired entries hold is given back now and then.
  @inline(__always)
  mutating func beginChange(at place: @autoclosure () -> CutPlace) {
    batch.beginChange()
    if batch.awaitsPlaceBehindUnfilled { batch.notePlaceBehindLastUnfilled(place()) }
    if batch.isWorthCompacting { batch.compact() }
  }

  func hasRoom(_ limits: BatchLimits) -> Bool {
    batch.liveOperations <= limits.operationsMax && batch.liveBytes <= limits.bytesMax
  }

  /// The row of `after`, which is whole; with `before`, the row that it was.
  mutating func put(
    _ base: RawSpan, hasBefore: Bool, _ table: MySQLTablePlan, _ limits: BatchLimits
  ) throws(RowError) -> Outcome {
    let isEntered = try Self.put(after, base, table, limits.rowBytesMax, &batch, &holes)
    guard isEntered else { return .refused }
    if hasBefore, hasOtherKey(base, table) { try deleteOldKey(base, table) }
    return hasRoom(limits) ? .entered : .full
  }

  /// Whether the two images differ in a key column's bytes. Columns that one of them leaves out have not changed.
  func hasOtherKey(_ base: RawSpan, _ table: MySQLTablePlan) -> Bool {
    for column in table.key {
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
