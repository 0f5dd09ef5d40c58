// SPDX-License-Identifier: Apache-2.0

/// What a statement means depends on the session that said it: from the QUERY event and from the server's settings.
public struct StatementContext: Hashable, Sendable {
  public var version: ServerVersion
  /// The schema of names that have none; the event's `db`.
  public var defaultSchema: String
  public var sqlMode: SQLMode
  /// `character_set_client`: in which character set the text is written (Q_CHARSET_CODE). UTF-8 where it is not known.
  public var clientCharacterSet: String
  /// `collation_server` (Q_CHARSET_CODE): what a schema gets that says nothing.
  public var serverCollation: UInt16?
  /// Collations that count in this session for their character sets where none is named (MySQL's
  /// Q_DEFAULT_COLLATION_FOR_UTF8MB4, MariaDB's Q_CHARACTER_SET_COLLATIONS).
  public var standardCollations: [UInt16] = []
  /// Off, a TIMESTAMP that says nothing is NOT NULL.
  public var explicitDefaultsForTimestamp: Bool
  /// `lower_case_table_names` is 1: the names of schemas and tables are kept in lower case.
  public var lowersNames: Bool
  /// MariaDB has only begun with it, or has given it up: the log has it again when it is done.
  public var isWithoutEffect = false

  public init(
    version: ServerVersion, defaultSchema: String = "", sqlMode: SQLMode = [], clientCharacterSet: String = "utf8mb4",
    serverCollation: UInt16? = nil, explicitDefaultsForTimestamp: Bool = true, lowersNames: Bool = false
  ) {
    self.version = version
    self.defaultSchema = defaultSchema
    self.sqlMode = sqlMode
    self.clientCharacterSet = clientCharacterSet
    self.serverCollation = serverCollation
    self.explicitDefaultsForTimestamp = explicitDefaultsForTimestamp
    self.lowersNames = lowersNames
  }
}

/// A table by its schema and name.
public struct TableName: Hashable, Sendable, CustomStringConvertible {
  public var schema: String
  public var name: String

  public init(_ schema: String, _ name: String) {
    self.schema = schema
    self.name = name
  }

  public var description: String { "\(schema).\(name)" }
}
