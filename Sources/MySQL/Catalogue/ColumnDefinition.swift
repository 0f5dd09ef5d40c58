// SPDX-License-Identifier: Apache-2.0

/// One column: what is needed to read its values from the binary log, from a result set and from a literal.
///
/// The catalogue (information_schema), a TABLE_MAP with full metadata and the DDL in the log give the same definition
/// for the same column.
public struct ColumnDefinition: Hashable, Sendable {
  /// What the type is beyond what the log says: MariaDB stores these as strings.
  public enum Refinement: String, Hashable, Sendable {
    case none
    /// MariaDB: a text column with `CHECK (json_valid(column))`.
    case json
    case inet4
    case inet6
    case uuid
    /// MariaDB's VECTOR, which the log shows as a binary string.
    case vector
  }

  public var name: String
  public var type: ColumnType
  /// As in a TABLE_MAP for this type, read as one number: the two bytes in the order that each type's metadata has
  /// (`TableMap.Column.metadata`).
  public var metadata: UInt16
  public var isNullable: Bool
  public var isUnsigned: Bool
  /// The collation's ID; 63 (`binary`) for bytes, 0 where the type has none.
  public var collation: UInt16
  /// Of ENUM and SET, in UTF-8, in definition order.
  public var labels: [String]
  public var refinement: Refinement

  public init(
    name: String, type: ColumnType, metadata: UInt16 = 0, isNullable: Bool = true, isUnsigned: Bool = false,
    collation: UInt16 = 0, labels: [String] = [], refinement: Refinement = .none
  ) {
    self.name = name
    self.type = type
    self.metadata = metadata
    self.isNullable = isNullable
    self.isUnsigned = isUnsigned
    self.collation = collation
    self.labels = labels
    self.refinement = refinement
  }

  /// Both servers describe labels in UTF-8 of three bytes, with a question mark for what needs four: such a label is
  /// perhaps not what the catalogue says.
  public var hasDoubtfulLabels: Bool { labels.contains { $0.contains("?") } }
}
