// SPDX-License-Identifier: Apache-2.0

/// ALTER TABLE: what of it changes the definition or the rows.
public struct AlterTable: Hashable, Sendable {
  public enum Place: Hashable, Sendable {
    case last
    case first
    case after(String)
  }

  public enum Clause: Hashable, Sendable {
    case add(ColumnClause, Place, ifNotExists: Bool)
    /// MODIFY, and CHANGE with another name; `.last` leaves it where it is.
    case change(String, ColumnClause, Place, ifExists: Bool)
    case drop(String, ifExists: Bool)
    case renameColumn(String, to: String, ifExists: Bool)
    case addPrimaryKey([String])
    case dropPrimaryKey
    /// A period makes its columns NOT NULL.
    case setNotNull([String])
    case rename(TableName)
    case convert(CharacterSetChoice)
    case characters(CharacterSetChoice)
    case addForeignKey
    /// It may be a foreign key.
    case dropConstraint
    /// Drops, exchanges or truncates partitions or the whole: rows go or come that the log does not have.
    case rowsChange(String)
    /// The table with which a partition is exchanged: its rows change too.
    case exchange(TableName)
  }

  public var table: TableName
  public var clauses: [Clause] = []

  init(table: TableName) { self.table = table }
}

extension SQLParser {
  /// After ALTER TABLE.
  mutating func alterTable(ignore: Bool) -> DDLStatement {
    acceptIfExists()
    guard let table = tableName() else { return .unknown(keyword: "ALTER TABLE") }
    var alter = AlterTable(table: table)
    // "If duplicates are found … only one row is used … the others are deleted."
    if ignore { alter.clauses.append(.rowsChange("ALTER IGNORE")) }
    if accept("WAIT") { next() } else { accept("NOWAIT") }
    repeat {
      // Partition clauses follow without a comma.
      while !isAtEnd, !peek().isSign(",") {
        guard alterClause(&alter) else { return .unknown(keyword: "ALTER TABLE \(table)") }
      }
    } while accept(sign: ",")
    return .alterTable(alter)
  }

  /// - Returns: false if it cannot be read.
  private mutating func alterClause(_ alter: inout AlterTable) -> Bool {
    var choice = CharacterSetChoice()
    let start = peek().keyword
    if start == "DEFAULT" || start == "CHARACTER" || start == "CHARSET" || start == "COLLATE" {
      accept("DEFAULT")
      guard characterSetChoice(&choice) else {
        if start != "DEFAULT" { next() }
        return true
      }
      // The options may also stand one by one.
      repeat { accept("DEFAULT") } while characterSetChoice(&choice)
      alter.clauses.append(.characters(choice))
      return true
    }
    next()
    switch start {
    case "ADD": return add(&alter)
    case "DROP": drop(&alter)
    case "MODIFY", "CHANGE": return change(&alter, isChange: start == "CHANGE")
    case "RENAME": return rename(&alter)
    case "CONVERT":
      // CONVERT PARTITION … TO TABLE, CONVERT TABLE … TO PARTITION (MariaDB)
      guard accept("TO") else {
        alter.clauses.append(.rowsChange("CONVERT"))
        if accept("TABLE"), let other = tableName() { alter.clauses.append(.exchange(other)) }
        skipElement()
        return true
      }
      while characterSetChoice(&choice) {}
      alter.clauses.append(.convert(choice))
    case "TRUNCATE", "DISCARD", "IMPORT":
      alter.clauses.append(.rowsChange("\(start) \(next().keyword)"))
      skipElement()
    case "EXCHANGE":
      alter.clauses.append(.rowsChange("EXCHANGE PARTITION"))
      while !isAtEnd, !accept("TABLE") { next() }
      if let other = tableName() { alter.clauses.append(.exchange(other)) }
      skipElement()
    case "REORGANIZE", "PARTITION":
      // Each with lists that have commas of their own.
      if start == "REORGANIZE" { alter.clauses.append(.rowsChange("REORGANIZE PARTITION")) }
      while !isAtEnd { skipOne() }
    case "ENGINE":
      accept(sign: "=")
      let engine = next().text
      if engine.uppercased() == "BLACKHOLE" { alter.clauses.append(.rowsChange("ENGINE \(engine)")) }
    case "ORDER", "UNION":
      // ORDER BY a, b: up to the end of the statement.
      if start == "ORDER" { while !isAtEnd { skipOne() } } else { skipElement() }
    default: skipElement(orCharacterSet: true)
    }
    return true
  }

