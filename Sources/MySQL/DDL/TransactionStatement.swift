// SPDX-License-Identifier: Apache-2.0

/// A statement that begins, ends or divides a transaction.
public enum TransactionStatement: Hashable, Sendable {
  case begin
  case commit
  case rollback
  /// Its name; the log has it between the rows of a transaction.
  case savepoint(String)
  case rollbackTo(String)
  case releaseSavepoint(String)
  case xaStart(XID)
  case xaEnd(XID)
  case xaPrepare(XID)
  case xaCommit(XID, onePhase: Bool)
  case xaRollback(XID)

  /// `X'67','62',1`: global part, branch and format.
  public struct XID: Hashable, Sendable {
    public var global: [UInt8]
    public var branch: [UInt8]
    public var format: UInt64

    public init(global: [UInt8], branch: [UInt8] = [], format: UInt64 = 1) {
      self.global = global
      self.branch = branch
      self.format = format
    }
  }

  /// Nil for every other statement, after a look at its first bytes.
  public init?(_ text: [UInt8]) {
    // The longest of them, an XID of twice 64 bytes in hexadecimal, is shorter.
    guard text.count <= 512, let first = text.first(where: { $0 > 0x20 }) else { return nil }
    switch first | 0x20 {
    case UInt8(ascii: "b"), UInt8(ascii: "c"), UInt8(ascii: "r"), UInt8(ascii: "s"), UInt8(ascii: "x"): break
    default: return nil
    }
    var parser = SQLParser(text, StatementContext(version: ServerVersion(.mysql, 0)))
    guard let statement = parser.transactionStatement() else { return nil }
    self = statement
  }
}

extension SQLParser {
  fileprivate mutating func transactionStatement() -> TransactionStatement? {
    if accept("XA") { return xaStatement() }
    if accept("SAVEPOINT") { return name().map { .savepoint($0) } }
    if accept("RELEASE", "SAVEPOINT") { return name().map { .releaseSavepoint($0) } }
    if accept("START", "TRANSACTION") { return .begin }
    guard let word = accept(oneOf: ["BEGIN", "COMMIT", "ROLLBACK"]) else { return nil }
    accept("WORK")
    if word == "ROLLBACK", accept("TO") {
      accept("SAVEPOINT")
      return name().map { .rollbackTo($0) }
    }
    guard isAtEnd else { return nil }
    return word == "BEGIN" ? .begin : word == "COMMIT" ? .commit : .rollback
  }

  private mutating func xaStatement() -> TransactionStatement? {
    let words: Set = ["START", "BEGIN", "END", "PREPARE", "COMMIT", "ROLLBACK"]
    guard let word = accept(oneOf: words), let xid = xid() else { return nil }
    switch word {
    case "END": return .xaEnd(xid)
    case "PREPARE": return .xaPrepare(xid)
    case "COMMIT": return .xaCommit(xid, onePhase: accept("ONE", "PHASE"))
    case "ROLLBACK": return .xaRollback(xid)
    default: return .xaStart(xid)
    }
  }

  private mutating func xid() -> TransactionStatement.XID? {
    guard let global = xidPart() else { return nil }
    var xid = TransactionStatement.XID(global: global)
    guard accept(sign: ",") else { return xid }
    guard let branch = xidPart() else { return nil }
    xid.branch = branch
    guard accept(sign: ",") else { return xid }
    guard peek().kind == .number, let format = UInt64(next().text) else { return nil }
    xid.format = format
    return xid
  }

  /// A string, or one in hexadecimal (`X'…'`, `0x…`) as the server writes it.
  private mutating func xidPart() -> [UInt8]? {
    let token = next()
    if token.kind == .string { return Array(token.text.utf8) }
    guard token.kind == .number else { return nil }
    let digits = Array((token.text.hasPrefix("0x") ? token.text.dropFirst(2) : token.text[...]).utf8)
    guard digits.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    for start in stride(from: 0, to: digits.count, by: 2) {
      guard let byte = UInt8(String(decoding: digits[start..<(start + 2)], as: UTF8.self), radix: 16) else {
        return nil
      }
      bytes.append(byte)
    }
    return bytes
  }
}
