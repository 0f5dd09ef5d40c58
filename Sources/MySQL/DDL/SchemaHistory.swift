// SPDX-License-Identifier: Apache-2.0

/// The definitions of tables as of one point of the log; the statements of the log move it forward.
///
/// It begins with the tables of the catalogue and keeps those that statements create in the same schemas, chosen or
/// not: an online schema change makes a table under another name, which is renamed later.
public struct SchemaHistory: Sendable {
  public private(set) var tables: [TableName: TableDefinition] = [:]
  /// What a new table gets that names no collation. A schema that is not here is not followed.
  public private(set) var schemaCollations: [String: UInt16]
  public let collations: CollationDirectory

  public init(_ tables: [TableDefinition], schemaCollations: [String: UInt16], collations: CollationDirectory) {
    self.schemaCollations = schemaCollations
    self.collations = collations
    for table in tables { self.tables[table.tableName] = table }
  }

  public subscript(schema: String, name: String) -> TableDefinition? { tables[TableName(schema, name)] }

  /// Takes over what the log's table map says of a table (`TableDefinition.agreement`), or what the catalogue does.
  public mutating func set(_ table: TableDefinition) { tables[table.tableName] = table }

  /// - Parameter context: of the session that said the statement.
  public mutating func apply(_ statement: DDLStatement, _ context: StatementContext) -> [TableChange] {
    switch statement {
    case .createTable(let create): return apply(create, context)
    case .alterTable(let alter): return apply(alter, context)
    case .renameTables(let renamings): return renamings.map { rename($0.from, $0.to) }
    case .dropTables(let names):
      for name in names { tables[name] = nil }
      return names.map { .dropped($0) }
    case .truncateTable(let name): return [.truncated(name)]
    case .createSchema(let change):
      if change.ifNotExists, schemaCollations[change.name] != nil { return [] }
      let dropped = change.orReplace ? drop(schema: change.name) : []
      schemaCollations[change.name] = change.characters.resolved(
        standards(context), standard: context.serverCollation)
      return dropped
    case .alterSchema(let change):
      guard let present = schemaCollations[change.name] else { return [] }
      schemaCollations[change.name] = change.characters.resolved(standards(context), standard: present)
      return []
    case .dropSchema(let name): return drop(schema: name)
    case .rows(let names?): return names.map { .rowsChanged($0, reason: "a statement that the log has as its text") }
    case .rows(nil): return [.unknown(nil, reason: "a statement that the log has as its text")]
    case .unknown(let keyword): return [.unknown(nil, reason: "a statement that is not understood (\(keyword))")]
    case .transaction, .irrelevant: return []
    }
  }

  /// The collations with the session's own choice of defaults.
  func standards(_ context: StatementContext) -> CollationDirectory {
    var collations = collations
    for id in context.standardCollations {
      if let set = collations[id]?.characterSet { collations.setStandard(of: set, id: id) }
    }
    return collations
  }

  private mutating func drop(schema: String) -> [TableChange] {
    let names = tables.keys.filter { $0.schema == schema }.sorted { $0.name < $1.name }
    for name in names { tables[name] = nil }
    schemaCollations[schema] = nil
    return names.map { .dropped($0) }
  }

  mutating func rename(_ from: TableName, _ to: TableName) -> TableChange {
    var table = tables.removeValue(forKey: from)
    table?.schema = to.schema
    table?.name = to.name
    tables[to] = table
    return .renamed(from: from, to: to, table)
  }

  /// The table is not what the history says any more.
  private mutating func lose(_ name: TableName, _ reason: String) -> TableChange {
    tables[name] = nil
    return .unknown(name, reason: reason)
  }

  // MARK: CREATE TABLE

