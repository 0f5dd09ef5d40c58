// SPDX-License-Identifier: Apache-2.0
import Foundation
import Support

/// What writers write to PostgreSQL.
extension TestDatabase: TortureSource {
  var process: TestServer { postgres.server }

  func prepareForTorture() throws {
    try psql(Self.schema)
    // Another plugin, another slot.
    try psql("SELECT pg_create_logical_replication_slot('order_of_commits', 'test_decoding')", as: "postgres")
  }

  func session(_ script: String) throws -> ChildProcess { try psqlInBackground(script) }

  func isError(_ text: String) -> Bool { text.contains(" ERROR: ") }

  func writeMark() throws -> String { try rows("INSERT INTO ledger (writer) VALUES (9) RETURNING txn")[0][0] }

  func committed(since place: inout String) throws -> [Int] {
    try psql(
      """
      SELECT xid FROM pg_logical_slot_get_changes('order_of_commits', NULL, NULL, 'skip-empty-xacts', '1')
      WHERE data LIKE 'COMMIT%'
      """, as: "postgres"
    ).split { $0 == "\u{1E}" || $0 == "\n" }.compactMap { Int($0) }
  }

  private static let writers = TortureWriter.writers

  private static let schema = """
    CREATE SEQUENCE version;
    CREATE TABLE ledger (txn bigint PRIMARY KEY DEFAULT txid_current(), version bigint DEFAULT nextval('version'),
                         writer int, big bool DEFAULT false);
    CREATE TABLE one (id int PRIMARY KEY, version bigint DEFAULT nextval('version'), txn bigint DEFAULT txid_current(),
                      filler text);
    CREATE TABLE pair (region text, id int, version bigint DEFAULT nextval('version'),
                       txn bigint DEFAULT txid_current(), amount numeric, PRIMARY KEY (region, id));
    CREATE TABLE large (id int PRIMARY KEY, version bigint DEFAULT nextval('version'),
                        txn bigint DEFAULT txid_current(), body text);
    ALTER TABLE large ALTER body SET STORAGE EXTERNAL;
    CREATE TABLE cleared (id int PRIMARY KEY, version bigint DEFAULT nextval('version'),
                          txn bigint DEFAULT txid_current());
    CREATE TABLE bulk (id int PRIMARY KEY, version bigint DEFAULT nextval('version'),
                       txn bigint DEFAULT txid_current(), filler text);
    CREATE TABLE aside (n int);
    INSERT INTO one (id, filler) SELECT g, repeat('x', g % 50) FROM generate_series(1, 6000) g;
    INSERT INTO large (id, body) SELECT g, repeat(md5(g::text), 500) FROM generate_series(1, 200) g;
    INSERT INTO pair (region, id, amount) SELECT 'a/' || g % 3, g, g / 7.0 FROM generate_series(1, 500) g;
    """

  private static let stamp = "version = nextval('version'), txn = txid_current()"

  func script(_ writer: Int, turn: Int, mayPrepare _: Bool, _ generator: inout SeededGenerator) -> String {
    Self.script(writer, &generator)
  }

  private static func script(_ writer: Int, _ generator: inout SeededGenerator) -> String {
    var script = ""
    for _ in 0..<12 {
      let isBig = Int.random(in: 0..<40, using: &generator) == 0
      script += "BEGIN;\n"
      // First of all, while it holds nothing that another could wait for.
      if writer == 0, Int.random(in: 0..<12, using: &generator) == 0 { script += "TRUNCATE cleared;\n" }
      if isBig {
        script += big(writer, &generator)
      } else {
        for _ in 0..<Int.random(in: 1...12, using: &generator) { script += small(writer, &generator) }
      }
      if Int.random(in: 0..<8, using: &generator) == 0 {
        script +=
          "SAVEPOINT s; UPDATE one SET \(stamp), filler = '\(TortureWriter.rolledBack)' WHERE \(own(writer)) AND id % 100 < 9;\n"
        script += "DELETE FROM pair WHERE \(own(writer)) AND id < 20; ROLLBACK TO SAVEPOINT s;\n"
        script += small(writer, &generator)
      }
      script += "INSERT INTO ledger (writer, big) VALUES (\(writer), \(isBig));\n"
      script += Int.random(in: 0..<8, using: &generator) == 0 ? "ROLLBACK;\n" : "COMMIT;\n"
      script += "SELECT pg_sleep(0.01);\n"
    }
    return script
  }

