// SPDX-License-Identifier: Apache-2.0
internal import MySQL

// A checkpoint of the time when GTIDs were off goes over to them. What is executed at a place of MySQL's log is said by
// the beginning of its file and by the transactions between: the file is read again from there, or the next file says
// it.
extension MySQLApplier {
  /// The transactions before where the stream stands, as far as they have GTIDs.
  struct GTIDLearner {
    /// From here on no transaction is without one: before, the set would leave out what it cannot name.
    let complete: BinlogFilePosition
    /// The stream begins with the file, of which we know what is before our place.
    let readsAgain: Bool
    fileprivate var executed: GTIDSet?
  }

  /// - Parameter complete: where the log stood after the server had GTIDs on.
  func learnGTIDs(complete position: BinlogFilePosition, readsAgain: Bool) {
    if readsAgain { ignoredBefore = complete.position }
    learner = GTIDLearner(complete: position, readsAgain: readsAgain)
  }

  /// What comes is known; only for its GTIDs it is read again.
  var isReadingAgain: Bool { learner?.readsAgain == true && ignoredBefore != nil }

  func learn(_ event: borrowing BinlogEvent) {
    switch event {
    case .previousGTIDs(let previous): learner?.executed = previous.gtids
    case .gtid(let gtid) where gtid.form != .anonymous: learner?.executed?.add(gtid.gtid)
    default: break
    }
  }

  /// No transaction is open.
  func adoptGTIDs() {
    guard let learner, let executed = learner.executed, ignoredBefore == nil, complete.position >= learner.complete
    else { return }
    complete.executed = .mysql(executed)
    self.learner = nil
  }
}
