// SPDX-License-Identifier: Apache-2.0

/// What an account may do, from SHOW GRANTS: its own privileges and those of its roles.
public struct Grants: Hashable, Sendable {
  private enum Scope: Hashable {
    case everything
    /// `_` and `%` in the name are wildcards, unless a backslash is before them.
    case schema(String)
    case table(TableName)
  }

  private struct Grant: Hashable {
    var privileges: Set<String>
    var scope: Scope
    /// MySQL's `partial_revokes`.
    var isRevoked: Bool
  }

  private var grants: [Grant] = []

  /// Both servers add the privileges of active roles.
  public static let query = "SHOW GRANTS"

  /// From the rows of `query`; lines of another form say nothing.
  public init(_ lines: [String]) {
    grants = lines.compactMap(Self.grant)
  }

  private static func grant(_ line: String) -> Grant? {
    var parser = SQLParser(Array(line.utf8), StatementContext(version: ServerVersion(.mysql, 0)))
    let isRevoked = parser.accept("REVOKE")
    guard isRevoked || parser.accept("GRANT") else { return nil }
    var privileges: Set<String> = []
    repeat {
      var words: [String] = []
      while parser.peek().kind == .word, !parser.isNext("ON"), !parser.isNext("TO") {
        words.append(parser.next().keyword)
      }
      // A privilege for some columns is none for the table.
      if parser.peek().isSign("(") { parser.skipParentheses() } else { privileges.insert(words.joined(separator: " ")) }
    } while parser.accept(sign: ",")
    guard parser.accept("ON") else { return nil }
    parser.accept("TABLE")
    guard let scope = scope(&parser) else { return nil }
    return Grant(privileges: privileges, scope: scope, isRevoked: isRevoked)
  }

  private static func scope(_ parser: inout SQLParser) -> Scope? {
    let schema = parser.accept(sign: "*") ? nil : parser.name()
    guard parser.accept(sign: ".") else { return nil }
    let table = parser.accept(sign: "*") ? nil : parser.name()
    guard let schema else { return table == nil ? .everything : nil }
    return table.map { .table(TableName(schema, $0)) } ?? .schema(schema)
  }

  /// Whether the account may do it everywhere.
  public func allow(_ privilege: String) -> Bool {
    grants.contains { !$0.isRevoked && $0.scope == .everything && Self.names($0.privileges, privilege) }
  }

  /// Whether it may do it with a table: by a grant for all, for the schema or for the table.
  public func allow(_ privilege: String, on table: TableName) -> Bool {
    let concerning = grants.filter { grant in
      guard Self.names(grant.privileges, privilege) else { return false }
      switch grant.scope {
      case .everything: return true
      case .schema(let pattern): return Self.matches(Array(pattern.unicodeScalars), Array(table.schema.unicodeScalars))
      case .table(let name): return name == table
      }
    }
    // A revocation takes a schema out of what is granted for all.
    let isRevoked = concerning.contains(where: \.isRevoked)
    return concerning.contains { !$0.isRevoked && !(isRevoked && $0.scope == .everything) }
  }

  private static func names(_ privileges: Set<String>, _ privilege: String) -> Bool {
    if privileges.contains(privilege) { return true }
    guard privilege != "SUPER" else { return privileges.contains("ALL PRIVILEGES") }
    return privileges.contains("ALL PRIVILEGES") || privileges.contains("ALL")
  }

  /// "The _ and % wildcards are permitted when specifying database names"; linear in the product of the lengths.
  private static func matches(_ pattern: [Unicode.Scalar], _ name: [Unicode.Scalar]) -> Bool {
    var reached = Set([0])
    for place in 0...name.count {
      var next: Set<Int> = []
      var waiting = Array(reached)
      while let at = waiting.popLast() {
        if at < pattern.count, pattern[at] == "%", reached.insert(at + 1).inserted { waiting.append(at + 1) }
      }
      if place == name.count { return reached.contains(pattern.count) }
      for at in reached where at < pattern.count {
        let isEscaped = pattern[at] == "\\" && at + 1 < pattern.count
        let sign = isEscaped ? pattern[at + 1] : pattern[at]
        if !isEscaped, sign == "%" {
          next.insert(at)
        } else if sign == name[place] || !isEscaped && sign == "_" {
          next.insert(at + (isEscaped ? 2 : 1))
        }
      }
      reached = next
    }
    return false
  }
}
