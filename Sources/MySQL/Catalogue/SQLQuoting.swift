// SPDX-License-Identifier: Apache-2.0

/// A name in back-ticks, `` `a``b` `` for ``a`b``.
public struct SQLIdentifier: Hashable, Sendable, CustomStringConvertible {
  public let description: String

  /// - Parameter parts: joined by points.
  public init(_ parts: String...) {
    description = parts.map { part in
      "`" + part.split(separator: "`", omittingEmptySubsequences: false).joined(separator: "``") + "`"
    }.joined(separator: ".")
  }

  public init(_ table: TableName) { self.init(table.schema, table.name) }
}

/// A text in quotes for a session in which the backslash escapes, as ours does.
public struct SQLLiteral: Hashable, Sendable, CustomStringConvertible {
  public let description: String

  public init(_ text: String) {
    var quoted = "'"
    for scalar in text.unicodeScalars {
      switch scalar {
      case "'": quoted += "''"
      case "\\": quoted += "\\\\"
      case "\0": quoted += "\\0"
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    description = quoted + "'"
  }
}
