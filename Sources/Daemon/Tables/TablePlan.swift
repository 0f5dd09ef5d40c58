// SPDX-License-Identifier: Apache-2.0
internal import Etcd
internal import Postgres
internal import Wire

/// One chosen table in one shape: how its rows become keys and values, and from where on the log counts for it.
final class TablePlan: SplicedTable {
  /// By which entries of a batch find their table again.
  let number: Int
  let shape: RelationShape
  let rows: RowPlan
  let storage: ValueStorage
  /// Transactions that commit before it are in the table's dump.
  let appliesFrom: LSN
  private let structs = StructWriter()

  init(number: Int, shape: RelationShape, rows: RowPlan, storage: ValueStorage, appliesFrom: LSN) {
    self.number = number
    self.shape = shape
    self.rows = rows
    self.storage = storage
    self.appliesFrom = appliesFrom
  }

  var name: String { shape.name }
  var reference: TableReference { TableReference(shape) }

  /// Writes the row's value as `sync.storage` says; `holes` becomes the members that the log leaves out.
  @inline(__always)
  func appendValue(
    _ fields: Span<FieldRange>, _ base: RawSpan, into out: inout ByteWriter, holes: inout [ValueHole]
  ) throws(RowError) {
    if storage == .json { return try rows.appendValue(fields, base, into: &out, holes: &holes) }
    try structs.append(table: name, into: &out, holes: &holes) { (json, holes) throws(RowError) in
      try rows.appendValue(fields, base, into: &json, holes: &holes)
    }
  }

  /// Writes `value` with its holes filled from `earlier`; what both lack stays a hole of the result.
  func splice(
    _ value: RawSpan, _ holes: Span<ValueHole>, over earlier: RawSpan, _ earlierHoles: Span<ValueHole>,
    into out: inout ByteWriter, unresolved: inout [ValueHole]
  ) throws(WireError) {
    switch storage {
    case .json: try rows.splice(value, holes, over: earlier, earlierHoles, into: &out, unresolved: &unresolved)
    case .proto:
      try StructValue.splice(
        value, holes, over: earlier, into: &out, unresolved: &unresolved, name: { rows.columns[$0].name })
    }
  }

  /// A row that cannot be written.
  func failure(_ error: RowError) -> PipelineFailure {
    switch error.reason {
    case .nullInKey:
      // Only a key from `tables.keys` on a partitioned or replaced table can come to this.
      .stop(.wrongConfiguration, "\(error): choose key columns that are never null in tables.keys")
    case .fields, .value, .unchangedInKey, .characters:
      // The shape and the row's bytes disagree, or the server sent what it never prints.
      .stop(.defect, "\(error); this is a defect of Sync: please report it with the table's definition")
    }
  }
}
