// SPDX-License-Identifier: Apache-2.0
import Foundation
import Support

/// What writers write to MySQL and MariaDB: the numbers of versions and transactions come with the statements.
extension TestSchema: TortureSource {
  var process: TestServer { server.server }

  func prepareForTorture() throws {
    let numbers = (0..<100).map { "(\($0))" }.joined(separator: ",")
    try sql(
      """
      CREATE TABLE ledger (txn bigint PRIMARY KEY, version bigint, writer int, big bool DEFAULT false);
      CREATE TABLE one (id int PRIMARY KEY, version bigint, txn bigint, filler text, tag varchar(9) DEFAULT 'none');
      CREATE TABLE pair (region varchar(20), id int, version bigint, txn bigint, amount decimal(20,5),
                         PRIMARY KEY (region, id));
      CREATE TABLE large (id int PRIMARY KEY, version bigint, txn bigint, body mediumtext);
      CREATE TABLE cleared (id int PRIMARY KEY, version bigint, txn bigint);
      CREATE TABLE bulk (id int PRIMARY KEY, version bigint, txn bigint, filler text);
      CREATE TABLE distributed (id int PRIMARY KEY, version bigint, txn bigint);
      CREATE TABLE aside (n int); CREATE TABLE numbers (n int PRIMARY KEY);
      INSERT INTO numbers VALUES \(numbers);
      INSERT INTO numbers SELECT a.n * 100 + b.n FROM numbers a, numbers b WHERE a.n BETWEEN 1 AND 79;
      INSERT INTO one SELECT n, 0, 0, REPEAT('x', n % 50), 'old' FROM numbers WHERE n BETWEEN 1 AND 6000;
      INSERT INTO large SELECT n, 0, 0, REPEAT(SHA2(n, 256), 250) FROM numbers WHERE n BETWEEN 1 AND 200;
      INSERT INTO pair SELECT CONCAT('a/', n % 3), n, 0, 0, n / 7.0 FROM numbers WHERE n BETWEEN 1 AND 500;
      FLUSH BINARY LOGS
      """)
  }

  func session(_ script: String) throws -> ChildProcess { try sqlInBackground(script) }

  /// Codes of 2000 and more are the client's: it has lost the server. A deadlock and a shutdown are no faults either.
  func isError(_ text: String) -> Bool {
    guard let mark = text.range(of: "ERROR "), let code = Int(text[mark.upperBound...].prefix { $0.isNumber }) else {
      return false
    }
    return code < 2000 && ![1053, 1205, 1213, 1927].contains(code)
  }

  func writeMark() throws -> String {
    let last = try rows("SELECT COALESCE(MAX(txn), 0) FROM ledger WHERE writer = 9")[0][0]
    let mark = max(Int(last) ?? 0, Self.number(of: 999_999, 0, writer: 1)) + 1
    try sql("INSERT INTO ledger VALUES (\(mark), 0, 9, false)")
    return "\(mark)"
  }

  /// What the server's own program reads in the log's files: the ledger's lines in the order of their commits. Each
  /// file is read once, after it has been finished.
  func committed(since place: inout String) throws -> [Int] {
    try server.flushLog()
    let reader =
      server.isMariaDB
      ? try TestServer.program("mariadb-binlog", of: "mariadb-10.11")
      : try TestServer.program("mysqlbinlog", of: process.name)
    let folder = process.folder + "/data/"
    var transactions: [Int] = []
    for file in try server.logFiles().dropLast() where file > place {
      place = file
      let text = try run([
        reader, "--no-defaults", "--base64-output=DECODE-ROWS", "-v", "--database=\(name)", folder + file,
      ])
      var isInLedger = false
      var isDistributed = false
      for line in text.split(separator: "\n") {
        if line.hasPrefix("XA ") {
          isDistributed = line.hasPrefix("XA START")
          if line.hasPrefix("XA COMMIT"), let number = Self.number(ofDistributed: line) { transactions.append(number) }
        }
        if line.hasPrefix("### INSERT") { isInLedger = line.hasSuffix(".`ledger`") }
        guard isInLedger, !isDistributed, line.hasPrefix("###   @1=") else { continue }
        if let number = Int(line.dropFirst("###   @1=".count)) { transactions.append(number) }
      }
    }
    return transactions
  }
}

// The scripts.
extension TestSchema {
  private static let writers = TortureWriter.writers

  /// Grows with a writer's turns and with `step` within one.
  private static func number(of turn: Int, _ step: Int, writer: Int) -> Int {
    (turn * 10000 + step) * writers + writer
  }

