// SPDX-License-Identifier: Apache-2.0
//
//   Begin, changes …, Commit      each change becomes puts and deletes of the open batch
//   ─────────────────────────▶    nothing is kept of a row but these bytes
internal import Etcd
internal import Postgres
internal import Wire

/// Takes the messages of the log and writes what they mean into the open batch.
///
/// It never waits: where something must be looked up first (a table it has not met) or sent first (the batch is full),
/// it answers `.pause` and says why in `need`; the messages behind stay in the receive buffer.
final class StreamApplier: ReplicationSink {
  enum Need: Equatable {
    case nothing
    /// The shape of this table was not known, or is another one now.
    case relation(RelationShape)
    /// The open batch does not fit in one request.
    case room
    /// The batch is large enough, and a transaction has just ended.
    case sending
  }

  var open = OpenBatch()
  var batch: TransactionBatch {
    _read { yield open.batch }
    _modify { yield &open.batch }
  }
  var need = Need.nothing
  /// The columns that each relation's message calls its key, until a change needs them.
  private var uncheckedIdentities: [UInt32: Set<String>] = [:]
  let tables: TableRegistry
  let limits: BatchLimits
  let oversized: OversizedRows

  /// Behind the last transaction that is whole in the batch, or before it already sent.
  private(set) var completeLSN: LSN
  /// The source has nothing before it that we have not received.
  private(set) var receivedLSN: LSN
  private(set) var replyRequested = false
  /// Something has come since the driver last looked.
  var isHeard = false

  /// The transaction being received.
  private var commitLSN: LSN?
  private var isSkipped = false
  /// Changes of it met so far, and how many of them are in etcd already.
  private(set) var ordinal = 0
  private var alreadyApplied = 0
  /// What etcd has of a transaction that spans requests, until that transaction has ended.
  private var partial: PartialTransaction?
  private let resume: Checkpoint
  private let instance: String

  var fields: [FieldRange] = []
  var oldFields: [FieldRange] = []
  var holes: [ValueHole] = []
  var oldKey = ByteWriter()
  var scratch = RowScratch()

  init(tables: TableRegistry, limits: BatchLimits, oversized: OversizedRows, resume: Checkpoint, instance: String) {
    self.tables = tables
    self.limits = limits
    self.oversized = oversized
    self.resume = resume
    partial = resume.transaction
    self.instance = instance
    completeLSN = resume.lsn
    receivedLSN = resume.lsn
  }

  var isInTransaction: Bool { commitLSN != nil }

  // MARK: ReplicationSink

  func keepalive(walEnd: LSN, replyRequested: Bool) throws(PipelineFailure) -> Flow {
    isHeard = true
    if !isInTransaction {
      receivedLSN = max(receivedLSN, walEnd)
      if let lsn = partial?.lsn, lsn < receivedLSN { self.partial = nil }
    }
    if replyRequested { self.replyRequested = true }
    return .more
  }

  func replied() { replyRequested = false }

  func receive(
    _ message: borrowing LogicalMessage, walStart: LSN, walEnd: LSN, serverTime: ServerTime
  ) throws(PipelineFailure) -> Flow {
    isHeard = true
    switch message {
    case .begin(let begin): beginTransaction(begin)
    case .commit(let commit): return endTransaction(commit)
    case .relation(let relation): return try known(relation)
    case .insert(let insert):
      guard let table = try chosen(insert.relation) else { break }
      return try self.insert(insert, table)
    case .update(let update):
      guard let table = try chosen(update.relation) else { break }
      try checkIdentity(update.relation, table)
      return try self.update(update, table)
    case .delete(let delete):
      guard let table = try chosen(delete.relation) else { break }
      try checkIdentity(delete.relation, table)
      open.beginChange(at: place)
      try self.delete(delete, table)
      return roomLeft()
    case .truncate(let truncate): return try self.truncate(truncate)
    case .origin, .dataType, .emitted: break
    case .streamStart, .streamStop, .streamCommit, .streamAbort, .beginPrepare, .prepare, .commitPrepared,
      .rollbackPrepared, .streamPrepare:
      throw .sourceViolation("a message of a protocol version that was not asked for")
    case .other(let other):
      throw .sourceViolation("unknown message \(other.tag) in the log")
    }
    return .more
  }

  // MARK: Transactions

  private func beginTransaction(_ begin: LogicalMessage.Begin) {
    commitLSN = begin.finalLSN
    ordinal = 0
    // The source sends transactions that commit at or behind the position it was asked for; one before it is applied.
    isSkipped = begin.finalLSN < resume.lsn
    alreadyApplied = 0
    if let partial = resume.transaction, partial.lsn == begin.finalLSN { alreadyApplied = partial.applied }
  }

