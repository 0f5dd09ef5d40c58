// SPDX-License-Identifier: Apache-2.0

/// A table as it is, or was, at one point of the log.
public struct TableDefinition: Hashable, Sendable {
  public var schema: String
  public var name: String
  public var columns: [ColumnDefinition]
  /// Names of the primary key's columns, in key order; a generated invisible primary key counts.
  public var primaryKey: [String]

  public init(schema: String, name: String, columns: [ColumnDefinition], primaryKey: [String]) {
    self.schema = schema
    self.name = name
    self.columns = columns
    self.primaryKey = primaryKey
  }
}
