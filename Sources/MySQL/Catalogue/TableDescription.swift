// SPDX-License-Identifier: Apache-2.0

/// A table as the catalogue has it now: its definition, and what decides whether and how it can be followed.
public struct TableDescription: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case base
    /// MariaDB: beside each change of a row the log has an INSERT of the row as it was, under the same key.
    case systemVersioned
  }

  public enum Generated: Hashable, Sendable {
    case no
    case stored
    case virtual
  }

  /// What the definition does not say of a column; in the same order.
  public struct ColumnFacts: Hashable, Sendable {
    /// COLUMN_TYPE: `int(10) unsigned zerofill`
    public var typeText: String
    public var generated: Generated
    public var isInvisible: Bool
  }

  public struct UniqueKey: Hashable, Sendable {
    public var name: String
    /// In key order.
    public var columns: [String]
    /// None of its columns may be null.
    public var isNotNull: Bool
    /// It holds whole values: no prefix of a column, no expression.
    public var isWhole: Bool
  }

  /// This table's rows follow those of another.
  public struct ForeignKey: Hashable, Sendable {
    public var parent: TableName
    /// `CASCADE`, `SET NULL`, `SET DEFAULT`, `RESTRICT`, `NO ACTION`; empty if it is not known.
    public var onDelete: String
    public var onUpdate: String

    var isKnown: Bool { !onDelete.isEmpty && !onUpdate.isEmpty }

    /// A change of the parent changes rows of this table, or may do so.
    public var changesRows: Bool { followsDeletes || followsUpdates }
    public var followsDeletes: Bool { Self.changesRows(onDelete) }
    public var followsUpdates: Bool { Self.changesRows(onUpdate) }

    private static func changesRows(_ rule: String) -> Bool {
      ["CASCADE", "SET NULL", "SET DEFAULT", ""].contains(rule)
    }
  }

  public var definition: TableDefinition
  public var columns: [ColumnFacts]
  public var kind: Kind
  /// `InnoDB`
  public var engine: String
  /// Of the server's statistics; may be far off.
  public var estimatedRows: Int
  public var estimatedBytes: Int
  /// Without the primary key.
  public var uniqueKeys: [UniqueKey]
  public var foreignKeys: [ForeignKey]
  /// Why the definition cannot be made: a type that is not known. Then the definition lacks that column.
  public var unreadable: String?

  public var name: TableName { definition.tableName }
  public var identifier: SQLIdentifier { SQLIdentifier(name) }
  public var generatedColumns: Set<String> {
    Set(zip(definition.columns, columns).filter { $1.generated != .no }.map(\.0.name))
  }

  /// Engines whose statements take part in transactions: a dump in a snapshot sees them as of one moment.
  public var isTransactional: Bool {
    ["innodb", "ndbcluster", "rocksdb", "tokudb", "xtradb"].contains(engine.lowercased())
  }
}

// What SHOW CREATE TABLE says.
extension TableDescription {
  /// Of a table that is of interest only because others follow its rows. One with a column of an unknown type has no
  /// columns here.
  init(_ name: TableName, createTable text: String, _ version: ServerVersion, _ collations: CollationDirectory) {
    let context = StatementContext(version: version, defaultSchema: name.schema)
    let statement = DDLStatement(parsing: Array(text.utf8), context)
    var history = SchemaHistory([], schemaCollations: [name.schema: 0], collations: collations)
    _ = history.apply(statement, context)
    let definition = history.tables[name]
    self.init(
      definition: definition ?? TableDefinition(schema: name.schema, name: name.name, columns: [], primaryKey: []),
      columns: [], kind: .base, engine: "", estimatedRows: 0, estimatedBytes: 0, uniqueKeys: [],
      foreignKeys: Self.foreignKeys(of: name, text, version))
    guard definition != nil, case .createTable(let create) = statement else { return }
    columns = create.columns.map {
      ColumnFacts(typeText: $0.type.name, generated: $0.isGenerated ? .stored : .no, isInvisible: false)
    }
  }

  static func foreignKeys(of table: TableName, _ text: String, _ version: ServerVersion) -> [ForeignKey] {
    var parser = SQLParser(Array(text.utf8), StatementContext(version: version, defaultSchema: table.schema))
    return parser.foreignKeys()
  }

  /// Parents whose changes may change rows of this table.
  var followedTables: [TableName] { foreignKeys.filter(\.changesRows).map(\.parent) }
}

extension SQLParser {
  /// Those of a CREATE TABLE, as the server prints it.
  mutating func foreignKeys() -> [TableDescription.ForeignKey] {
    var keys: [TableDescription.ForeignKey] = []
    while !isAtEnd {
      guard next().keyword == "FOREIGN", accept("KEY") else { continue }
      while !isAtEnd, !isNext("REFERENCES") { skipOne() }
      next()
      guard let parent = tableName() else { continue }
      skipParentheses()
      // "NO ACTION … the default if omitted", which the server omits.
      var key = TableDescription.ForeignKey(parent: parent, onDelete: "NO ACTION", onUpdate: "NO ACTION")
      while accept("ON") {
        let isDelete = next().keyword == "DELETE"
        let first = next().keyword
        let action = first == "SET" || first == "NO" ? "\(first) \(next().keyword)" : first
        if isDelete { key.onDelete = action } else { key.onUpdate = action }
      }
      keys.append(key)
    }
    return keys
  }
}
