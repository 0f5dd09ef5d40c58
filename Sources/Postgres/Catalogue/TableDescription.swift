// SPDX-License-Identifier: Apache-2.0
/// A table that can be replicated: permanent and ordinary, or the root of a partition tree (which is one table).
public struct TableDescription: Equatable, Sendable {
  public struct Column: Hashable, Sendable {
    public enum Generated: Hashable, Sendable {
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
    /// Of its row in `pg_attribute` (`xmin`): another one after most of what ALTER TABLE does to the column.
    public var version: UInt32 = 0
    /// What the types that its own is made of consist of.
    public var contents: [TypeContents] = []
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
  /// Where its rows are (`relfilenode`): another one after a rewrite and after TRUNCATE. Zero of a partition root.
  public var file: UInt32 = 0
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
  /// Row-level security applies to the role.
  public var mayHideRows = false
  /// The role owns it, or is a member of the owner: needed to add it to a publication.
  public var isOwned: Bool
  /// Of a partition root: the partitions that hold rows, in order of their oids.
  public var partitions: [Partition] = []

  public struct Partition: Hashable, Sendable {
    public var oid: UInt32
    /// Its file: another one after TRUNCATE of this partition alone, which the log does not carry if the root is
    /// published, and after a rewrite.
    public var file: UInt32
    /// By which entries of `pg_inherits` it is in the tree (`xmin`), its own first: others once it, or what it is a
    /// part of, was detached and attached again. In between the log had nothing of it. Empty: not known.
    public var entries: String

    public init?(_ text: some StringProtocol) {
      let parts = text.split(separator: "/")
      guard parts.count == 2 || parts.count == 3, let oid = UInt32(parts[0]), let file = UInt32(parts[1])
      else { return nil }
      self.oid = oid
      self.file = file
      entries = parts.count == 3 ? String(parts[2]) : ""
    }

    /// `16400/16403/745.744`
    public var text: String { entries.isEmpty ? "\(oid)/\(file)" : "\(oid)/\(file)/\(entries)" }
  }

  /// Partitions from a state. How they came to be in the tree is not in one of an earlier version: as they did now.
  public func partitionsKnown(by state: [String]) -> [Partition] {
    let present = Dictionary(partitions.map { ($0.oid, $0.entries) }, uniquingKeysWith: { first, _ in first })
    return state.compactMap { text in
      guard var partition = Partition(text) else { return nil }
      if partition.entries.isEmpty { partition.entries = present[partition.oid] ?? "" }
      return partition
    }
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
