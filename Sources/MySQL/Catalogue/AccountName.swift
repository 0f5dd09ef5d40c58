// SPDX-License-Identifier: Apache-2.0
public import Wire

/// An account as statements name it: `'sync'@'%'`.
public struct AccountName: Equatable, Sendable, CustomStringConvertible {
  public var user: String
  /// Nil where an account is a user's name alone.
  public var host: String?

  /// - Parameter text: as `CURRENT_USER()` has it: `sync@%`. The host has no at-sign.
  public init(_ text: String) {
    guard let at = text.lastIndex(of: "@") else {
      user = text
      return
    }
    user = String(text[..<at])
    host = String(text[text.index(after: at)...])
  }

  public var description: String {
    guard let host else { return "\(SQLLiteral(user))" }
    return "\(SQLLiteral(user))@\(SQLLiteral(host))"
  }
}

extension MySQLConnection {
  /// Ours, as the server has found it.
  public func account(deadline: Deadline) throws(MySQLError) -> AccountName {
    AccountName(try query("SELECT CURRENT_USER()", deadline: deadline).scalar ?? "")
  }

  /// How many connections our account may have at a time; 0: as many as it likes.
  public func connectionLimit(deadline: Deadline) throws(MySQLError) -> Int {
    try query("SELECT @@SESSION.max_user_connections", deadline: deadline).scalar.flatMap { Int($0) } ?? 0
  }
}
