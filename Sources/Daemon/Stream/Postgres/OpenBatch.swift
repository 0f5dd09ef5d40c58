// SPDX-License-Identifier: Apache-2.0
internal import Etcd
internal import Postgres
internal import Wire

/// The batch that fills, with the room that a row needs on its way into it.
///
/// One value, so that the applier begins one access to a property of its own for a row and not ten: each costs as much
/// as a column.
struct OpenBatch: ~Copyable {
  enum Outcome {
    case entered
    /// Entered, and the batch no longer fits in a request.
    case full
    /// Larger than a request may be, and left out.
    case refused
    /// Left out, because the log leaves values out: they must be found first.
    case hasHoles
  }

  var batch = TransactionBatch()
  private var fields: [FieldRange] = []
  private var holes: [ValueHole] = []

  /// A change begins where the log stands at `place`. Memory that retired entries hold is given back now and then.
  @inline(__always)
  mutating func beginChange(at place: @autoclosure () -> CutPlace) {
    batch.beginChange()
    if batch.awaitsPlaceBehindUnfilled { batch.notePlaceBehindLastUnfilled(place()) }
    if batch.isWorthCompacting { batch.compact() }
  }

  /// A change that is a whole row: entered as a put.
  mutating func put(
    _ tuple: borrowing LogicalMessage.Tuple, _ table: TablePlan, _ limits: BatchLimits,
    at place: @autoclosure () -> CutPlace
  ) throws(PipelineFailure) -> Outcome {
    beginChange(at: place())
    do throws(WireError) {
      try tuple.index(into: &fields)
    } catch {
      throw .sourceViolation("\(error)")
    }
    for field in fields where field.kind == .unchanged { return .hasHoles }
    guard try put(tuple.span, table, rowBytesMax: limits.rowBytesMax) else { return .refused }
    return hasRoom(limits) ? .entered : .full
  }

  func hasRoom(_ limits: BatchLimits) -> Bool {
    batch.liveOperations <= limits.operationsMax && batch.liveBytes <= limits.bytesMax
  }

  private mutating func put(
    _ base: RawSpan, _ table: TablePlan, rowBytesMax: Int
  ) throws(PipelineFailure) -> Bool {
    do throws(RowError) {
      return try Self.put(fields, base, table, rowBytesMax: rowBytesMax, &batch, &holes)
    } catch {
      throw table.failure(error)
    }
  }

  // Static, because the two writers may not capture what the batch is a part of.
  @inline(__always)
  static func put(
    _ fields: [FieldRange], _ base: RawSpan, _ table: TablePlan, rowBytesMax: Int, _ batch: inout TransactionBatch,
    _ holes: inout [ValueHole]
  ) throws(RowError) -> Bool {
    try batch.put(
      bytesMax: rowBytesMax,
      key: { (out) throws(RowError) in try table.rows.appendKey(fields.span, base, into: &out) },
      value: { (out) throws(RowError) in try table.appendValue(fields.span, base, into: &out, holes: &holes) })
  }
}
