// SPDX-License-Identifier: Apache-2.0

/// `enum_field_types` (MySQL: include/field_types.h; MariaDB: sql/field.h): how a value lies in the binary log and in
/// the binary protocol. ENUM and SET are named by their real type, which a TABLE_MAP hides in STRING's metadata.
@frozen
public struct ColumnType: RawRepresentable, Hashable, Sendable {
  public var rawValue: UInt8
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let decimal = ColumnType(rawValue: 0)
  public static let tiny = ColumnType(rawValue: 1)
  public static let short = ColumnType(rawValue: 2)
  public static let long = ColumnType(rawValue: 3)
  public static let float = ColumnType(rawValue: 4)
  public static let double = ColumnType(rawValue: 5)
  public static let null = ColumnType(rawValue: 6)
  /// TIMESTAMP without microseconds, as MySQL 5.5 wrote it; MariaDB still does where `mysql56_temporal_format` is off.
  public static let timestamp = ColumnType(rawValue: 7)
  public static let longLong = ColumnType(rawValue: 8)
  public static let int24 = ColumnType(rawValue: 9)
  public static let date = ColumnType(rawValue: 10)
  public static let time = ColumnType(rawValue: 11)
  public static let dateTime = ColumnType(rawValue: 12)
  public static let year = ColumnType(rawValue: 13)
  public static let newDate = ColumnType(rawValue: 14)
  public static let varchar = ColumnType(rawValue: 15)
  public static let bit = ColumnType(rawValue: 16)
  public static let timestamp2 = ColumnType(rawValue: 17)
  public static let dateTime2 = ColumnType(rawValue: 18)
  public static let time2 = ColumnType(rawValue: 19)
  /// MariaDB: BLOB and VARCHAR with column compression.
  public static let blobCompressed = ColumnType(rawValue: 140)
  public static let varcharCompressed = ColumnType(rawValue: 141)
  /// MySQL 9.
  public static let vector = ColumnType(rawValue: 242)
  public static let typedArray = ColumnType(rawValue: 244)
  public static let json = ColumnType(rawValue: 245)
  public static let newDecimal = ColumnType(rawValue: 246)
  public static let enumeration = ColumnType(rawValue: 247)
  public static let set = ColumnType(rawValue: 248)
  public static let tinyBlob = ColumnType(rawValue: 249)
  public static let mediumBlob = ColumnType(rawValue: 250)
  public static let longBlob = ColumnType(rawValue: 251)
  public static let blob = ColumnType(rawValue: 252)
  public static let varString = ColumnType(rawValue: 253)
  public static let string = ColumnType(rawValue: 254)
  public static let geometry = ColumnType(rawValue: 255)
}
