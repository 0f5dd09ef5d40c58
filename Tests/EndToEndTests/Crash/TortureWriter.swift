// SPDX-License-Identifier: Apache-2.0
import Foundation
import Support
import Synchronization

/// An application that writes without a pause, in a session of its own, until it is told to hold still.
///
/// Each transaction leaves a line in `ledger` that is never changed: what it says is known of every committed
/// transaction. Each write of a row has a new number, so that no two versions of a row are alike.
/// Writers share tables but not rows: the remainder of a row's number says whose it is.
final class TortureWriter: Sendable {
  static let writers = 2
  static let rolledBack = "rolled back"

  private struct State {
    var mayWrite = true
    var isWriting = false
    var isOver = false
    var generator: SeededGenerator
    var errors: [String] = []
    var turns = 0
    var isDumped = false
  }

  private let database: any TortureSource
  private let number: Int
  private let state: Mutex<State>

  init(_ database: any TortureSource, number: Int, seed: UInt64) {
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

  /// From now on transactions are prepared too. One that is prepared when the first dump begins is in no snapshot, and
  /// on MariaDB everything is dumped again when it commits: then rows are put twice, as they must be.
  func prepareToo() { state.withLock { $0.isDumped = true } }

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
        state.turns += 1
        return database.script(number, turn: state.turns, mayPrepare: state.isDumped, &state.generator)
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
    guard let session = try? database.session(script) else { return }
    let exit = session.waitForExit(within: .seconds(120))
    if exit == .status(0) { return }
    let text = String(decoding: session.errors, as: UTF8.self)
    // The server is away or comes up: that is part of the test, and no error of the writer's.
    if database.isError(text) { state.withLock { $0.errors.append(text) } }
    // Once it answers, what the session has left behind is brought to an end.
    let isSettled = waitUntil(within: .seconds(60)) {
      usleep(50_000)
      return (try? database.settle(writer: number)) != nil
    }
    if !isSettled { state.withLock { $0.errors.append("prepared transactions stay: \(text)") } }
  }
}

/// A database that torture writers know how to write to.
protocol TortureSource: SourceDatabase {
  /// The server, which is killed now and then.
  var process: TestServer { get }
  /// Makes the tables, and an account of what is committed that does not depend on the daemon.
  func prepareForTorture() throws
  func session(_ script: String) throws -> ChildProcess
  /// Some transactions, about a third of a second of them, some of which may be prepared. `turn` counts a writer's
  /// scripts.
  func script(_ writer: Int, turn: Int, mayPrepare: Bool, _ generator: inout SeededGenerator) -> String
  /// Brings to an end what a session of this writer that failed may have left behind.
  func settle(writer: Int) throws
  /// Whether a session that failed has met with an error of its own, and not with a server that is away or comes up.
  func isError(_ text: String) -> Bool
  /// A transaction behind all others; its number.
  func writeMark() throws -> String
  /// The transactions committed since the last call, in the order of the log. `place` is for it to remember where it
  /// was; empty at first.
  func committed(since place: inout String) throws -> [Int]
}

extension TortureSource {
  func settle(writer: Int) throws {}
}