  private func endTransaction(_ commit: LogicalMessage.Commit) -> Flow {
    commitLSN = nil
    guard !isSkipped else { return .more }
    partial = nil
    batch.endTransaction()
    completeLSN = commit.endLSN
    receivedLSN = max(receivedLSN, commit.endLSN)
    if batch.awaitsPlaceAtEnd { batch.notePlaceAtEnd(place) }
    if isWorthSending {
      need = .sending
      return .pause
    }
    return .more
  }

  private var isWorthSending: Bool {
    batch.liveOperations >= limits.operationsWanted || batch.liveBytes >= limits.bytesWanted
  }

  // MARK: Tables

  private func known(_ relation: borrowing LogicalMessage.Relation) throws(PipelineFailure) -> Flow {
    let shape: RelationShape
    let identity: Set<String>
    do throws(WireError) {
      shape = try RelationShape(relation)
      identity = Set(try relation.columns().filter(\.isKey).map(\.name))
    } catch {
      throw .sourceViolation("\(error)")
    }
    uncheckedIdentities[relation.oid] = identity
    // "A live walsender may repeat a Relation message": the same shape again is no news.
    if tables.knows(shape, at: commitLSN ?? receivedLSN) { return .more }
    need = .relation(shape)
    return .pause
  }

  /// Counts the change. Nil: it is applied already, in the table's dump, or of a table that nobody chose.
  private func chosen(_ relation: UInt32) throws(PipelineFailure) -> TablePlan? {
    guard try isDue() else { return nil }
    guard let table = tables.plan(of: relation), let commitLSN, commitLSN >= table.appliesFrom else { return nil }
    return table
  }

  /// The log has the old values of the replica identity's columns only. One that was another for a while does not tell
  /// which keys have gone.
  private func checkIdentity(_ relation: UInt32, _ table: TablePlan) throws(PipelineFailure) {
    if uncheckedIdentities.isEmpty { return }
    guard let identity = uncheckedIdentities.removeValue(forKey: relation) else { return }
    guard table.rows.key.allSatisfy({ identity.contains(table.rows.columns[$0].name) }) else {
      throw .redump([table.reference], "its replica identity was another, which does not cover its key")
    }
  }

  private func isDue() throws(PipelineFailure) -> Bool {
    guard commitLSN != nil else { throw .sourceViolation("a change outside a transaction") }
    ordinal += 1
    return !isSkipped && ordinal > alreadyApplied
  }

  private func truncate(_ truncate: borrowing LogicalMessage.Truncate) throws(PipelineFailure) -> Flow {
    guard try isDue(), let commitLSN else { return .more }
    open.beginChange(at: place)
    for index in 0..<truncate.relationCount {
      guard let table = tables.plan(of: truncate.relation(at: index)), commitLSN >= table.appliesFrom else { continue }
      batch.delete(prefix: table.rows.keyPrefix)
    }
    return roomLeft()
  }

  func roomLeft() -> Flow {
    if open.hasRoom(limits) { return .more }
    need = .room
    return .pause
  }

  private var isOverfull: Bool { !open.hasRoom(limits) }

  // MARK: What a request may hold

  /// Where the batch can be cut now, and the checkpoint that is true once everything before it is in etcd.
  func cut() -> (boundary: Int, checkpoint: Checkpoint) {
    var checkpoint = resume
    checkpoint.phase = .sync
    checkpoint.instance = instance
    checkpoint.lsn = completeLSN
    checkpoint.transaction = batch.transactionStart > 0 ? nil : partial
    // Inside a transaction only where it does not fit in one request: otherwise it is one revision.
    guard batch.transactionStart == 0, need == .room, let commitLSN, batch.changeStart > 0 else {
      return (batch.transactionStart, checkpoint)
    }
    checkpoint.transaction = PartialTransaction(lsn: commitLSN, applied: ordinal - 1)
    return (batch.changeStart, checkpoint)
  }

  /// The same, where the values to be filled in leave room for less.
  func cut(at place: CutPlace) -> (boundary: Int, checkpoint: Checkpoint) {
    var checkpoint = cut().checkpoint
    checkpoint.lsn = LSN(place.completePosition)
    checkpoint.transaction = nil
    if place.transactionStart > 0 { return (place.transactionStart, checkpoint) }
    checkpoint.transaction = PartialTransaction(
      lsn: LSN(place.openPosition), applied: place.ordinal - 1)
    return (place.changeStart, checkpoint)
  }

  /// Where the log stands before the present change.
  var place: CutPlace {
    CutPlace(
      completePosition: completeLSN.rawValue, openPosition: commitLSN?.rawValue ?? 0, ordinal: ordinal)
  }

  /// What was cut off is on its way, and no longer in the batch.
  func sent(_ checkpoint: Checkpoint) {
    partial = checkpoint.transaction
    need = isOverfull ? .room : batch.transactionStart > 0 && isWorthSending ? .sending : .nothing
  }
}
