// SPDX-License-Identifier: Apache-2.0

/// What a statement of the log has done to one table.
public enum TableChange: Hashable, Sendable {
  case created(TableDefinition)
  case dropped(TableName)
  /// All its rows are gone; the log has no rows of it.
  case truncated(TableName)
  /// With the definition under its new name; nil if it is not known. A table that had this name before is gone.
  case renamed(from: TableName, to: TableName, TableDefinition?)
  /// Another definition under the same name, or rows of it changed without being in the log, or both.
  case altered(from: TableDefinition, to: TableDefinition, changesRows: Bool)
  /// Rows changed that the log does not have; the definition is as it was.
  case rowsChanged(TableName, reason: String)
  /// It cannot be told what has become of the table; nil: of any table.
  case unknown(TableName?, reason: String)
}
