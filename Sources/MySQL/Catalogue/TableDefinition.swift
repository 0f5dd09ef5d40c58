// SPDX-License-Identifier: Apache-2.0

/// A table as it is, or was, at one point of the log.
public struct TableDefinition: Hashable, Sendable {
  public var schema: String
  public var name: String
  public var columns: [ColumnDefinition]
  /// Names of the primary key's columns, in key order; a generated invisible primary key counts.
  public var primaryKey: [String]
  /// What a text column gets that names no collation; 0 where it is not known. DDL in the log needs it.
  public var defaultCollation: UInt16

  public init(
    schema: String, name: String, columns: [ColumnDefinition], primaryKey: [String], defaultCollation: UInt16 = 0
  ) {
    self.schema = schema
    self.name = name
    self.columns = columns
    self.primaryKey = primaryKey
    self.defaultCollation = defaultCollation
  }

  public var tableName: TableName { TableName(schema, name) }

  /// "Column, index, stored routine, and event names are not case-sensitive on any platform."
  public func index(ofColumn name: String) -> Int? {
    if let exact = columns.firstIndex(where: { $0.name == name }) { return exact }
    let lower = name.lowercased()
    return columns.firstIndex { $0.name.lowercased() == lower }
  }
}
