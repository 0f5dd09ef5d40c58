// SPDX-License-Identifier: Apache-2.0
//
//   GTID, BEGIN, (TABLE_MAP …, ROWS …) …, XID      each row becomes puts and deletes of the open batch
//   ──────────────────────────────────────────▶    nothing is kept of a row but these bytes
internal import Etcd
internal import MySQL
internal import Wire

/// Takes the events of the binary log and writes what they mean into the open batch.
///
/// It never waits: where something must be looked up first (a character that it has not met, the rows of a prepared
/// transaction) or sent first (the batch is full), it answers `.again` and says why in `need`. The event is delivered
/// again then, and taken up at the row at which it was left.
final class MySQLApplier: BinlogEventSink {
  enum Need: Equatable {
    case nothing
    /// The open batch does not fit in one request.
    case room
    /// The batch is large enough, and a transaction has just ended.
    case sending
    /// The server must be asked what these characters are.
    case characters(CharacterRequest)
    /// The server must be asked for what its log leaves out of these rows.
    case generated(MissingRequest)
    /// The rows of a prepared transaction, which has committed now, must be read again.
    case replay(PreparedTransaction)
  }

  /// The transaction being received.
  struct OpenTransaction {
    var name: TransactionName
    var begin: BinlogFilePosition
    /// BEGIN has been met: it ends with a COMMIT or XID. Otherwise it is one statement.
    var hasBegun = false
    /// Chosen tables with rows in it.
    var touched: [TableReference] = []
    /// A ROLLBACK TO or ROLLBACK in it leaves only what engines without transactions have done.
    var isUndoneInPart = false
  }

  var open = MySQLOpenBatch()
  var batch: TransactionBatch {
    _read { yield open.batch }
    _modify { yield &open.batch }
  }
  var need = Need.nothing
  let tables: MySQLTables
  let limits: BatchLimits
  let oversized: OversizedRows
  let schema: MySQLSchemaFollower

  /// Behind the last transaction that is whole in the batch, or before it already sent.
  var complete: LogPlace
  /// Whose log it is.
  private let logOwner: String
  /// etcd does not know yet which file the log is in.
  private(set) var isLogFileNew = false
  /// The file that the events are of; the stream says it in rotate events.
  var file: String
  var transaction: OpenTransaction? { didSet { isInTransaction = transaction != nil } }
  // What each rows event asks of it, as plain values: to look into one that holds references costs a check at run time.
  private(set) var isInTransaction = false
  /// Which of the transactions that were met it is.
  private(set) var transactionNumber = 0
  /// XA: whether it counts is said at its end, or later. Its rows are not applied as they come.
  var isDistributed = false
  /// Rows events met in it so far.
  var rowsEvents = 0
  /// Where the last transaction begins that has been met.
  private(set) var lastBegin: BinlogFilePosition
  /// Number of the present row: rows events times 10⁹ and the row in its event, so that rows of tables that nobody
  /// chose need not be looked at to be counted.
  var ordinal = 0
  private var alreadyApplied = 0
  /// The present rows event was left and comes again: it goes on at this offset, which is that of this row of it.
  var isResumed = false
  var nextOffset = 0
  var nextRow = 0
  /// By key what the server has of rows of the present event; nil for those that are gone.
  var generated: [[UInt8]: KnownColumns?] = [:]
  /// Before it, what etcd has of a row may be of the row's future, or of another row's that will have its key.
  var aheadUntil: BinlogFilePosition
  /// The present rows are of a prepared transaction that is read again.
  var isReplaying = false
  var isReplayDone = false
  /// Rows of a prepared transaction may be in the batch.
  var holdsDistributed = false
  var replayedTables: [TableReference] = []
  /// Where the log stands behind the commit of what is read again.
  var replayEnd: UInt64 = 0
  /// What etcd has of a transaction that spans requests, until that transaction has ended.
  private var partial: PartialTransaction?
  /// Of places that puts with holes have noted: the source's words for their numbers.
  private var notedPlaces: [UInt64: (complete: LogPlace, open: TransactionName)] = [:]
  private var placeNumber: UInt64 = 0
  /// The part of the first transaction that etcd has already.
  private var awaited: PartialTransaction?
  private let instance: String
  /// Events before it are known: the server could not be asked for this place itself.
  var ignoredBefore: BinlogFilePosition?
  var learner: GTIDLearner? { didSet { isLearning = learner != nil } }
  private(set) var isLearning = false
  var scratch = RowScratch()
  /// What the present statement has done to rows that others follow.
  var followedChanges: [TableReference: MySQLCascades.Change] = [:]

  init(
    tables: MySQLTables, schema: MySQLSchemaFollower, limits: BatchLimits, oversized: OversizedRows, resume: Checkpoint,
    place: LogPlace, logOwner: String, instance: String
  ) {
    self.tables = tables
    self.schema = schema
    self.limits = limits
    self.oversized = oversized
    awaited = resume.transaction
    partial = resume.transaction
    self.instance = instance
    self.logOwner = logOwner
    complete = place
    lastBegin = place.position
    aheadUntil = place.position
    file = place.position.file
  }

  // MARK: Transactions

  func begin(_ name: TransactionName, at begin: BinlogFilePosition) {
    transaction = OpenTransaction(name: name, begin: begin)
    transactionNumber += 1
    isDistributed = false
    rowsEvents = 0
    lastBegin = begin
    ordinal = 0
    alreadyApplied = 0
    // Only the first transaction behind the checkpoint can be applied in part.
    if let waiting = awaited, waiting.identity == name.identity { alreadyApplied = waiting.applied }
    awaited = nil
  }