  private mutating func apply(_ create: CreateTable, _ context: StatementContext) -> [TableChange] {
    let name = create.table
    let present = tables[name]
    if create.ifNotExists, present != nil { return [] }
    guard let schemaCollation = schemaCollations[name.schema] else { return [] }
    var changes: [TableChange] = []
    if create.orReplace, present != nil {
      tables[name] = nil
      changes.append(.dropped(name))
    }
    var table: TableDefinition
    switch create.source {
    case .query: return changes + [lose(name, "CREATE TABLE with a query")]
    case .like(let origin):
      guard let found = tables[origin] else { return changes + [lose(name, "CREATE TABLE LIKE \(origin)")] }
      table = found
      table.schema = name.schema
      table.name = name.name
    case .columns:
      let collations = standards(context)
      let standard = create.characters.resolved(collations, standard: schemaCollation)
      table = TableDefinition(
        schema: name.schema, name: name.name, columns: [], primaryKey: [], defaultCollation: standard ?? 0)
      for clause in create.columns {
        guard let column = clause.definition(collations, standard: standard, context) else {
          return changes + [lose(name, "the type or collation of \(clause.name) is not known")]
        }
        table.columns.append(column)
      }
      let key = create.primaryKey.isEmpty ? create.columns.filter(\.isPrimaryKey).map(\.name) : create.primaryKey
      table.setPrimaryKey(key)
      table.setNotNull(create.notNull)
    }
    tables[name] = table
    return changes + [.created(table)]
  }

  // MARK: ALTER TABLE

  private mutating func apply(_ alter: AlterTable, _ context: StatementContext) -> [TableChange] {
    var changes: [TableChange] = []
    var target: TableName?
    for clause in alter.clauses {
      if case .rename(let name) = clause { target = name }
      if case .exchange(let other) = clause { changes.append(.rowsChanged(other, reason: "EXCHANGE PARTITION")) }
    }
    if let present = tables[alter.table] {
      var alteration = TableAlteration(
        present, collations: standards(context), schemaCollation: schemaCollations[alter.table.schema], context)
      if let refusal = alteration.apply(alter.clauses) {
        changes.append(lose(alter.table, "ALTER TABLE: \(refusal)"))
      } else {
        tables[alter.table] = alteration.table
        if alteration.table != present || alteration.changesRows {
          changes.insert(
            .altered(from: present, to: alteration.table, changesRows: alteration.changesRows), at: 0)
        }
      }
    } else if alter.clauses.contains(where: { if case .rowsChange = $0 { true } else { false } }) {
      changes.append(.rowsChanged(alter.table, reason: "ALTER TABLE"))
    }
    if let target { changes.append(rename(alter.table, target)) }
    return changes
  }
}

extension TableDefinition {
  /// "A PRIMARY KEY is a unique index where all key columns must be defined as NOT NULL. If they are not explicitly
  /// declared as NOT NULL, MySQL declares them so implicitly (and silently)."
  mutating func setPrimaryKey(_ names: [String]) {
    primaryKey = []
    for name in names {
      guard let index = index(ofColumn: name) else { continue }
      columns[index].isNullable = false
      primaryKey.append(columns[index].name)
    }
  }
}

extension TableDefinition {
  mutating func setNotNull(_ names: [String]) {
    for index in names.compactMap({ index(ofColumn: $0) }) { columns[index].isNullable = false }
  }
}

extension ColumnClause {
  func definition(
    _ collations: CollationDirectory, standard: UInt16?, _ context: StatementContext
  ) -> ColumnDefinition? {
    guard var column = type.column(name, collations: collations, standard: standard, version: context.version) else {
      return nil
    }
    // "If explicit_defaults_for_timestamp is disabled … TIMESTAMP columns not explicitly declared with the NULL
    // attribute are automatically declared with the NOT NULL attribute."
    let isTimestamp = type.name == "TIMESTAMP" && !context.explicitDefaultsForTimestamp
    column.isNullable = isAutoIncrement || isPrimaryKey ? false : isNullable ?? !isTimestamp
    if isCheckedJSON, type.isText, type.labels.isEmpty, context.version.flavor == .mariaDB { column.refinement = .json }
    return column
  }
}
