// SPDX-License-Identifier: Apache-2.0
internal import Postgres

/// The tables of the log by the number that the log gives them: chosen ones with their plan, and those nobody chose.
final class TableRegistry {
  private enum Entry {
    case chosen(TablePlan)
    case ignored(RelationShape)
  }

  private var entries: [UInt32: Entry] = [:]
  private var plans: [TablePlan] = []
  /// The table met last: rows of one table come in runs.
  private var lastOID: UInt32?
  private var lastPlan: TablePlan?

  var nextNumber: Int { plans.count }
  var chosen: [TablePlan] {
    entries.values.compactMap { entry in
      if case .chosen(let plan) = entry { return plan }
      return nil
    }
  }

  func add(_ plan: TablePlan) {
    precondition(plan.number == plans.count)
    plans.append(plan)
    entries[plan.shape.oid] = .chosen(plan)
    lastOID = nil
  }

  func ignore(_ shape: RelationShape) {
    entries[shape.oid] = .ignored(shape)
    lastOID = nil
  }

  func remove(_ oid: UInt32) {
    entries[oid] = nil
    lastOID = nil
  }

  func plan(of oid: UInt32) -> TablePlan? {
    if lastOID == oid { return lastPlan }
    var plan: TablePlan?
    if case .chosen(let found) = entries[oid] { plan = found }
    lastOID = oid
    lastPlan = plan
    return plan
  }

  func plan(number: Int) -> TablePlan { plans[number] }

  /// Whether a Relation message at this point of the log says nothing new. Before the table's dump its changes do not
  /// count, so neither does its shape of that time.
  func knows(_ shape: RelationShape, at lsn: LSN) -> Bool {
    switch entries[shape.oid] {
    case nil: false
    case .chosen(let plan): plan.shape == shape || lsn < plan.appliesFrom
    case .ignored(let known): known.schema == shape.schema && known.table == shape.table
    }
  }
}