  /// The transaction is whole; `end` is where the log stands.
  func endTransaction(at end: UInt64) throws(PipelineFailure) -> BinlogFlow {
    guard let ended = transaction else { return .more }
    if ended.isUndoneInPart, !ended.touched.isEmpty {
      throw .redump(
        ended.touched, "a transaction was rolled back in part that engines without transactions took part in")
    }
    transaction = nil
    followedChanges.removeAll()
    complete.add(ended.name, end: BinlogFilePosition(file: file, offset: end))
    if isLearning { adoptGTIDs() }
    partial = nil
    batch.endTransaction()
    if batch.awaitsPlaceAtEnd { batch.notePlaceAtEnd(note(open: ended.name)) }
    if !isWorthSending { return .more }
    need = .sending
    return .pause
  }

  /// The log stands here, and no transaction is open: what came was of no table of ours.
  func reach(_ position: BinlogFilePosition) {
    guard transaction == nil, ignoredBefore == nil else { return }
    complete.position = position
    if isLearning { adoptGTIDs() }
  }

  /// The events that follow are of the file that the last rotate event has named.
  func enterFile(created: UInt32) throws(PipelineFailure) {
    let known = complete.logFile
    guard complete.enter(LogFileIdentity(server: logOwner, file: file, created: created)) else {
      throw .positionLost("the server's log was reset: \(file) is not the file of this name that was followed")
    }
    if complete.logFile != known { isLogFileNew = true }
  }

  func notePrepared(_ transaction: PreparedTransaction) {
    forgetPrepared(transaction.xid)
    complete.prepared.append(transaction)
  }

  func forgetPrepared(_ xid: String) { complete.prepared.removeAll { $0.xid == xid } }

  /// Whether the present row has not been applied yet.
  var isDue: Bool { ordinal > alreadyApplied }

  /// Whether the log counts for this table in the present transaction.
  func applies(_ table: MySQLTablePlan) -> Bool {
    guard let from = table.appliesFrom else { return true }
    guard let transaction else { return false }
    if from.covers(transaction.name, from: transaction.begin, of: complete.serverUUID) { return false }
    // The log's order: what comes later counts too.
    if from.serverUUID == complete.serverUUID { table.appliesFrom = nil }
    return true
  }

  // MARK: What a request may hold

  private var isWorthSending: Bool {
    batch.liveOperations >= limits.operationsWanted || batch.liveBytes >= limits.bytesWanted
  }

  func roomLeft() -> Bool {
    if open.hasRoom(limits) { return true }
    need = .room
    return false
  }

  private func checkpoint(at place: LogPlace, _ transaction: PartialTransaction?) -> Checkpoint {
    Checkpoint(phase: .sync, position: .mysql(place.text), transaction: transaction, instance: instance)
  }

  /// Where the batch can be cut now, and the checkpoint that is true once everything before it is in etcd.
  func cut() -> (boundary: Int, checkpoint: Checkpoint) {
    // Inside a transaction only where it does not fit in one request: otherwise it is one revision.
    guard batch.transactionStart == 0, need == .room, let transaction, batch.changeStart > 0 else {
      return (batch.transactionStart, checkpoint(at: complete, batch.transactionStart > 0 ? nil : partial))
    }
    let applied = PartialTransaction(identity: transaction.name.identity, applied: ordinal - 1)
    return (batch.changeStart, checkpoint(at: complete, applied))
  }

  /// The same, where the values to be filled in leave room for less.
  func cut(at place: CutPlace) -> (boundary: Int, checkpoint: Checkpoint) {
    guard let noted = notedPlaces[place.completePosition] else { preconditionFailure("a place that nobody noted") }
    if place.transactionStart > 0 { return (place.transactionStart, checkpoint(at: noted.complete, nil)) }
    let applied = PartialTransaction(identity: noted.open.identity, applied: place.ordinal - 1)
    return (place.changeStart, checkpoint(at: noted.complete, applied))
  }

  /// Where the log stands before the present row.
  var place: CutPlace {
    guard let transaction else { preconditionFailure("a row outside a transaction") }
    return note(open: transaction.name)
  }

  private func note(open name: TransactionName) -> CutPlace {
    if notedPlaces[placeNumber]?.open != name || notedPlaces[placeNumber]?.complete != complete {
      placeNumber += 1
      notedPlaces[placeNumber] = (complete, name)
    }
    return CutPlace(completePosition: placeNumber, openPosition: 0, ordinal: ordinal)
  }

  /// What was cut off is on its way, and no longer in the batch.
  func sent(_ checkpoint: Checkpoint) {
    partial = checkpoint.transaction
    if case .mysql(let position) = checkpoint.position, position.logFile == complete.logFile { isLogFileNew = false }
    if batch.unfilled.isEmpty {
      holdsDistributed = isReplaying
      notedPlaces.removeAll(keepingCapacity: true)
      tables.forgetChanges()
    }
    // What must be looked up first is looked up, whatever was sent meanwhile.
    guard need == .nothing || need == .room || need == .sending else { return }
    let isOverfull = !open.hasRoom(limits)
    need = isOverfull ? .room : batch.transactionStart > 0 && isWorthSending ? .sending : .nothing
  }

  /// The position reached, if there is nothing to send.
  func idlePosition() -> Checkpoint? {
    guard transaction == nil, batch.isEmpty else { return nil }
    return checkpoint(at: complete, partial)
  }
}
