// SPDX-License-Identifier: Apache-2.0
/// A table that can be replicated: permanent and ordinary, or the root of a partition tree (which is one table).
public struct TableDescription: Equatable, Sendable {
  public struct Column: Equatable, Sendable {
    public enum Generated: Equatable, Sendable {
      case no
      case stored
      /// 18 and later: computed when read.
      case virtual
    }

    /// `attnum`; gaps are dropped columns.
    public var number: Int16
    public var name: String
    public var type: UInt32
    public var typeModifier: Int32
    public var isNotNull: Bool
    public var generated: Generated
    public var isIdentity: Bool
  }

  public enum ReplicaIdentity: UInt8, Sendable {
    /// The primary key, if there is one (and it is not deferrable).
    case primaryKey = 0x64
    case nothing = 0x6E
    case full = 0x66
    case index = 0x69
  }

  public var oid: UInt32
  public var schema: String
  public var name: String
  public var isPartitionRoot: Bool
  /// Other tables inherit from it (not partitions). Their rows are not its rows: `COPY ONLY`.
  public var hasInheritors: Bool
  /// In the order of the table, dropped ones left out.
  public var columns: [Column]
  /// Names in key order; empty if there is none.
  public var primaryKey: [String]
  /// A deferrable primary key is no replica identity.
  public var primaryKeyIsDeferrable: Bool
  public var replicaIdentity: ReplicaIdentity
  /// With `.index` only: its columns in order.
  public var replicaIdentityIndex: [String]
  /// Sets of columns that are unique for all rows at each moment.
  public var uniqueKeys: [[String]] = []
  /// From the last ANALYZE, VACUUM or CREATE INDEX; negative: unknown.
  public var estimatedRows: Int
  /// From the same time: heap and TOAST, all partitions.
  public var estimatedBytes: Int
  /// The role may read it: USAGE on the schema, SELECT on the table.
  public var maySelect: Bool
  /// The role owns it, or is a member of the owner: needed to add it to a publication.
  public var isOwned: Bool
  /// Of a partition root: the partitions that hold rows, in order of their oids.
  public var partitions: [Partition] = []

  public struct Partition: Hashable, Sendable {
    public var oid: UInt32
    /// Its file: another one after TRUNCATE of this partition alone, which the log does not carry if the root is
    /// published, and after a rewrite.
    public var file: UInt32

    public init?(_ text: some StringProtocol) {
      let parts = text.split(separator: "/")
      guard parts.count == 2, let oid = UInt32(parts[0]), let file = UInt32(parts[1]) else { return nil }
      self.oid = oid
      self.file = file
    }

    /// `16400/16403`
    public var text: String { "\(oid)/\(file)" }
  }

  /// `"public"."orders"`
  public var identifier: SQLIdentifier { SQLIdentifier(schema, name) }
}

/// A table's oid and name, for choosing.
public struct TableName: Hashable, Sendable {
  public var oid: UInt32
  public var schema: String
  public var name: String
}
