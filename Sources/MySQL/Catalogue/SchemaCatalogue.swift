// SPDX-License-Identifier: Apache-2.0

/// The tables of some schemas, from a few queries of information_schema for all of them together.
public struct SchemaCatalogue: Sendable {
  /// Base tables in order of schema and name; no views, sequences and temporary tables.
  public var tables: [TableDescription] = []
  /// The collation that a new table of a schema gets.
  public var schemaCollations: [String: UInt16] = [:]
  /// There are more than `tablesMax`: the rest is left out.
  public var isTruncated = false

  public static let tablesMax = 10_000
  /// Never replicated, and not chosen by any pattern.
  public static let systemSchemas = ["mysql", "sys", "information_schema", "performance_schema"]

  public init() {}

  // MARK: Queries

  /// To be sent in this order; `init(answers:…)` takes their rows in the same order.
  ///
  /// - Parameter schemas: all but the server's own if it is empty.
  public static func queries(schemas: [String], version: ServerVersion) -> [String] {
    func within(_ column: String) -> String {
      let list = (schemas.isEmpty ? systemSchemas : schemas).map { SQLLiteral($0).description }
      return "\(column) \(schemas.isEmpty ? "NOT IN" : "IN") (\(list.joined(separator: ", ")))"
    }
    // A constraint of a column makes it JSON; before LEVEL was there its name tells it from one of the table.
    let level = version.number >= 100_510 ? "LEVEL = 'Column'" : "CONSTRAINT_NAME NOT LIKE 'CONSTRAINT_%'"
    let json =
      version.flavor == .mariaDB
      ? "SELECT CONSTRAINT_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS "
        + "WHERE \(within("CONSTRAINT_SCHEMA")) AND CHECK_CLAUSE LIKE 'json_valid(%' AND \(level)"
      : "SELECT NULL, NULL, NULL, NULL FROM DUAL WHERE 1 = 0"
    return [
      "SELECT SCHEMA_NAME, DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA WHERE \(within("SCHEMA_NAME"))",
      "SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_ROWS, DATA_LENGTH, TABLE_COLLATION "
        + "FROM information_schema.TABLES WHERE \(within("TABLE_SCHEMA")) "
        + "AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED') "
        + "ORDER BY TABLE_SCHEMA, TABLE_NAME LIMIT \(tablesMax + 1)",
      "SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLLATION_NAME, EXTRA "
        + "FROM information_schema.COLUMNS WHERE \(within("TABLE_SCHEMA")) "
        + "ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION",
      "SELECT TABLE_SCHEMA, TABLE_NAME, INDEX_NAME, COLUMN_NAME, NULLABLE, SUB_PART "
        + "FROM information_schema.STATISTICS WHERE \(within("TABLE_SCHEMA")) AND NON_UNIQUE = 0 "
        + "ORDER BY TABLE_SCHEMA, TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX",
      "SELECT CONSTRAINT_SCHEMA, TABLE_NAME, UNIQUE_CONSTRAINT_SCHEMA, REFERENCED_TABLE_NAME, DELETE_RULE, UPDATE_RULE "
        + "FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE \(within("CONSTRAINT_SCHEMA"))",
      json,
      // MariaDB shows an account with SELECT alone no rules of foreign keys, but between which tables they are.
      version.flavor == .mariaDB
        ? "SELECT DISTINCT TABLE_SCHEMA, TABLE_NAME, REFERENCED_TABLE_SCHEMA, REFERENCED_TABLE_NAME "
          + "FROM information_schema.KEY_COLUMN_USAGE WHERE \(within("TABLE_SCHEMA")) "
          + "AND REFERENCED_TABLE_NAME IS NOT NULL"
        : "SELECT NULL, NULL, NULL, NULL FROM DUAL WHERE 1 = 0",
    ]
  }

  // MARK: Answers

  /// From the rows of `queries`, in the same order; rows that are not of their query's form are left out.
  public init(answers: [[[String?]]], version: ServerVersion, collations: CollationDirectory) {
    guard answers.count == 7 else { return }
    for row in answers[0] where row.count == 2 {
      if let schema = row[0], let name = row[1] { schemaCollations[schema] = collations.named(name)?.id }
    }
    isTruncated = answers[1].count > Self.tablesMax
    var places: [TableName: Int] = [:]
    for row in answers[1].prefix(Self.tablesMax) {
      guard let table = Self.table(row, collations) else { continue }
      places[table.name] = tables.count
      tables.append(table)
    }
    let json = Self.jsonColumns(answers[5])
    for row in answers[2] {
      guard let name = Self.name(row, count: 7), let place = places[name] else { continue }
      tables[place].append(column: row, json, version, collations)
    }
    for row in answers[3] {
      guard let name = Self.name(row, count: 6), let place = places[name] else { continue }
      tables[place].append(keyPart: row)
    }
    for row in answers[4] {
      guard let name = Self.name(row, count: 6), let place = places[name], let schema = row[2], let parent = row[3]
      else { continue }
      tables[place].foreignKeys.append(
        TableDescription.ForeignKey(
          parent: TableName(schema, parent), onDelete: row[4] ?? "", onUpdate: row[5] ?? ""))
    }
    for row in answers[6] {
      guard let name = Self.name(row, count: 4), let place = places[name], let schema = row[2], let parent = row[3],
        !tables[place].foreignKeys.contains(where: { $0.parent == TableName(schema, parent) })
      else { continue }
      tables[place].foreignKeys.append(
        TableDescription.ForeignKey(parent: TableName(schema, parent), onDelete: "", onUpdate: ""))
    }
  }

