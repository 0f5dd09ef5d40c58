// SPDX-License-Identifier: Apache-2.0

/// TABLE_MAP_EVENT: the table that a number stands for in the rows events that follow, with its columns' types.
public struct TableMap: Equatable, Sendable {
  public struct Column: Equatable, Sendable {
    /// ENUM and SET resolved from STRING's metadata.
    public var type: ColumnType
    /// The type's metadata as one number: a one-byte metadata as it is; VARCHAR, BIT and BLOB lengths little-endian;
    /// for NEWDECIMAL precision in the low byte and scale in the high one; for STRING the length in bytes (up to 1023,
    /// unpacked); for ENUM and SET the width of a value in bytes.
    public var metadata: UInt16
    public var isNullable: Bool

    public init(type: ColumnType, metadata: UInt16 = 0, isNullable: Bool = true) {
      self.type = type
      self.metadata = metadata
      self.isNullable = isNullable
    }
  }

  /// The optional metadata (`binlog_row_metadata`); nil or empty where the log leaves a field out.
  public struct Metadata: Equatable, Sendable {
    /// For each column; nil if the field is missing altogether.
    public var isUnsigned: [Bool]?
    /// Collation IDs for each column; 0 where the type has none (63, `binary`, is one). Nil if there is none at all.
    public var collations: [UInt16]?
    /// Names in UTF-8, for each column.
    public var columnNames: [String]?
    /// Labels in the column's character set, for each column; empty for types without.
    public var labels: [[[UInt8]]]?
    /// Indices of the primary key's columns in key order.
    public var primaryKey: [Int]?
    /// For each column of `primaryKey`: how many characters of it count; 0 for all. Nil if all count whole.
    public var primaryKeyPrefixes: [Int]?
    /// For each column, nil where it is no geometry.
    public var geometryTypes: [UInt64?]?
    /// For each column: true if it is visible.
    public var isVisible: [Bool]?
    /// For each column: dimensions of a VECTOR.
    public var vectorDimensions: [UInt64?]?

    public init() {}
  }

  public var tableID: UInt64
  public var flags: UInt16
  public var schema: String
  public var table: String
  public var columns: [Column]
  public var metadata: Metadata

  public init(
    tableID: UInt64, flags: UInt16, schema: String, table: String, columns: [Column], metadata: Metadata = Metadata()
  ) {
    self.tableID = tableID
    self.flags = flags
    self.schema = schema
    self.table = table
    self.columns = columns
    self.metadata = metadata
  }
}
