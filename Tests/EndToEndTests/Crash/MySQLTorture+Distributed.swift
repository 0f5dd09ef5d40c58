// SPDX-License-Identifier: Apache-2.0
import Foundation
import Support

// XA transactions of the writers: prepared, then others, then an outcome. Each is called by its number, so that its
// outcome in the log says which line of the ledger has become true.
extension TestSchema {
  /// The transaction, and its end in one phase or its preparation.
  func distributed(
    _ transaction: Int, _ statements: String, _ settings: String, _ generator: inout SeededGenerator,
    _ prepared: inout [(transaction: Int, turns: Int)]
  ) -> String {
    let name = distributedName(transaction)
    var script = "XA START '\(name)';\n\(statements)"
    script +=
      "INSERT INTO ledger VALUES (\(transaction), \(transaction), \(transaction % TortureWriter.writers), false);\n"
    script += "XA END '\(name)';\n"
    if Int.random(in: 0..<5, using: &generator) == 0 { return script + "XA COMMIT '\(name)' ONE PHASE;\n" }
    script += "XA PREPARE '\(name)';\n"
    prepared.append((transaction, Int.random(in: 0...3, using: &generator)))
    // MariaDB lets go of it only with the session that has prepared it; the client begins another one.
    if server.isMariaDB { script += "\\r\nDO SLEEP(0.02);\n\(settings)" }
    return script
  }

  /// The outcomes that are due now.
  func outcomes(
    of prepared: inout [(transaction: Int, turns: Int)], areDue: Bool = false, _ generator: inout SeededGenerator
  ) -> String {
    for index in prepared.indices { prepared[index].turns -= 1 }
    let due = prepared.filter { areDue || $0.turns < 0 }
    prepared.removeAll { areDue || $0.turns < 0 }
    return due.map { transaction, _ in
      "XA \(Int.random(in: 0..<3, using: &generator) == 0 ? "ROLLBACK" : "COMMIT") '\(distributedName(transaction))';\n"
    }.joined()
  }

  /// Rows that no other statement of this writer waits for.
  static func apart(_ writer: Int, _ generator: inout SeededGenerator) -> String {
    var statements: [String] = []
    for _ in 0..<Int.random(in: 1...8, using: &generator) {
      let id = Int.random(in: 0..<200, using: &generator) * TortureWriter.writers + writer
      // Of a hundred the lower half belongs to others.
      let far = 1000 + id / 50 * 100 + 50 + id % 50
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: statements.append("UPDATE one SET {stamp}, filler = 'xa' WHERE id = \(far);")
      case 1: statements.append("DELETE FROM distributed WHERE id = \(id);")
      default:
        statements.append("INSERT INTO distributed VALUES (\(id), {values}) ON DUPLICATE KEY UPDATE {stamp};")
      }
    }
    return statements.joined(separator: "\n")
  }

  /// After a session that has failed: what it had prepared gets an outcome, or its locks would stay for ever.
  func settle(writer: Int) throws {
    // formatID, length of the first part, length of the second, and both.
    for row in try rows("XA RECOVER") where row.count == 4 && row[3].hasPrefix("\(name)-") {
      guard let transaction = Int(row[3].dropFirst(name.count + 1)), transaction % TortureWriter.writers == writer
      else { continue }
      try sql("XA \(transaction / TortureWriter.writers % 2 == 0 ? "COMMIT" : "ROLLBACK") '\(row[3])'")
    }
  }

  private func distributedName(_ transaction: Int) -> String { "\(name)-\(transaction)" }

  /// `XA COMMIT X'746573745f312d3137',X'',1`
  static func number(ofDistributed line: Substring) -> Int? {
    let digits = line.split(separator: "'", maxSplits: 2)[1]
    var text = ""
    var rest = digits[...]
    while rest.count >= 2 {
      guard let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
      text.unicodeScalars.append(Unicode.Scalar(byte))
      rest = rest.dropFirst(2)
    }
    return text.split(separator: "-").last.flatMap { Int($0) }
  }
}
