// SPDX-License-Identifier: Apache-2.0

/// A cursor over a statement's tokens, with as much look-ahead as is asked for.
struct SQLParser {
  let context: StatementContext
  private var lexer: SQLLexer
  private var ahead: [SQLToken] = []

  /// - Parameter text: in UTF-8.
  init(_ text: [UInt8], _ context: StatementContext) {
    self.context = context
    lexer = SQLLexer(text, sqlMode: context.sqlMode, version: context.version)
  }

  mutating func peek(_ distance: Int = 0) -> SQLToken {
    while ahead.count <= distance { ahead.append(lexer.next()) }
    return ahead[distance]
  }

  @discardableResult
  mutating func next() -> SQLToken {
    ahead.isEmpty ? lexer.next() : ahead.removeFirst()
  }

  /// At the end, or at the semicolon that ends a statement.
  var isAtEnd: Bool {
    mutating get {
      let token = peek()
      return token.kind == .end || token.isSign(";")
    }
  }

  /// Passes over the words if all of them come next.
  @discardableResult
  mutating func accept(_ keywords: String...) -> Bool {
    for (distance, keyword) in keywords.enumerated() where peek(distance).keyword != keyword { return false }
    for _ in keywords { next() }
    return true
  }

  /// Passes over one of the words, and says which.
  @discardableResult
  mutating func accept(oneOf keywords: Set<String>) -> String? {
    let keyword = peek().keyword
    guard keywords.contains(keyword) else { return nil }
    next()
    return keyword
  }

  @discardableResult
  mutating func accept(sign: String) -> Bool {
    guard peek().isSign(sign) else { return false }
    next()
    return true
  }

  mutating func isNext(_ keyword: String) -> Bool { peek().keyword == keyword }

  /// A name with or without quotes; nil if none comes.
  mutating func name() -> String? {
    let token = peek()
    switch token.kind {
    case .word, .quotedName:
      next()
      return token.text
    case .string, .number, .sign, .end: return nil
    }
  }

  /// `table`, `schema.table`, `.table`
  mutating func tableName() -> TableName? {
    accept(sign: ".")
    guard let first = name() else { return nil }
    let second = peek().isSign(".") && [.word, .quotedName].contains(peek(1).kind)
    var table = TableName(context.defaultSchema, first)
    if second {
      next()
      table = TableName(first, name() ?? "")
    }
    return context.lowersNames ? TableName(table.schema.lowercased(), table.name.lowercased()) : table
  }

  mutating func schemaName() -> String? {
    name().map { context.lowersNames ? $0.lowercased() : $0 }
  }

  /// `IF EXISTS`, `IF NOT EXISTS`
  @discardableResult
  mutating func acceptIfExists() -> Bool { accept("IF", "EXISTS") || accept("IF", "NOT", "EXISTS") }

  /// `( … )` with what is in it.
  mutating func skipParentheses() {
    guard accept(sign: "(") else { return }
    var depth = 1
    while depth > 0, peek().kind != .end {
      let token = next()
      if token.isSign("(") { depth += 1 }
      if token.isSign(")") { depth -= 1 }
    }
  }

  /// The tokens between the parentheses that come next; empty if none do.
  mutating func parenthesized() -> [SQLToken] {
    guard accept(sign: "(") else { return [] }
    var tokens: [SQLToken] = []
    var depth = 1
    while peek().kind != .end {
      let token = next()
      if token.isSign("(") { depth += 1 }
      if token.isSign(")") {
        depth -= 1
        if depth == 0 { break }
      }
      tokens.append(token)
    }
    return tokens
  }

  /// One token, or what is in parentheses if one opens.
  mutating func skipOne() {
    if peek().isSign("(") { skipParentheses() } else { next() }
  }

  /// Up to the comma or parenthesis that ends the element of a list, or to the end.
  mutating func skipElement() {
    while !isAtEnd, !peek().isSign(","), !peek().isSign(")") { skipOne() }
  }

  /// A list in parentheses; each element is read by `element` up to its comma.
  /// - Returns: nil if it is not closed or an element cannot be read.
  mutating func list<T>(_ element: (inout SQLParser) -> T?) -> [T]? {
    guard accept(sign: "(") else { return nil }
    var elements: [T] = []
    repeat {
      guard let found = element(&self) else { return nil }
      elements.append(found)
    } while accept(sign: ",")
    return accept(sign: ")") ? elements : nil
  }
}
