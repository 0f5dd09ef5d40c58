// SPDX-License-Identifier: Apache-2.0
internal import MySQL

/// The last statement on foreign keys that was met by a term which knew those before it: the rows before that statement
/// have been judged by the foreign keys of their time, even if they are read again.
final class ForeignKeyStatements {
  private var last: (begin: BinlogFilePosition, serverUUID: String)?

  func note(_ begin: BinlogFilePosition, of serverUUID: String) { last = (begin, serverUUID) }

  func covers(_ begin: BinlogFilePosition, of serverUUID: String) -> Bool {
    guard let last, last.serverUUID == serverUUID else { return false }
    return begin <= last.begin
  }
}

// Foreign keys are known as of when the catalogue was read.
extension MySQLSchemaFollower {
  /// What a statement has done to them.
  enum ForeignKeyEffect: Equatable {
    case none
    /// They are not those any more that the catalogue had.
    case newer(TableReference)
    /// The catalogue was read after it. What it has removed may have changed rows of these tables before.
    case removed([TableReference])
  }

  func foreignKeyEffect(of statement: DDLStatement, _ applier: MySQLApplier) -> ForeignKeyEffect {
    guard !logsCascades, let transaction = applier.transaction else { return .none }
    let change = foreignKeyChange(of: statement)
    guard let first = change.tables.first else { return .none }
    let server = applier.complete.serverUUID
    guard lookedAt.covers(transaction.name, from: transaction.begin, of: server) else {
      // While the catalogue was read, it may have come before or after: whoever reads it next will not know either.
      if !readBy.covers(transaction.name, from: transaction.begin, of: server) {
        statements.note(transaction.begin, of: server)
      }
      return .newer(first)
    }
    if !change.removes || statements.covers(transaction.begin, of: server) { return .none }
    let all = Dictionary(change.tables.map { ($0, [.delete, .update] as MySQLCascades.Change) }) { first, _ in first }
    let suspects = cascades.followers(of: all).union(change.tables)
    return .removed(
      applier.tables.chosen.filter { suspects.contains($0.reference) && applier.applies($0) }
        .map(\.reference))
  }

  /// Tables whose foreign keys, or those that refer to them, may be others now.
  private func foreignKeyChange(of statement: DDLStatement) -> (tables: [TableReference], removes: Bool) {
    // Those of which it says so.
    var named: [TableName] = []
    // Those that are not there any more, or under another name, or with other columns.
    var moved: [TableName] = []
    var removes = false
    switch statement {
    case .alterTable(let alter):
      for clause in alter.clauses {
        switch clause {
        case .addForeignKey: named = [alter.table]
        case .dropConstraint:
          named = [alter.table]
          removes = true
        case .rename(let name): moved += [alter.table, name]
        // Of a table that nobody chose the definition was as of the catalogue: its columns may have been elsewhere.
        case .add, .change, .drop, .renameColumn:
          if !isChosen(TableReference(alter.table)) { moved.append(alter.table) }
        default: break
        }
      }
    case .createTable(let create):
      if create.hasForeignKeys { named = [create.table] }
      if create.orReplace { moved = [create.table] }
    case .renameTables(let renamings): moved = renamings.flatMap { [$0.from, $0.to] }
    case .dropTables(let names): moved = names
    case .dropSchema(let name):
      moved = cascades.tables.filter { $0.schema == name }.map { TableName($0.schema, $0.table) }
    default: break
    }
    if named.isEmpty, moved.isEmpty { return ([], false) }
    let known = cascades.tables
    let tables =
      named.map { TableReference($0) }.filter { isChosen($0) || known.contains($0) }
      + moved.map { TableReference($0) }.filter(known.contains)
    return (tables, removes || !moved.isEmpty)
  }
}
