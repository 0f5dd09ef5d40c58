// SPDX-License-Identifier: Apache-2.0

/// ALTER TABLE at work: all clauses are of one step, and name columns as they were before it, save behind AFTER.
struct TableAlteration {
  private(set) var table: TableDefinition
  /// Values change that the log does not have, and the definition may not show it.
  private(set) var changesRows = false
  /// CONVERT TO CHARACTER SET: also columns of this statement that name another.
  private var isConverted = false
  private let before: TableDefinition
  private let collations: CollationDirectory
  private let schemaCollation: UInt16?
  private let context: StatementContext

  init(
    _ table: TableDefinition, collations: CollationDirectory, schemaCollation: UInt16?, _ context: StatementContext
  ) {
    before = table
    self.table = table
    self.collations = collations
    self.schemaCollation = schemaCollation
    self.context = context
  }

  private struct Unreadable: Error {
    var reason: String
  }

  /// - Returns: why it cannot be done; nil if it is.
  mutating func apply(_ clauses: [AlterTable.Clause]) -> String? {
    do throws(Unreadable) {
      try setCharacters(clauses)
      try changeColumns(clauses)
      return nil
    } catch {
      return error.reason
    }
  }

  private mutating func setCharacters(_ clauses: [AlterTable.Clause]) throws(Unreadable) {
    for clause in clauses {
      switch clause {
      case .characters(let choice), .convert(let choice):
        // `COLLATE` alone belongs to the table's own character set, `CHARACTER SET DEFAULT` to the schema's.
        let isDefault = choice.characterSet == "DEFAULT" || choice.collation == "DEFAULT"
        // Which collation that is depends on MariaDB's version.
        if isDefault, context.version.flavor == .mariaDB { throw Unreadable(reason: "CHARACTER SET DEFAULT") }
        let standard = isDefault ? schemaCollation : table.defaultCollation
        guard let collation = choice.resolved(collations, standard: standard) else {
          throw Unreadable(reason: "a character set that is not known")
        }
        table.defaultCollation = collation
        if case .convert = clause {
          try convert(to: collation)
          isConverted = true
        }
      case .rowsChange: changesRows = true
      default: break
      }
    }
  }

  // MARK: Columns

  /// Columns of the table before, where they are now, and which new name they have.
  private mutating func changeColumns(_ clauses: [AlterTable.Clause]) throws(Unreadable) {
    var columns: [ColumnDefinition?] = table.columns
    var names: [String?] = table.columns.map(\.name)
    var key: [String]?
    var later: [(column: ColumnDefinition, place: AlterTable.Place)] = []
    var isKeyDropped = false
    var notNull: [String] = []
    for clause in clauses {
      switch clause {
      case .drop(let name, let ifExists):
        guard let index = try find(name, ifExists) else { continue }
        columns[index] = nil
        names[index] = nil
      case .renameColumn(let old, let new, let ifExists):
        guard let index = try find(old, ifExists) else { continue }
        columns[index]?.name = new
        names[index] = new
      case .change(let old, let new, let place, let ifExists):
        guard let index = try find(old, ifExists) else { continue }
        let column = try definition(new)
        names[index] = column.name
        if new.isPrimaryKey { key = [column.name] }
        if new.isGenerated { changesRows = true }
        columns[index] = place == .last ? column : nil
        if place != .last { later.append((column, place)) }
      case .add(let new, let place, let ifNotExists):
        if ifNotExists, before.index(ofColumn: new.name) != nil { continue }
        if new.isPrimaryKey { key = [new.name] }
        later.append((try definition(new), place))
      case .addPrimaryKey(let names): key = names
      case .dropPrimaryKey: isKeyDropped = true
      case .setNotNull(let names): notNull += names
      case .rename, .convert, .characters, .addForeignKey, .dropConstraint, .rowsChange, .exchange: break
      }
    }
    table.columns = columns.compactMap { $0 }
    for (column, place) in later { try insert(column, place) }
    let kept = before.primaryKey.compactMap { name in before.index(ofColumn: name).flatMap { names[$0] } }
    table.setPrimaryKey(key ?? (isKeyDropped ? [] : kept))
    table.setNotNull(notNull)
  }

  private func find(_ name: String, _ ifExists: Bool) throws(Unreadable) -> Int? {
    if let index = before.index(ofColumn: name) { return index }
    if ifExists { return nil }
    throw Unreadable(reason: "\(name) is no column of \(before.tableName)")
  }

  private func definition(_ clause: ColumnClause) throws(Unreadable) -> ColumnDefinition {
    var clause = clause
    if isConverted, clause.type.isText, clause.type.characters.characterSet != "binary" {
      clause.type.characters = CharacterSetChoice()
      clause.type.isBinaryCollation = false
    }
    guard let column = clause.definition(collations, standard: table.defaultCollation, context) else {
      throw Unreadable(reason: "the type or collation of \(clause.name) is not known")
    }
    return column
  }

  private mutating func insert(_ column: ColumnDefinition, _ place: AlterTable.Place) throws(Unreadable) {
    switch place {
    case .last: table.columns.append(column)
    case .first: table.columns.insert(column, at: 0)
    case .after(let name):
      guard let index = table.index(ofColumn: name) else {
        throw Unreadable(reason: "AFTER \(name), which is no column of \(before.tableName)")
      }
      table.columns.insert(column, at: index + 1)
    }
  }

  // MARK: CONVERT TO CHARACTER SET

  /// "For a column that has a data type of VARCHAR or one of the TEXT types, CONVERT TO CHARACTER SET changes the data
  /// type as necessary to ensure that the new column is long enough to store as many characters as the original
  /// column."
  private mutating func convert(to id: UInt16) throws(Unreadable) {
    guard let collation = collations[id] else { throw Unreadable(reason: "collation \(id) is not known") }
    for index in table.columns.indices {
      let column = table.columns[index]
      guard column.collation != 0, column.collation != CollationDirectory.binary else { continue }
      guard let old = collations[column.collation] else {
        throw Unreadable(reason: "collation \(column.collation) is not known")
      }
      table.columns[index].collation = id
      let (from, to) = (old.bytesPerCharacterMax, collation.bytesPerCharacterMax)
      switch column.type {
      case .string: table.columns[index].metadata = UInt16(clamping: Int(column.metadata) / from * to)
      case .varchar, .varcharCompressed:
        let more = column.type == .varcharCompressed ? 1 : 0
        let bytes = (Int(column.metadata) - more) / from * to
        if bytes > 65_535 {
          table.columns[index].type = more == 1 ? .blobCompressed : .blob
          table.columns[index].metadata = UInt16(DataType.lengthBytes(bytes))
        } else {
          table.columns[index].metadata = UInt16(bytes + more)
        }
      case .blob, .blobCompressed:
        let bytes = (1 << (8 * min(Int(column.metadata), 4))) - 1
        let width = DataType.lengthBytes(bytes / from * to)
        table.columns[index].metadata = max(column.metadata, UInt16(width))
      default: break
      }
    }
  }
}
