// SPDX-License-Identifier: Apache-2.0

/// CREATE TABLE.
public struct CreateTable: Hashable, Sendable {
  public enum Source: Hashable, Sendable {
    /// The columns of the statement are all.
    case columns
    case like(TableName)
    /// Columns of a query too, which cannot be told from the statement.
    case query
  }

  public var table: TableName
  public var source = Source.columns
  public var ifNotExists = false
  /// MariaDB: one of the same name is dropped first.
  public var orReplace = false
  public var columns: [ColumnClause] = []
  /// Names in key order; empty where there is none, or where it is said with a column.
  public var primaryKey: [String] = []
  /// Columns that a constraint makes NOT NULL.
  public var notNull: [String] = []
  public var characters = CharacterSetChoice()
  /// Its rows may follow those of other tables.
  public var hasForeignKeys = false

  init(table: TableName) { self.table = table }
}

/// What a key, index, check or period does to columns.
struct TableConstraint {
  /// Names in key order; empty for every other constraint.
  var primaryKey: [String] = []
  var notNull: [String] = []
  var isForeignKey = false
}

extension SQLParser {
  /// After CREATE [OR REPLACE] TABLE.
  mutating func createTable(orReplace: Bool) -> DDLStatement {
    let ifNotExists = acceptIfExists()
    guard let table = tableName() else { return .unknown(keyword: "CREATE TABLE") }
    var create = CreateTable(table: table)
    create.ifNotExists = ifNotExists
    create.orReplace = orReplace
    if accept("LIKE") {
      return likeTable(create)
    }
    if peek().isSign("("), peek(1).keyword == "LIKE" {
      next()
      next()
      return likeTable(create)
    }
    if peek().isSign("("), !["SELECT", "WITH", "VALUES", "TABLE"].contains(peek(1).keyword), !peek(1).isSign("(") {
      next()
      guard tableElements(&create) else { return .unknown(keyword: "CREATE TABLE \(table)") }
    }
    tableOptions(&create)
    return .createTable(create)
  }

  private mutating func likeTable(_ create: CreateTable) -> DDLStatement {
    guard let origin = tableName() else { return .unknown(keyword: "CREATE TABLE \(create.table)") }
    var create = create
    create.source = .like(origin)
    return .createTable(create)
  }

  private mutating func tableElements(_ create: inout CreateTable) -> Bool {
    repeat {
      if let constraint = constraint() {
        if !constraint.primaryKey.isEmpty { create.primaryKey = constraint.primaryKey }
        create.notNull += constraint.notNull
        if constraint.isForeignKey { create.hasForeignKeys = true }
      } else if let column = columnClause() {
        create.columns.append(column)
        if column.isForeignKey { create.hasForeignKeys = true }
      } else {
        return false
      }
    } while accept(sign: ",")
    return accept(sign: ")")
  }

  /// A key, index, check or period, if one comes next.
  mutating func constraint() -> TableConstraint? {
    var constraint = TableConstraint()
    let further = peek(1)
    switch peek().keyword {
    case "CONSTRAINT":
      next()
      acceptIfExists()
      if !["PRIMARY", "UNIQUE", "FOREIGN", "CHECK"].contains(peek().keyword) { next() }
      return isNext("CONSTRAINT") ? nil : self.constraint() ?? constraint
    case "PRIMARY":
      next()
      accept("KEY")
      acceptIfExists()
      if accept("USING") || accept("TYPE") { next() }
      // Some clients give it a name, which does not count.
      if !peek().isSign("(") { next() }
      constraint.primaryKey = list { $0.keyPart() } ?? []
    case "FOREIGN": constraint.isForeignKey = true
    case "INDEX", "KEY", "UNIQUE", "FULLTEXT", "SPATIAL", "CHECK", "LIKE": break
    // These are names too.
    case "VECTOR" where ["INDEX", "KEY"].contains(further.keyword) || further.isSign("("): break
    case "PERIOD" where further.keyword == "FOR":
      next()
      next()
      let isSystemTime = accept("SYSTEM_TIME")
      if !isSystemTime { next() }
      // The columns of SYSTEM_TIME say so themselves.
      constraint.notNull = isSystemTime ? [] : list { $0.name() } ?? []
    default: return nil
    }
    skipElement()
    return constraint
  }

  /// `column [(length)] [ASC | DESC]`; MariaDB: `period WITHOUT OVERLAPS`, which is no column.
  private mutating func keyPart() -> String? {
    guard let name = name() else { return nil }
    while !isAtEnd, !peek().isSign(","), !peek().isSign(")") { skipOne() }
    return name
  }

  /// Table options and partitions; a query may follow.
  private mutating func tableOptions(_ create: inout CreateTable) {
    while !isAtEnd {
      if characterSetChoice(&create.characters) { continue }
      switch peek().keyword {
      case "SELECT", "WITH", "VALUES", "TABLE":
        // WITH SYSTEM VERSIONING is an option.
        if isNext("WITH"), peek(1).keyword == "SYSTEM" {
          next()
          next()
        } else {
          create.source = .query
          return
        }
      case "START":
        // "START TRANSACTION": the rows of the query follow in the same transaction.
        return
      default:
        if peek().isSign("("), ["SELECT", "WITH"].contains(peek(1).keyword) || peek(1).isSign("(") {
          create.source = .query
          return
        }
        skipOne()
      }
    }
  }
}
