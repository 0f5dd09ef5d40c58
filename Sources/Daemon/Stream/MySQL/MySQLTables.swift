// SPDX-License-Identifier: Apache-2.0
internal import MySQL
internal import Wire

/// The tables of the log: chosen ones by name, and what the log's numbers stand for at present.
final class MySQLTables {
  /// What a TABLE_MAP has said of a number.
  final class Mapped {
    let reference: TableReference
    /// Nil: nobody chose it.
    let plan: MySQLTablePlan?
    let layout: RowLayout
    /// The event's body: the same bytes again say nothing new.
    let body: [UInt8]
    /// Which of its changes other rows follow, without being in the log. Nil: none.
    let followed: MySQLCascades.Followed?

    init(
      reference: TableReference, plan: MySQLTablePlan?, layout: RowLayout, body: [UInt8],
      followed: MySQLCascades.Followed?
    ) {
      self.followed = followed
      self.reference = reference
      self.plan = plan
      self.layout = layout
      self.body = body
    }
  }

  private var byName: [TableReference: MySQLTablePlan] = [:]
  private var plans: [MySQLTablePlan] = []
  private var mapped: [UInt64: Mapped] = [:]
  private var lastID: UInt64?
  private var last: Mapped?
  /// Numbers are given anew by each server start and each flush; older ones are never used again.
  private static let mappedMax = 4096

  var nextNumber: Int { plans.count }
  var chosen: [MySQLTablePlan] { Array(byName.values) }

  func add(_ plan: MySQLTablePlan) {
    precondition(plan.number == plans.count)
    plans.append(plan)
    byName[plan.reference] = plan
    // Other tables' numbers stay: the statement at hand may have mapped them already.
    mapped = mapped.filter { $0.value.reference != plan.reference }
    lastID = nil
    last = nil
  }

  func plan(number: Int) -> MySQLTablePlan { plans[number] }
  func plan(of reference: TableReference) -> MySQLTablePlan? { byName[reference] }

  func mapped(_ id: UInt64) -> Mapped? {
    if lastID == id { return last }
    guard let found = mapped[id] else { return nil }
    lastID = id
    last = found
    return found
  }

  func set(_ id: UInt64, _ entry: Mapped) {
    if mapped.count >= Self.mappedMax { mapped.removeAll() }
    mapped[id] = entry
    lastID = id
    last = entry
  }

  func forgetChanges() {
    for plan in plans { plan.changes.clear() }
  }

  func forgetNumbers() {
    mapped.removeAll()
    lastID = nil
    last = nil
  }
}
