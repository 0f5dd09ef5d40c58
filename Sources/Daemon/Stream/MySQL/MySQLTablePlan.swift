// SPDX-License-Identifier: Apache-2.0
internal import Etcd
internal import MySQL
internal import Wire

/// One chosen table as of one point of the log: how its rows become keys and values, and from where on the log counts
/// for it.
final class MySQLTablePlan: SplicedTable {
  /// By which entries of a batch find their table again.
  let number: Int
  let definition: TableDefinition
  let reference: TableReference
  let rows: MySQLRowPlan
  /// Places of the key's columns.
  let key: [Int]
  /// Names of generated columns that the server may leave out of a row image although they have changed (MariaDB).
  let unlogged: Set<String>
  /// Their places.
  let unloggedPlaces: [Int]
  let storage: ValueStorage
  /// Transactions before it are in the table's dump. Nil: all of the log counts.
  var appliesFrom: LogPlace?
  /// The last transaction, by the applier's number, that has rows of it.
  var lastTransaction = 0
  /// Of rows that are in the open batch with holes.
  let changes = ValueChanges()
  private let structs = StructWriter()

  init(
    number: Int, definition: TableDefinition, rows: MySQLRowPlan, key: [Int], unlogged: Set<String> = [],
    storage: ValueStorage, appliesFrom: LogPlace?
  ) {
    self.unlogged = unlogged
    unloggedPlaces = definition.columns.indices.filter { unlogged.contains(definition.columns[$0].name) }
    self.number = number
    self.definition = definition
    reference = TableReference(schema: definition.schema, table: definition.name)
    self.rows = rows
    self.key = key
    self.storage = storage
    self.appliesFrom = appliesFrom
  }

  /// MariaDB's log has hidden columns behind those of the definition.
  @inline(__always)
  @_lifetime(copy fields)
  private func visible(_ fields: Span<RowField>) -> Span<RowField> {
    let count = definition.columns.count
    return fields.count > count ? fields.extracting(0..<count) : fields
  }

  @inline(__always)
  func appendKey(
    _ fields: Span<RowField>, _ base: RawSpan, form: MySQLRowPlan.Form, into out: inout ByteWriter
  ) throws(RowError) {
    try rows.appendKey(visible(fields), base, form: form, into: &out)
  }

  /// Writes the row's value as `sync.storage` says; `holes` becomes the members that the log leaves out.
  @inline(__always)
  func appendValue(
    _ fields: Span<RowField>, _ base: RawSpan, form: MySQLRowPlan.Form, into out: inout ByteWriter,
    holes: inout [ValueHole]
  ) throws(RowError) {
    if storage == .json { return try rows.appendValue(visible(fields), base, form: form, into: &out, holes: &holes) }
    try structs.append(table: name, into: &out, holes: &holes) { (json, holes) throws(RowError) in
      try rows.appendValue(visible(fields), base, form: form, into: &json, holes: &holes)
    }
  }

  func splice(
    _ value: RawSpan, _ holes: Span<ValueHole>, over earlier: RawSpan, _ earlierHoles: Span<ValueHole>,
    into out: inout ByteWriter, unresolved: inout [ValueHole]
  ) throws(WireError) {
    switch storage {
    case .json:
      try rows.splice(
        value, holes, over: earlier, earlierHoles, into: &out, unresolved: &unresolved, changes: changes)
    case .proto:
      try StructValue.splice(
        value, holes, over: earlier, into: &out, unresolved: &unresolved, name: { rows.columns[$0].name })
    }
  }

  /// "PARTIAL_JSON": a document of which the log has the differences is made whole from the row's before image.
  func applyDifferences(
    _ after: [RowField], _ before: [RowField], _ base: RawSpan, to scratch: inout RowScratch
  ) throws(RowError) {
    var earlier = ByteWriter()
    var earlierHoles: [ValueHole] = []
    // What is made of the document's text is text; for `storage: proto` the row is written again from there.
    var value = ByteWriter()
    var holes: [ValueHole] = []
    try rows.appendValue(visible(after.span), base, form: .log, into: &value, holes: &holes)
    // Of a hashed document etcd has no text; the row is dumped again then.
    for index in holes.indices where after[holes[index].column].kind == .differences {
      guard rows.holdsDocument(holes[index].column) else {
        throw RowError(
          table: name, column: definition.columns[holes[index].column].name,
          reason: .value(WireError(.badValue("differences of a hashed document"), offset: 0)))
      }
      holes[index].change = changes.add(base.extracting(after[holes[index].column].range))
    }
    try rows.appendValue(visible(before.span), base, form: .log, into: &earlier, holes: &earlierHoles)
    var whole = ByteWriter()
    var unresolved: [ValueHole] = []
    do throws(WireError) {
      try rows.splice(
        value.bytes, holes.span, over: earlier.bytes, earlierHoles.span, into: &whole, unresolved: &unresolved,
        changes: changes)
      if storage == .json {
        scratch.holes = unresolved
        scratch.value = whole
        return
      }
      // In a Struct there is no text to which differences could be applied later.
      guard unresolved.isEmpty else {
        throw WireError(.badValue("differences of a document that is not at hand"), offset: 0)
      }
      var encoded = ByteWriter()
      try StructValue.transcode(whole.bytes, unresolved.span, into: &encoded, structHoles: &scratch.holes)
      scratch.value = encoded
    } catch {
      throw RowError(table: name, column: "", reason: .value(error))
    }
  }

  /// The key's columns by name, in key order.
  var keyNames: [String] { key.map { definition.columns[$0].name } }

  /// A row that cannot be written.
  func failure(_ error: RowError) -> PipelineFailure {
    switch error.reason {
    case .nullInKey:
      .stop(.wrongConfiguration, "\(error): choose key columns that are never null in tables.keys")
    case .unchangedInKey:
      .redump([reference], "\(error); set binlog_row_image = FULL")
    case .fields, .value, .characters:
      // The definition and the row's bytes disagree: what etcd has of the table is read anew.
      .redump([reference], "\(error)")
    }
  }
}
