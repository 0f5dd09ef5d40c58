// SPDX-License-Identifier: Apache-2.0

/// A statement that the server knows by a number, on this connection.
public struct PreparedStatement: Sendable {
  /// A column of its result, as the server describes it.
  public struct Column: Sendable, Equatable {
    public var name: String
    public var type: ColumnType
    public var collation: UInt16
    public var flags: UInt16
    public var decimals: UInt8
    public var length: UInt32

    package init(_ definition: Reply.ResultColumn) {
      name = definition.column
      type = definition.type
      collation = definition.collation
      flags = definition.flags
      decimals = definition.decimals
      length = definition.length
    }

    /// UNSIGNED_FLAG.
    public var isUnsigned: Bool { flags & 32 != 0 }
  }

  package var id: UInt32
  public package(set) var parameterCount: Int
  public package(set) var columns: [Column]
}