  /// Tables of whose foreign keys the rules are not known: SHOW CREATE TABLE tells them.
  public var tablesWithUnknownRules: [TableName] {
    tables.filter { $0.foreignKeys.contains { !$0.isKnown } }.map(\.name)
  }

  /// Takes the foreign keys from what SHOW CREATE TABLE says.
  public mutating func setForeignKeys(of table: TableName, fromCreateTable text: String, _ version: ServerVersion) {
    guard let place = tables.firstIndex(where: { $0.name == table }) else { return }
    tables[place].foreignKeys = TableDescription.foreignKeys(of: table, text, version)
  }

  private static func name(_ row: [String?], count: Int) -> TableName? {
    guard row.count == count, let schema = row[0], let table = row[1] else { return nil }
    return TableName(schema, table)
  }

  private static func table(_ row: [String?], _ collations: CollationDirectory) -> TableDescription? {
    guard let name = name(row, count: 7) else { return nil }
    let collation = row[6].flatMap { collations.named($0)?.id } ?? 0
    return TableDescription(
      definition: TableDefinition(
        schema: name.schema, name: name.name, columns: [], primaryKey: [], defaultCollation: collation),
      columns: [], kind: row[2] == "SYSTEM VERSIONED" ? .systemVersioned : .base, engine: row[3] ?? "",
      estimatedRows: row[4].flatMap { Int($0) } ?? 0, estimatedBytes: row[5].flatMap { Int($0) } ?? 0,
      uniqueKeys: [], foreignKeys: [])
  }

  /// Columns that MariaDB takes for JSON: the whole constraint is ``json_valid(`column`)``. Its name is that which the
  /// column had when it was made.
  private static func jsonColumns(_ rows: [[String?]]) -> Set<[String]> {
    var columns: Set<[String]> = []
    for row in rows {
      guard let table = name(row, count: 4), let clause = row[3], clause.hasPrefix("json_valid(`"),
        clause.hasSuffix("`)")
      else { continue }
      var lexer = SQLLexer(Array(clause.dropFirst(11).utf8), sqlMode: [], version: ServerVersion(.mariaDB, 0))
      let column = lexer.next().text
      if clause == "json_valid(\(SQLIdentifier(column)))" { columns.insert([table.schema, table.name, column]) }
    }
    return columns
  }
}

extension TableDescription {
  fileprivate mutating func append(
    column row: [String?], _ json: Set<[String]>, _ version: ServerVersion, _ collations: CollationDirectory
  ) {
    guard let name = row[2], let typeText = row[3] else { return }
    guard var type = DataType(columnType: typeText, version: version) else {
      unreadable = "\(name) is of the unknown type \(typeText)"
      return
    }
    // MySQL names no collation where it is `binary`.
    if type.isText { type.characters = CharacterSetChoice(collation: row[5] ?? "binary") }
    guard var column = type.column(name, collations: collations, standard: nil, version: version) else {
      unreadable = "\(name) is of the unknown type or collation \(typeText) \(row[5] ?? "")"
      return
    }
    column.isNullable = row[4] == "YES"
    if type.isText, type.labels.isEmpty, json.contains([definition.schema, definition.name, name]) {
      column.refinement = .json
    }
    let extra = row[6] ?? ""
    definition.columns.append(column)
    columns.append(
      ColumnFacts(
        typeText: typeText,
        generated: extra.contains("VIRTUAL GENERATED")
          ? .virtual : extra.contains("STORED GENERATED") || extra.contains("PERSISTENT") ? .stored : .no,
        isInvisible: extra.contains("INVISIBLE")))
  }

  /// Rows come in order of the index and of the part.
  fileprivate mutating func append(keyPart row: [String?]) {
    guard let index = row[2] else { return }
    let column = row[3] ?? ""
    if index == "PRIMARY" {
      definition.primaryKey.append(column)
      return
    }
    if uniqueKeys.last?.name != index {
      uniqueKeys.append(UniqueKey(name: index, columns: [], isNotNull: true, isWhole: true))
    }
    let last = uniqueKeys.count - 1
    uniqueKeys[last].columns.append(column)
    if row[4] == "YES" { uniqueKeys[last].isNotNull = false }
    if row[5] != nil || row[3] == nil { uniqueKeys[last].isWhole = false }
  }
}
