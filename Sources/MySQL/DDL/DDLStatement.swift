// SPDX-License-Identifier: Apache-2.0

/// A statement of the log (QUERY event), as far as it decides how rows are read or which rows there are.
public enum DDLStatement: Hashable, Sendable {
  case createTable(CreateTable)
  case alterTable(AlterTable)
  case renameTables([Renaming])
  /// Without temporary tables.
  case dropTables([TableName])
  case truncateTable(TableName)
  case createSchema(SchemaChange)
  case alterSchema(SchemaChange)
  case dropSchema(String)
  /// Rows changed by a statement, which the log does not have as rows. The tables it names; triggers and cascades may
  /// have changed others. Nil: it cannot be told which.
  case rows(tables: [TableName]?)
  case transaction(TransactionStatement)
  /// Changes neither definitions nor rows: views, indexes, users, settings …
  case irrelevant
  /// A statement that is not understood: any table may be concerned that is named in it.
  case unknown(keyword: String)

  public struct Renaming: Hashable, Sendable {
    public var from: TableName
    public var to: TableName

    public init(from: TableName, to: TableName) {
      self.from = from
      self.to = to
    }
  }

  public struct SchemaChange: Hashable, Sendable {
    public var name: String
    public var characters: CharacterSetChoice
    /// It may have been there before, and then stays as it is.
    public var ifNotExists = false
    /// MariaDB: one of the same name is dropped first.
    public var orReplace = false
  }

  /// - Parameter text: in the client's character set.
  public init(parsing text: [UInt8], _ context: StatementContext) {
    if context.isWithoutEffect {
      self = .irrelevant
      return
    }
    if let transaction = TransactionStatement(text) {
      self = .transaction(transaction)
      return
    }
    var parser: SQLParser
    if let utf8 = CharacterSetText.statement(text, context.clientCharacterSet) {
      parser = SQLParser(utf8, context)
      self = parser.statement()
    } else {
      // Its words can be read, its names cannot.
      parser = SQLParser(text, context)
      let statement = parser.statement()
      self = statement.namesTables ? .unknown(keyword: "in \(context.clientCharacterSet)") : statement
    }
  }

  private var namesTables: Bool {
    switch self {
    case .transaction, .irrelevant, .unknown: false
    case .createTable, .alterTable, .renameTables, .dropTables, .truncateTable, .createSchema, .alterSchema,
      .dropSchema, .rows:
      true
    }
  }
}

extension CharacterSetText {
  /// A statement's text in UTF-8; nil if it is in a character set that is not known here.
  static func statement(_ text: [UInt8], _ characterSet: String) -> [UInt8]? {
    if characterSet == "latin1", text.contains(where: { $0 >= 0x80 }) {
      return decode(text, characterSet).map { Array($0.utf8) }
    }
    // A server takes what a client sends: in a comment or a value there may be bytes that are no UTF-8.
    if ["utf8mb4", "utf8mb3", "binary", "latin1"].contains(characterSet) { return text }
    return text.contains { $0 >= 0x80 } ? nil : text
  }
}
