// SPDX-License-Identifier: Apache-2.0
internal import Postgres

/// One chosen table in one shape: how its rows become keys and values, and from where on the log counts for it.
final class TablePlan {
  /// By which entries of a batch find their table again.
  let number: Int
  let shape: RelationShape
  let rows: RowPlan
  /// Transactions that commit before it are in the table's dump.
  let appliesFrom: LSN

  init(number: Int, shape: RelationShape, rows: RowPlan, appliesFrom: LSN) {
    self.number = number
    self.shape = shape
    self.rows = rows
    self.appliesFrom = appliesFrom
  }

  var name: String { shape.name }

  /// A row that cannot be written. The shape and the row's bytes disagree, or the server sent what it never prints.
  func failure(_ error: RowError) -> PipelineFailure {
    .stop(.defect, "\(error); this is a defect of Sync: please report it with the table's definition")
  }
}
