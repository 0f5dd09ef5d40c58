// SPDX-License-Identifier: Apache-2.0

/// What client and server can do ("Capabilities Flags"): the low 32 bits as MySQL has them, the high ones MariaDB's
/// extended capabilities.
public struct Capabilities: OptionSet, Sendable, Hashable {
  public var rawValue: UInt64
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// CLIENT_LONG_PASSWORD, which MariaDB calls CLIENT_MYSQL: a MariaDB server that sends extended capabilities leaves
  /// it out.
  public static let longPassword = Capabilities(rawValue: 1 << 0)
  public static let foundRows = Capabilities(rawValue: 1 << 1)
  public static let longFlag = Capabilities(rawValue: 1 << 2)
  public static let connectWithDatabase = Capabilities(rawValue: 1 << 3)
  public static let compress = Capabilities(rawValue: 1 << 5)
  public static let localFiles = Capabilities(rawValue: 1 << 7)
  public static let protocol41 = Capabilities(rawValue: 1 << 9)
  public static let ssl = Capabilities(rawValue: 1 << 11)
  public static let transactions = Capabilities(rawValue: 1 << 13)
  /// CLIENT_SECURE_CONNECTION, now CLIENT_RESERVED2.
  public static let secureConnection = Capabilities(rawValue: 1 << 15)
  public static let multiStatements = Capabilities(rawValue: 1 << 16)
  public static let multiResults = Capabilities(rawValue: 1 << 17)
  public static let preparedMultiResults = Capabilities(rawValue: 1 << 18)
  public static let pluginAuthentication = Capabilities(rawValue: 1 << 19)
  public static let connectAttributes = Capabilities(rawValue: 1 << 20)
  public static let pluginAuthenticationLengthEncoded = Capabilities(rawValue: 1 << 21)
  public static let sessionTrack = Capabilities(rawValue: 1 << 23)
  public static let deprecateEOF = Capabilities(rawValue: 1 << 24)
  public static let optionalResultSetMetadata = Capabilities(rawValue: 1 << 25)
  public static let zstdCompression = Capabilities(rawValue: 1 << 26)
  public static let queryAttributes = Capabilities(rawValue: 1 << 27)

  /// MariaDB: columns carry their data type's name.
  public static let mariaDBExtendedMetadata = Capabilities(rawValue: 1 << 35)
  /// MariaDB: metadata of a statement that has not changed is left out.
  public static let mariaDBCacheMetadata = Capabilities(rawValue: 1 << 36)

  init(low: UInt32, extended: UInt32) { self.init(rawValue: UInt64(extended) << 32 | UInt64(low)) }

  var low: UInt32 { UInt32(truncatingIfNeeded: rawValue) }
  /// MariaDB's.
  var extended: UInt32 { UInt32(truncatingIfNeeded: rawValue >> 32) }

  /// What Sync uses where the server has it.
  static let wanted: Capabilities = [
    .longPassword, .longFlag, .protocol41, .transactions, .secureConnection, .multiResults, .preparedMultiResults,
    .pluginAuthentication, .pluginAuthenticationLengthEncoded, .connectAttributes, .deprecateEOF,
  ]

  /// Without these we do not speak.
  static let required: Capabilities = [.protocol41, .secureConnection, .pluginAuthentication]
}
