// SPDX-License-Identifier: Apache-2.0

/// Which tables and columns are ours, and which columns name a row where the primary key shall not.
///
/// Each answer walks the lists again: ask once for a table when its columns become known, not once for a row.
package struct TableSelection: Sendable, Equatable {
  var include = [NamePattern.everyTable]
  var exclude: [NamePattern] = []
  var excludedColumns: [NamePattern] = []
  var hashedColumns: [NamePattern] = []
  /// By "schema.table", as it is written in the file.
  var keyColumns: [String: [String]] = [:]

  static let tableParts = ["schema", "table"]
  static let columnParts = ["schema", "table", "column"]

  /// Every table, every column.
  package init() {}

  /// A table is chosen if one pattern of `include` matches it and none of `exclude`.
  package func chooses(schema: String, table: String) -> Bool {
    let name = [schema, table]
    return include.contains { $0.matches(name) } && !exclude.contains { $0.matches(name) }
  }

  /// Whether the column is left out of the value. A key column that is left out still names its row.
  package func leavesOut(schema: String, table: String, column: String) -> Bool {
    excludedColumns.contains { $0.matches([schema, table, column]) }
  }

  /// Whether the value holds the hexadecimal SHA-256 of the column's text in the place of the column.
  package func hashes(schema: String, table: String, column: String) -> Bool {
    hashedColumns.contains { $0.matches([schema, table, column]) }
  }

  /// The columns of `tables.keys` for this table, in key order; `nil` where it has no entry.
  package func keys(schema: String, table: String) -> [String]? {
    keyColumns["\(schema).\(table)"]
  }
}