  /// Up to the next clause; table options need no comma between them.
  private mutating func skipElement(orCharacterSet: Bool) {
    while !isAtEnd, !peek().isSign(",") {
      let word = peek().keyword
      if ["CHARACTER", "CHARSET", "COLLATE", "DEFAULT", "ENGINE", "PARTITION"].contains(word) { return }
      skipOne()
    }
  }

  // MARK: ADD

  private mutating func add(_ alter: inout AlterTable) -> Bool {
    let isVersioning = isNext("SYSTEM") && peek(1).keyword == "VERSIONING"
    if isNext("PARTITION") || isVersioning {
      // From here on the log has rows of the table's history.
      if isVersioning { alter.clauses.append(.rowsChange("ADD SYSTEM VERSIONING")) }
      skipElement()
      return true
    }
    if !isNext("COLUMN"), let constraint = constraint() {
      alter.clauses += clauses(constraint)
      return true
    }
    accept("COLUMN")
    let ifNotExists = acceptIfExists()
    guard accept(sign: "(") else { return addColumn(&alter, ifNotExists) }
    repeat {
      if let constraint = constraint() {
        alter.clauses += clauses(constraint)
      } else if !addColumn(&alter, ifNotExists) {
        return false
      }
    } while accept(sign: ",")
    return accept(sign: ")")
  }

  private func clauses(_ constraint: TableConstraint) -> [AlterTable.Clause] {
    (constraint.primaryKey.isEmpty ? [] : [.addPrimaryKey(constraint.primaryKey)])
      + (constraint.notNull.isEmpty ? [] : [.setNotNull(constraint.notNull)])
      + (constraint.isForeignKey ? [.addForeignKey] : [])
  }

  private mutating func addColumn(_ alter: inout AlterTable, _ ifNotExists: Bool) -> Bool {
    guard let column = columnClause(), let place = place() else { return false }
    alter.clauses.append(.add(column, place, ifNotExists: ifNotExists))
    if column.isForeignKey { alter.clauses.append(.addForeignKey) }
    return true
  }

  private mutating func place() -> AlterTable.Place? {
    if accept("FIRST") { return .first }
    if accept("AFTER") { return name().map { .after($0) } }
    return .last
  }

  // MARK: The others

  private mutating func drop(_ alter: inout AlterTable) {
    switch peek().keyword {
    case "PRIMARY":
      next()
      accept("KEY")
      alter.clauses.append(.dropPrimaryKey)
    case "PARTITION":
      alter.clauses.append(.rowsChange("DROP PARTITION"))
      while !isAtEnd { skipOne() }
    case "FOREIGN", "CONSTRAINT":
      alter.clauses.append(.dropConstraint)
      skipElement()
    case "INDEX", "KEY", "CHECK": skipElement()
    case "SYSTEM" where peek(1).keyword == "VERSIONING":
      alter.clauses.append(.rowsChange("DROP SYSTEM VERSIONING"))
      skipElement()
    case "PERIOD" where peek(1).keyword == "FOR": skipElement()
    default:
      accept("COLUMN")
      let ifExists = acceptIfExists()
      if let name = name() { alter.clauses.append(.drop(name, ifExists: ifExists)) }
      accept(oneOf: ["RESTRICT", "CASCADE"])
    }
  }

  private mutating func change(_ alter: inout AlterTable, isChange: Bool) -> Bool {
    accept("COLUMN")
    let ifExists = acceptIfExists()
    let first = isChange ? name() : nil
    guard let column = columnClause(), let place = place() else { return false }
    guard let old = isChange ? first : column.name else { return false }
    alter.clauses.append(.change(old, column, place, ifExists: ifExists))
    if column.isForeignKey { alter.clauses.append(.addForeignKey) }
    return true
  }

  private mutating func rename(_ alter: inout AlterTable) -> Bool {
    if accept(oneOf: ["INDEX", "KEY"]) != nil {
      skipElement()
      return true
    }
    if accept("COLUMN") {
      let ifExists = acceptIfExists()
      guard let old = name(), accept("TO"), let new = name() else { return false }
      alter.clauses.append(.renameColumn(old, to: new, ifExists: ifExists))
      return true
    }
    if accept(oneOf: ["TO", "AS"]) == nil { accept(sign: "=") }
    guard let table = tableName() else { return false }
    alter.clauses.append(.rename(table))
    return true
  }
}