  private static func own(_ writer: Int) -> String { "id % \(writers) = \(writer)" }

  private static func small(_ writer: Int, _ generator: inout SeededGenerator) -> String {
    func id(_ most: Int, _ generator: inout SeededGenerator) -> Int {
      Int.random(in: 0..<most / writers, using: &generator) * writers + writer
    }
    let a = id(800, &generator)
    let b = id(800, &generator)
    let n = id(200, &generator)
    switch Int.random(in: 0..<14, using: &generator) {
    case 0, 1: return "INSERT INTO one (id, filler) VALUES (\(a), 'new') ON CONFLICT DO NOTHING;\n"
    case 2, 3: return "UPDATE one SET \(stamp), filler = filler || 'u' WHERE id = \(a);\n"
    case 4: return "UPDATE one SET \(stamp) WHERE id BETWEEN \(a) AND \(a + 60) AND \(own(writer));\n"
    case 5: return move("one", from: "id = \(a)", to: "id = \(b)")
    case 6: return "DELETE FROM one WHERE id = \(a);\n"
    case 7:
      // Two rows swap their keys.
      let spare = -1 - writer
      return
        "UPDATE one SET id = \(spare), \(stamp) WHERE id = \(a); UPDATE one SET id = \(a), \(stamp) WHERE id = \(b);\n"
        + "UPDATE one SET id = \(b), \(stamp) WHERE id = \(spare);\n"
    case 8:
      return "INSERT INTO pair (region, id, amount) VALUES ('a/\(n % 3)', \(a), \(n).50) ON CONFLICT (region, id) DO "
        + "UPDATE SET \(stamp), amount = -pair.amount;\n"
    case 9: return move("pair", from: "region = 'a/1' AND id = \(a)", to: "region = 'b%', id = \(a)")
    case 10: return "DELETE FROM pair WHERE id = \(a);\nINSERT INTO aside VALUES (\(a));\n"
    case 11: return "UPDATE large SET \(stamp) WHERE id = \(n);\n"
    case 12: return move("large", from: "id = \(n)", to: "id = \(id(200, &generator))")
    default: return "INSERT INTO cleared (id) VALUES (\(a)) ON CONFLICT DO NOTHING;\n"
    }
  }

  /// A change of the key, if the new one is free.
  private static func move(_ table: String, from: String, to: String) -> String {
    let taken = to.replacing(", ", with: " AND ")
    return "UPDATE \(table) SET \(to), \(stamp) WHERE \(from) AND NOT EXISTS (SELECT FROM \(table) WHERE \(taken));\n"
  }

  /// Larger than one request of etcd, in rows or in bytes.
  private static func big(_ writer: Int, _ generator: inout SeededGenerator) -> String {
    let from = Int.random(in: 0..<3, using: &generator) * 3000
    switch Int.random(in: 0..<4, using: &generator) {
    case 0:
      return "INSERT INTO bulk (id, filler) SELECT g * \(writers) + \(writer), 'b' "
        + "FROM generate_series(\(from), \(from + 4999)) g ON CONFLICT DO NOTHING;\n"
    case 1: return "UPDATE bulk SET \(stamp), filler = repeat('c', 300) WHERE \(own(writer));\n"
    case 2: return "DELETE FROM bulk WHERE \(own(writer));\n"
    // The log leaves their bodies out: what etcd's request must hold is known only once they have been read.
    default: return "UPDATE large SET \(stamp) WHERE \(own(writer));\n"
    }
  }
}
