// SPDX-License-Identifier: Apache-2.0

/// What the server says went wrong.
public struct ServerError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The server's own number: 1045 (ER_ACCESS_DENIED_ERROR), 1236 (ER_SOURCE_FATAL_ERROR_READING_BINLOG).
  public var code: Int
  /// Five characters; "HY000" where the server gives none.
  public var sqlState: String
  public var message: String

  public init(code: Int, sqlState: String, message: String) {
    self.code = code
    self.sqlState = sqlState
    self.message = message
  }

  package init(_ failure: Reply.Failure) {
    code = Int(failure.number)
    sqlState = failure.sqlState.isEmpty ? "HY000" : failure.sqlState
    message = String(decoding: failure.text, as: UTF8.self)
  }

  public var description: String { "ERROR \(code) (\(sqlState)): \(message)" }
}
