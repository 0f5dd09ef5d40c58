// SPDX-License-Identifier: Apache-2.0

extension SQLParser {
  /// The statement, from its first word on.
  mutating func statement() -> DDLStatement {
    while accept(sign: "(") || accept(sign: ";") {}
    if peek().kind == .end { return .irrelevant }
    // MariaDB: SET STATEMENT variable = value FOR statement
    if accept("SET", "STATEMENT") {
      while !isAtEnd, !accept("FOR") { skipOne() }
    }
    let word = next().keyword
    switch word {
    case "CREATE": return create()
    case "ALTER": return alter()
    case "DROP": return drop()
    case "RENAME": return rename()
    case "TRUNCATE":
      accept("TABLE")
      return tableName().map { .truncateTable($0) } ?? .unknown(keyword: word)
    case "INSERT", "REPLACE", "UPDATE", "DELETE", "LOAD": return rows(word)
    // What a routine does is in the log as its own statements, except where it is called for its effect.
    case "WITH", "CALL", "SELECT", "DO", "TABLE", "VALUES", "EXECUTE", "HANDLER", "IMPORT":
      return .rows(tables: nil)
    case _ where Self.withoutEffect.contains(word): return .irrelevant
    default: return .unknown(keyword: word.isEmpty ? "?" : word)
    }
  }

  /// Statements that change neither definitions nor rows of tables.
  private static let withoutEffect: Set = [
    "SET", "GRANT", "REVOKE", "ANALYZE", "OPTIMIZE", "CHECK", "REPAIR", "FLUSH", "RESET", "PURGE", "CHANGE", "START",
    "STOP", "INSTALL", "UNINSTALL", "SHOW", "USE", "KILL", "LOCK", "UNLOCK", "CACHE", "DESCRIBE", "DESC", "EXPLAIN",
    "HELP", "BACKUP", "CLONE", "SHUTDOWN", "RESTART", "BINLOG", "PREPARE", "DEALLOCATE", "SIGNAL", "COMMIT", "ROLLBACK",
    "BEGIN", "SAVEPOINT", "RELEASE", "XA", "REPLICATION",
  ]

  // MARK: CREATE, ALTER, DROP, RENAME

  private mutating func create() -> DDLStatement {
    let orReplace = accept("OR", "REPLACE")
    if accept("TEMPORARY") { return .irrelevant }
    if accept("TABLE") { return createTable(orReplace: orReplace) }
    if accept(oneOf: ["DATABASE", "SCHEMA"]) != nil {
      let ifNotExists = acceptIfExists()
      guard let name = schemaName() else { return .unknown(keyword: "CREATE DATABASE") }
      return .createSchema(
        DDLStatement.SchemaChange(
          name: name, characters: schemaOptions(), ifNotExists: ifNotExists, orReplace: orReplace))
    }
    return .irrelevant
  }

  private mutating func schemaOptions() -> CharacterSetChoice {
    var choice = CharacterSetChoice()
    while !isAtEnd { if !characterSetChoice(&choice) { skipOne() } }
    return choice
  }

  private mutating func alter() -> DDLStatement {
    var ignore = false
    while let word = accept(oneOf: ["ONLINE", "OFFLINE", "IGNORE"]) { ignore = ignore || word == "IGNORE" }
    if accept("TABLE") { return alterTable(ignore: ignore) }
    guard accept(oneOf: ["DATABASE", "SCHEMA"]) != nil else { return .irrelevant }
    let options: Set = ["DEFAULT", "CHARACTER", "CHARSET", "COLLATE", "ENCRYPTION", "READ", "COMMENT"]
    // "If you omit the database name, the statement applies to the default database."
    let isUnnamed = peek().kind == .word && options.contains(peek().keyword) && peek(1).keyword != "UPGRADE"
    let name = isUnnamed ? context.defaultSchema : schemaName() ?? context.defaultSchema
    return .alterSchema(DDLStatement.SchemaChange(name: name, characters: schemaOptions()))
  }

  private mutating func drop() -> DDLStatement {
    if accept("TEMPORARY") { return .irrelevant }
    if accept(oneOf: ["TABLE", "TABLES"]) != nil {
      acceptIfExists()
      var tables: [TableName] = []
      repeat {
        guard let table = tableName() else { return .unknown(keyword: "DROP TABLE") }
        tables.append(table)
      } while accept(sign: ",")
      return .dropTables(tables)
    }
    guard accept(oneOf: ["DATABASE", "SCHEMA"]) != nil else { return .irrelevant }
    acceptIfExists()
    return schemaName().map { .dropSchema($0) } ?? .unknown(keyword: "DROP DATABASE")
  }

  private mutating func rename() -> DDLStatement {
    guard accept(oneOf: ["TABLE", "TABLES"]) != nil else { return .irrelevant }
    acceptIfExists()
    var renamings: [DDLStatement.Renaming] = []
    repeat {
      guard let from = tableName() else { return .unknown(keyword: "RENAME TABLE") }
      if accept("WAIT") { next() } else { accept("NOWAIT") }
      guard accept("TO"), let to = tableName() else { return .unknown(keyword: "RENAME TABLE") }
      renamings.append(DDLStatement.Renaming(from: from, to: to))
    } while accept(sign: ",")
    return .renameTables(renamings)
  }

  // MARK: Rows

  private static let modifiers: Set = [
    "LOW_PRIORITY", "HIGH_PRIORITY", "DELAYED", "CONCURRENT", "QUICK", "IGNORE", "LOCAL", "HISTORY",
  ]

  private mutating func rows(_ word: String) -> DDLStatement {
    while accept(oneOf: Self.modifiers) != nil {}
    switch word {
    case "INSERT", "REPLACE":
      accept("INTO")
      return .rows(tables: tableName().map { [$0] })
    case "LOAD":
      while !isAtEnd, !accept("INTO", "TABLE") { next() }
      return .rows(tables: tableName().map { [$0] })
    case "UPDATE": return .rows(tables: tableReferences(until: "SET"))
    default:
      // DELETE FROM t …; DELETE t, u FROM …; DELETE FROM t, u USING …
      if !isNext("FROM") { while !isAtEnd, !isNext("FROM") { next() } }
      accept("FROM")
      return .rows(tables: tableReferences(until: "WHERE", "ORDER", "LIMIT", "RETURNING"))
    }
  }

  /// The tables of `a AS x JOIN (b, c) ON …`: more than are changed, but none fewer. Nil if a query is among them.
  private mutating func tableReferences(until ends: String...) -> [TableName]? {
    var tables: [TableName] = []
    var isExpected = true
    while !isAtEnd, !ends.contains(peek().keyword) {
      let token = peek()
      switch token.keyword {
      case "SELECT", "WITH": return nil
      case "JOIN", "STRAIGHT_JOIN", "USING":
        isExpected = true
        next()
      case "ON", "AS", "PARTITION", "INNER", "LEFT", "RIGHT", "OUTER", "CROSS", "NATURAL":
        isExpected = false
        next()
      default:
        if token.isSign(",") || token.isSign("(") {
          isExpected = true
          next()
        } else if isExpected, let table = tableName() {
          tables.append(table)
          isExpected = false
        } else {
          next()
        }
      }
    }
    return tables
  }
}
