// SPDX-License-Identifier: Apache-2.0

/// `sql_mode`, as far as it decides how a statement is read. The bits are those of the log (Q_SQL_MODE_CODE); both
/// servers have the same.
public struct SQLMode: OptionSet, Hashable, Sendable {
  public var rawValue: UInt64
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// REAL is FLOAT.
  public static let realAsFloat = SQLMode(rawValue: 1)
  /// "Treat " as an identifier quote character."
  public static let ansiQuotes = SQLMode(rawValue: 4)
  /// MariaDB only: another language.
  public static let oracle = SQLMode(rawValue: 512)
  /// "Disables using the backslash character (\) as an escape character."
  public static let noBackslashEscapes = SQLMode(rawValue: 1 << 20)

  /// From the variable's text: `ANSI_QUOTES,NO_BACKSLASH_ESCAPES`.
  public init(_ text: String) {
    self = []
    for name in text.split(separator: ",") {
      switch name {
      case "REAL_AS_FLOAT": insert(.realAsFloat)
      case "ANSI_QUOTES": insert(.ansiQuotes)
      case "ORACLE": insert(.oracle)
      case "NO_BACKSLASH_ESCAPES": insert(.noBackslashEscapes)
      default: break
      }
    }
  }
}