  func script(_ writer: Int, turn: Int, mayPrepare: Bool, _ generator: inout SeededGenerator) -> String {
    var script = ""
    let image = ["FULL", "FULL", "MINIMAL", "NOBLOB"][Int.random(in: 0..<4, using: &generator)]
    script += "SET SESSION binlog_row_image = \(image);\n"
    if !server.isMariaDB, Bool.random(using: &generator) {
      script += "SET SESSION binlog_transaction_compression = ON;\n"
    }
    let settings = script
    var step = 0
    /// Prepared, and without an outcome yet: after how many further transactions they get one.
    var prepared: [(transaction: Int, turns: Int)] = []
    /// Of one statement: `{stamp}` sets the version and the transaction, `{values}` are both.
    var transaction = 0
    func stamped(_ statements: String) -> String {
      statements.split(separator: "\n").map { line in
        step += 1
        let version = Self.number(of: turn, step, writer: writer)
        return line.replacing("{stamp}", with: "version = \(version), txn = \(transaction)")
          .replacing("{values}", with: "\(version), \(transaction)")
      }.joined(separator: "\n") + "\n"
    }
    for _ in 0..<12 {
      step += 1
      transaction = Self.number(of: turn, step, writer: writer)
      if mayPrepare, prepared.isEmpty, Int.random(in: 0..<6, using: &generator) == 0 {
        script += distributed(transaction, stamped(Self.apart(writer, &generator)), settings, &generator, &prepared)
        continue
      }
      let isBig = Int.random(in: 0..<40, using: &generator) == 0
      // By itself: it ends a transaction.
      if writer == 0, Int.random(in: 0..<12, using: &generator) == 0 { script += "TRUNCATE cleared;\n" }
      script += "BEGIN;\n"
      if isBig {
        script += stamped(Self.big(writer, &generator))
      } else {
        for _ in 0..<Int.random(in: 1...12, using: &generator) { script += stamped(Self.small(writer, &generator)) }
      }
      if Int.random(in: 0..<8, using: &generator) == 0 {
        script += stamped(
          """
          SAVEPOINT s;
          UPDATE one SET {stamp}, filler = '\(TortureWriter.rolledBack)' WHERE \(Self.own(writer)) AND id % 100 < 9;
          DELETE FROM pair WHERE \(Self.own(writer)) AND id < 20;
          ROLLBACK TO SAVEPOINT s;
          """)
        script += stamped(Self.small(writer, &generator))
      }
      script += "INSERT INTO ledger VALUES (\(transaction), \(transaction), \(writer), \(isBig));\n"
      script += Int.random(in: 0..<8, using: &generator) == 0 ? "ROLLBACK;\n" : "COMMIT;\n"
      script += "DO SLEEP(0.01);\n" + outcomes(of: &prepared, &generator)
    }
    return script + outcomes(of: &prepared, areDue: true, &generator)
  }

  private static func own(_ writer: Int) -> String { "id % \(writers) = \(writer)" }

  /// A statement a line.
  private static func small(_ writer: Int, _ generator: inout SeededGenerator) -> String {
    func id(_ most: Int, _ generator: inout SeededGenerator) -> Int {
      Int.random(in: 0..<most / writers, using: &generator) * writers + writer
    }
    let a = id(800, &generator)
    let b = id(800, &generator)
    let n = id(200, &generator)
    switch Int.random(in: 0..<14, using: &generator) {
    case 0, 1: return "INSERT IGNORE INTO one (id, version, txn, filler) VALUES (\(a), {values}, 'new');"
    case 2, 3: return "UPDATE one SET {stamp}, filler = CONCAT(filler, 'u') WHERE id = \(a);"
    case 4: return "UPDATE one SET {stamp}, tag = '\(n)' WHERE id BETWEEN \(a) AND \(a + 60) AND \(own(writer));"
    case 5: return "UPDATE IGNORE one SET id = \(b), {stamp} WHERE id = \(a);"
    case 6: return "DELETE FROM one WHERE id = \(a);"
    case 7:
      // Two rows swap their keys.
      let spare = -1 - writer
      guard a != b else { return "UPDATE one SET id = id, {stamp} WHERE id = \(a);" }
      return """
        UPDATE one SET id = \(spare), {stamp} WHERE id = \(a);
        UPDATE one SET id = \(a), {stamp} WHERE id = \(b);
        UPDATE one SET id = \(b), {stamp} WHERE id = \(spare);
        """
    case 8:
      return "INSERT INTO pair VALUES ('a/\(n % 3)', \(a), {values}, \(n).50) "
        + "ON DUPLICATE KEY UPDATE {stamp}, amount = -amount;"
    case 9: return "UPDATE IGNORE pair SET region = 'b%', {stamp} WHERE region = 'a/1' AND id = \(a);"
    case 10: return "DELETE FROM pair WHERE id = \(a);\nINSERT INTO aside VALUES (\(a));"
    case 11: return "UPDATE large SET {stamp} WHERE id = \(n);"
    case 12: return "UPDATE IGNORE large SET id = \(id(200, &generator)), {stamp} WHERE id = \(n);"
    default: return "INSERT IGNORE INTO cleared VALUES (\(a), {values});"
    }
  }

  /// Larger than one request of etcd, in rows or in bytes.
  private static func big(_ writer: Int, _ generator: inout SeededGenerator) -> String {
    let from = Int.random(in: 0..<2, using: &generator) * 3000
    switch Int.random(in: 0..<4, using: &generator) {
    case 0:
      return "INSERT IGNORE INTO bulk SELECT n * \(writers) + \(writer), {values}, 'b' FROM numbers "
        + "WHERE n BETWEEN \(from) AND \(from + 4999);"
    case 1: return "UPDATE bulk SET {stamp}, filler = REPEAT('c', 300) WHERE \(own(writer));"
    case 2: return "DELETE FROM bulk WHERE \(own(writer));"
    // MINIMAL and NOBLOB leave the bodies out: what etcd's request must hold is known only once they have been read.
    default: return "UPDATE large SET {stamp} WHERE \(own(writer));"
    }
  }
}
