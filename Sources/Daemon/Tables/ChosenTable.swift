// SPDX-License-Identifier: Apache-2.0
internal import Postgres

/// A chosen table as the catalogue describes it: its published columns, and what names its rows.
struct ChosenTable {
  var description: TableDescription
  /// Columns that the log carries, in order.
  var columns: [TableDescription.Column]
  /// Names of the key's columns, in key order.
  var key: [String]
  /// Everything before a row's key columns.
  var prefix: [UInt8]
  /// The numbers of the publication and of the table's entry in it: others once either was made anew. What was written
  /// in between is not in the log.
  var publication = ""

  /// By its name alone.
  var reference: TableReference { TableReference(schema: description.schema, table: description.name) }
  var name: String { reference.name }

  var shape: RelationShape {
    RelationShape(
      oid: description.oid, schema: description.schema, table: description.name,
      columns: columns.map { RelationShape.Column(name: $0.name, type: $0.type) })
  }

  /// How its rows are read: as the log has them, so without the rows of inheriting tables and with those of partitions.
  var copyStatement: String {
    let list = columns.map { SQLIdentifier($0.name).description }.joined(separator: ", ")
    let isPlain = !description.isPartitionRoot && columns.allSatisfy { $0.generated == .no } && !columns.isEmpty
    if isPlain { return "COPY \(description.identifier) (\(list)) TO STDOUT" }
    let only = description.hasInheritors ? "ONLY " : ""
    return "COPY (SELECT \(list) FROM \(only)\(description.identifier)) TO STDOUT"
  }
}

/// Chooses tables and finds what names their rows.
struct TableChooser {
  let tables: TablesConfiguration
  let sync: SyncConfiguration
  let path: String
  /// The role that reads, for the statements that mend.
  let role: String
  /// The log carries stored generated columns (18 and later, if they are published).
  var publishesGenerated: Bool

  func isChosen(_ table: TableDescription) -> Bool {
    tables.selection.chooses(schema: table.schema, table: table.name)
  }

  func choose(_ all: [TableDescription]) -> (tables: [ChosenTable], problems: [TableProblem]) {
    all.filter(isChosen).examined { (table) throws(TableProblem) in try examine(table) }
  }

  /// What `tables` names and is not there. A slip of the pen in a column that was to stay secret must be seen.
  func namesOfNothing(among chosen: [ChosenTable], _ problems: [TableProblem]) -> [String] {
    let selection = tables.selection
    let names = Set(chosen.map(\.name) + problems.map(\.table))
    let columns = chosen.flatMap { table in
      table.description.columns.map { [table.description.schema, table.description.name, $0.name] }
    }
    return selection.namesOfNothing(tables: names, columns: columns)
  }

  /// Keys from `tables.keys` that nothing in the database guards. They may well be unique and never null all the same:
  /// tables without a declared key are what the setting is for.
  func unguardedKeys(among chosen: [ChosenTable]) -> [String] {
    chosen.compactMap { table in
      let description = table.description
      guard tables.selection.keys(schema: description.schema, table: description.name) != nil else { return nil }
      let list = table.key.map { SQLIdentifier($0).description }.joined(separator: ", ")
      let columns = table.key.joined(separator: ", ")
      if let free = table.columns.first(where: { table.key.contains($0.name) && !$0.isNotNull }) {
        return "tables.keys names rows of \(table.name) by \(free.name), which may be null: such a row would stop us; "
          + "type: ALTER TABLE \(description.identifier) ALTER COLUMN \(SQLIdentifier(free.name)) SET NOT NULL;"
      }
      if description.uniqueKeys.contains(where: { Set($0).isSubset(of: table.key) }) { return nil }
      return "tables.keys names rows of \(table.name) by \(columns), which no unique index guards: two such rows would "
        + "be one key; type: CREATE UNIQUE INDEX ON \(description.identifier) (\(list));"
    }
  }

  private func examine(_ table: TableDescription) throws(TableProblem) -> ChosenTable {
    let reference = TableReference(schema: table.schema, table: table.name)
    let name = "\(table.schema).\(table.name)"
    let columns = table.columns.filter { column in
      switch column.generated {
      case .no: true
      case .stored: publishesGenerated
      case .virtual: false
      }
    }
    func problem(_ text: String, _ mend: String, _ cause: TableProblem.Cause = .database) -> TableProblem {
      TableProblem(reference: reference, text: text, mend: mend, cause: cause)
    }
    let given = tables.selection.keys(schema: table.schema, table: table.name)
    let key = given ?? (table.primaryKey.isEmpty ? table.replicaIdentityIndex : table.primaryKey)
    if key.isEmpty {
      throw .missingKey(
        of: reference, identifier: "\(table.identifier)", keys: "no primary key, no replica identity index")
    }
    for column in key {
      guard let found = columns.first(where: { $0.name == column }) else {
        throw problem(
          "tables.keys names \(name).\(column), which the log does not carry",
          "tables.keys: {\"\(name)\": [\(columns.first?.name ?? "column")]}", .configuration)
      }
      if given == nil, !found.isNotNull {
        throw problem(
          "\(name).\(column) is part of the key and may be null",
          "ALTER TABLE \(table.identifier) ALTER COLUMN \(SQLIdentifier(column)) SET NOT NULL;")
      }
    }
    if let missing = key.first(where: { !identity(of: table).contains($0) }) {
      throw problem(
        "the replica identity of \(name) does not cover the key's column \(missing): deletes could not be followed",
        mendIdentity(table))
    }
    if !table.maySelect {
      throw problem(
        "this role may not read \(name)",
        "GRANT USAGE ON SCHEMA \(SQLIdentifier(table.schema)) TO \(SQLIdentifier(role)); "
          + "GRANT SELECT ON \(table.identifier) TO \(SQLIdentifier(role));")
    }
    if table.mayHideRows {
      // They would be in the log and not in the dump, which therefore would end with an error.
      throw problem(
        "policies of \(name) may hide rows from the role \(role)", "ALTER ROLE \(SQLIdentifier(role)) BYPASSRLS;")
    }
    let prefix = sync.key.prefix(path: path, schema: table.schema, table: table.name)
    return ChosenTable(description: table, columns: columns, key: key, prefix: prefix)
  }

  /// The columns of which the log carries the old values.
  private func identity(of table: TableDescription) -> [String] {
    switch table.replicaIdentity {
    case .primaryKey: table.primaryKeyIsDeferrable ? [] : table.primaryKey
    case .index: table.replicaIdentityIndex
    case .full: table.columns.map(\.name)
    case .nothing: []
    }
  }

  private func mendIdentity(_ table: TableDescription) -> String {
    let isDefaultEnough =
      tables.selection.keys(schema: table.schema, table: table.name) == nil
      && !table.primaryKey.isEmpty && !table.primaryKeyIsDeferrable
    return "ALTER TABLE \(table.identifier) REPLICA IDENTITY \(isDefaultEnough ? "DEFAULT" : "FULL");"
  }
}
