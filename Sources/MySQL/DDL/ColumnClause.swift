// SPDX-License-Identifier: Apache-2.0

/// A column as CREATE or ALTER TABLE defines it.
public struct ColumnClause: Hashable, Sendable {
  public var name: String
  public var type: DataType
  /// What is said; nil if nothing is.
  public var isNullable: Bool?
  public var isPrimaryKey = false
  public var isAutoIncrement = false
  /// Computed from other columns.
  public var isGenerated = false
  /// `CHECK (json_valid(column))`
  public var isCheckedJSON = false
  /// `REFERENCES`, which MariaDB and MySQL 9 do not pass over.
  public var isForeignKey = false

  init(name: String, type: DataType) {
    self.name = name
    self.type = type
  }
}

extension SQLParser {
  /// A column's name, type and attributes, up to the comma or parenthesis behind them.
  mutating func columnClause() -> ColumnClause? {
    guard let name = name(), let type = dataType() else { return nil }
    var column = ColumnClause(name: name, type: type)
    if type.isSerial { column.isNullable = false }
    while !isAtEnd, !peek().isSign(","), !peek().isSign(")"), !isPlace { columnAttribute(&column) }
    return column
  }

  /// `FIRST` or `AFTER column`, which end a column's definition in ALTER TABLE.
  private var isPlace: Bool {
    mutating get { isNext("FIRST") || isNext("AFTER") }
  }

  /// One attribute; of those that do not matter so much that nothing of theirs is taken for another.
  private mutating func columnAttribute(_ column: inout ColumnClause) {
    if characterSetChoice(&column.type.characters) { return }
    let token = next()
    switch token.keyword {
    case "NOT":
      // Also NOT ENFORCED, NOT SECONDARY.
      if accept("NULL") { column.isNullable = false } else { next() }
    case "NULL": column.isNullable = true
    case "PRIMARY":
      accept("KEY")
      column.isPrimaryKey = true
    case "UNIQUE": accept("KEY")
    // "PRIMARY KEY can also be specified as just KEY when given in a column definition."
    case "KEY": column.isPrimaryKey = true
    case "AUTO_INCREMENT": column.isAutoIncrement = true
    case "SERIAL":
      // SERIAL DEFAULT VALUE
      if accept("DEFAULT", "VALUE") {
        column.isAutoIncrement = true
        column.isNullable = false
      }
    case "DEFAULT": skipExpression()
    case "ON":
      // ON UPDATE CURRENT_TIMESTAMP; in REFERENCES also ON DELETE SET NULL.
      accept(oneOf: ["UPDATE", "DELETE"])
      if accept("SET") || accept("NO") { next() } else { skipExpression() }
    case "AS":
      column.isGenerated = true
      skipOne()
    case "GENERATED": rowPeriod(&column)
    case "CHECK":
      let clause = parenthesized()
      if isJSONCheck(clause, of: column.name) { column.isCheckedJSON = true }
    case "CONSTRAINT":
      if !isNext("CHECK") { next() }
    case "REFERENCES":
      column.isForeignKey = true
      _ = tableName()
      skipParentheses()
    case "INVISIBLE", "VISIBLE", "COMMENT", "COLUMN_FORMAT", "STORAGE", "SRID", "VIRTUAL", "STORED", "PERSISTENT":
      break
    case "": if token.isSign("(") { skipRest() }
    default:
      // An engine's own: name = value.
      if accept(sign: "=") { next() }
    }
  }

  /// GENERATED ALWAYS AS (expression), or AS ROW START | END: NOT NULL.
  private mutating func rowPeriod(_ column: inout ColumnClause) {
    accept("ALWAYS")
    guard accept("AS") else { return }
    if accept("ROW") {
      next()
      column.isNullable = false
    } else {
      column.isGenerated = true
      skipOne()
    }
  }

  /// After an opening parenthesis, up to the one that closes it.
  private mutating func skipRest() {
    var depth = 1
    while depth > 0, peek().kind != .end {
      let token = next()
      if token.isSign("(") { depth += 1 }
      if token.isSign(")") { depth -= 1 }
    }
  }

  /// The expression of DEFAULT or ON UPDATE: a literal with its sign, a name, a call, or anything in parentheses.
  private mutating func skipExpression() {
    while peek().isSign("-") || peek().isSign("+") { next() }
    if accept("CASE") {
      while !isAtEnd, !accept("END") { skipOne() }
      return
    }
    if accept("NEXT", "VALUE", "FOR") {
      _ = tableName()
      return
    }
    if isNext("INTERVAL") {
      next()
      skipOne()
    }
    skipOne()
    skipParentheses()
  }

  private func isJSONCheck(_ clause: [SQLToken], of column: String) -> Bool {
    clause.count == 4 && clause[0].text.lowercased() == "json_valid" && clause[1].isSign("(") && clause[3].isSign(")")
      && clause[2].text.lowercased() == column.lowercased()
  }
}
