// SPDX-License-Identifier: Apache-2.0
import Foundation
import Support
import Synchronization

/// An application that writes without a pause, in a session of its own, until it is told to hold still.
///
/// Each transaction leaves a line in `ledger` that is never changed: what it says is known of every committed
/// transaction. Each write of a row takes a new number from one sequence, so that no two versions of a row are alike.
/// Writers share tables but not rows: the remainder of a row's number says whose it is.
final class TortureWriter: Sendable {
  static let writers = 2

  private struct State {
    var mayWrite = true
    var isWriting = false
    var isOver = false
    var generator: SeededGenerator
    var errors: [String] = []
    var chunks = 0
  }

  private let database: TestDatabase
  private let number: Int
  private let state: Mutex<State>

  init(_ database: TestDatabase, number: Int, seed: UInt64) {
    self.database = database
    self.number = number
    state = Mutex(State(generator: SeededGenerator(seed: seed)))
    Thread.detachNewThread { [self] in run() }
  }

  /// Returns once the last transaction has ended.
  func pause() {
    state.withLock { $0.mayWrite = false }
    _ = waitUntil(within: .seconds(60)) { !state.withLock { $0.isWriting } }
  }

  func resume() { state.withLock { $0.mayWrite = true } }

  func stop() {
    pause()
    state.withLock { $0.isOver = true }
  }

  /// Errors that the server answered: there must be none.
  var errors: [String] { state.withLock { $0.errors } }

  private func run() {
    while !state.withLock({ $0.isOver }) {
      let script: String? = state.withLock { state in
        guard state.mayWrite else { return nil }
        state.isWriting = true
        state.chunks += 1
        return Self.script(number, &state.generator)
      }
      guard let script else {
        usleep(5000)
        continue
      }
      write(script)
      state.withLock { $0.isWriting = false }
    }
  }

  private func write(_ script: String) {
    guard let session = try? database.psqlInBackground(script) else { return }
    let exit = session.waitForExit(within: .seconds(120))
    if exit == .status(0) { return }
    let text = String(decoding: session.errors, as: UTF8.self)
    // The server is away or comes up: that is part of the test, and no error of the writer's.
    if text.contains(" ERROR: ") { state.withLock { $0.errors.append(text) } }
    usleep(50_000)
  }
}

// What it writes.
extension TortureWriter {
  static let rolledBack = "rolled back"
  static let oldRows = 6000

  static let schema = """
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
    INSERT INTO one (id, filler) SELECT g, repeat('x', g % 50) FROM generate_series(1, \(oldRows)) g;
    INSERT INTO large (id, body) SELECT g, repeat(md5(g::text), 500) FROM generate_series(1, 200) g;
    INSERT INTO pair (region, id, amount) SELECT 'a/' || g % 3, g, g / 7.0 FROM generate_series(1, 500) g;
    """

  private static let stamp = "version = nextval('version'), txn = txid_current()"

  /// Some transactions, about a third of a second of them.
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
          "SAVEPOINT s; UPDATE one SET \(stamp), filler = '\(rolledBack)' WHERE \(own(writer)) AND id % 100 < 9;\n"
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
    let taken = to.replacingOccurrences(of: ", ", with: " AND ")
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
