// SPDX-License-Identifier: Apache-2.0
internal import MySQL

/// A chosen table as the catalogue describes it, and what names its rows.
struct MySQLChosenTable {
  var description: MySQL.TableDescription
  /// Names of the key's columns, in key order.
  var key: [String]
  /// Everything before a row's key columns.
  var prefix: [UInt8]

  var definition: TableDefinition { description.definition }
  var reference: TableReference { TableReference(description.name) }
  var name: String { reference.name }
  var generatedColumns: Set<String> { description.generatedColumns }
}

/// Chooses tables and finds what names their rows.
struct MySQLTableChooser {
  let tables: TablesConfiguration
  let sync: SyncConfiguration
  let path: String
  /// `binlog_row_image`
  let rowImage: String

  func choose(_ all: [MySQL.TableDescription]) -> (tables: [MySQLChosenTable], problems: [TableProblem]) {
    all.filter(isChosen).examined { (table) throws(TableProblem) in try examine(table) }
  }

  /// Not the ones with history: their log has rows of other times under the same key.
  private func isChosen(_ table: MySQL.TableDescription) -> Bool {
    tables.selection.chooses(schema: table.name.schema, table: table.name.name) && table.kind == .base
  }

  /// Chosen by name, and left out all the same.
  func versionedTables(_ all: [MySQL.TableDescription]) -> [String] {
    all.filter { table in
      table.kind == .systemVersioned
        && tables.selection.chooses(schema: table.name.schema, table: table.name.name)
    }.map { "\($0.name) is system-versioned and is left out" }
  }

  private func examine(_ table: MySQL.TableDescription) throws(TableProblem) -> MySQLChosenTable {
    let reference = TableReference(table.name)
    let name = reference.name
    if let reason = table.unreadable {
      throw TableProblem(
        reference: reference, text: "\(name) cannot be read: \(reason)", mend: "tables.exclude: [\"\(name)\"]")
    }
    let given = tables.selection.keys(schema: reference.schema, table: reference.table)
    let key = given ?? declaredKey(of: table)
    if key.isEmpty {
      throw .missingKey(
        of: reference, identifier: "\(table.identifier)",
        keys: "no primary key, no unique key of columns that are not null")
    }
    if let missing = key.first(where: { column in !table.definition.columns.contains { $0.name == column } }) {
      throw TableProblem(
        reference: reference, text: "tables.keys names \(name).\(missing), which is no column of it",
        mend: "tables.keys: {\"\(name)\": [\(table.definition.columns.first?.name ?? "column")]}",
        cause: .configuration)
    }
    if let unlogged = key.first(where: { !isLogged($0, of: table) }) {
      throw TableProblem(
        reference: reference,
        text: "tables.keys names rows of \(name) by \(unlogged), which changes in the log do not have while "
          + "binlog_row_image is MINIMAL",
        mend: "SET GLOBAL binlog_row_image = 'FULL'; or tables.keys without \(name)", cause: .configuration)
    }
    let prefix = sync.key.prefix(path: path, schema: reference.schema, table: reference.table)
    return MySQLChosenTable(description: table, key: key, prefix: prefix)
  }

  /// Whether the log names a changed row by this column, perhaps among others.
  private func isLogged(_ column: String, of table: MySQL.TableDescription) -> Bool {
    guard rowImage == "MINIMAL" else { return true }
    let key = declaredKey(of: table)
    return key.isEmpty || key.contains(column)
  }

  /// The primary key, else the first unique key that could be one.
  private func declaredKey(of table: MySQL.TableDescription) -> [String] {
    if !table.definition.primaryKey.isEmpty { return table.definition.primaryKey }
    return table.uniqueKeys.first { $0.isNotNull && $0.isWhole }?.columns ?? []
  }

  // MARK: Doubts

  /// What `tables` names and is not there. A slip of the pen in a column that was to stay secret must be seen.
  func namesOfNothing(among chosen: [MySQLChosenTable], _ problems: [TableProblem]) -> [String] {
    let selection = tables.selection
    let names = Set(chosen.map(\.name) + problems.map(\.table))
    let columns = chosen.flatMap { table in
      table.definition.columns.map { [table.reference.schema, table.reference.table, $0.name] }
    }
    return selection.namesOfNothing(tables: names, columns: columns)
  }

  /// Keys from `tables.keys` that nothing in the database guards. They may well be unique and never null all the same.
  func unguardedKeys(among chosen: [MySQLChosenTable]) -> [String] {
    chosen.compactMap { table in
      let reference = table.reference
      guard tables.selection.keys(schema: reference.schema, table: reference.table) != nil else { return nil }
      let list = table.key.map { SQLIdentifier($0).description }.joined(separator: ", ")
      if let free = table.definition.columns.first(where: { table.key.contains($0.name) && $0.isNullable }) {
        return "tables.keys names rows of \(table.name) by \(free.name), which may be null: such a row would stop us; "
          + "type: ALTER TABLE \(table.description.identifier) MODIFY \(SQLIdentifier(free.name)) … NOT NULL;"
      }
      let unique = [table.definition.primaryKey] + table.description.uniqueKeys.filter(\.isWhole).map(\.columns)
      if unique.contains(where: { !$0.isEmpty && Set($0).isSubset(of: table.key) }) { return nil }
      return "tables.keys names rows of \(table.name) by \(table.key.joined(separator: ", ")), which no "
        + "unique index guards: two such rows would be one key; type: "
        + "ALTER TABLE \(table.description.identifier) ADD UNIQUE (\(list));"
    }
  }
}

extension Configuration {
  /// Whether a table of MySQL or MariaDB is chosen by its name.
  func chooses(_ table: TableReference) -> Bool {
    database.names.contains(table.schema) && tables.selection.chooses(schema: table.schema, table: table.table)
  }
}

extension TableSelection {
  /// Patterns of columns and names of tables that are nothing.
  func namesOfNothing(tables names: Set<String>, columns: [[String]]) -> [String] {
    func unmatched(_ patterns: [NamePattern], _ list: String) -> [String] {
      patterns.filter { pattern in !columns.contains { pattern.matches($0) } }
        .map { "tables.columns.\(list) names \($0.source), which is no column of a chosen table" }
    }
    return unmatched(excludedColumns, "exclude") + unmatched(hashedColumns, "hash")
      + keyColumns.keys.filter { !names.contains($0) }.sorted()
      .map { "tables.keys names \($0), which is no chosen table" }
  }
}
