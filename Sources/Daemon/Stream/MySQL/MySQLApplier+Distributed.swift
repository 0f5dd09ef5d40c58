// SPDX-License-Identifier: Apache-2.0
internal import MySQL
internal import Wire

// XA transactions. Their rows come with XA PREPARE, whether they count is said later, perhaps after a restart of either
// side: the checkpoint keeps where they are, and they are read again once they have committed.
extension MySQLApplier {
  /// The end of a transaction that is prepared, or (`ONE PHASE`) committed.
  func prepared(_ event: borrowing XAPrepareEvent, _ header: EventHeader) throws(PipelineFailure) -> BinlogFlow {
    guard let transaction else { return .more }
    let xid = event.xid.description
    let prepared = PreparedTransaction(
      xid: xid, file: transaction.begin.file, offset: transaction.begin.offset, serverUUID: complete.serverUUID,
      tables: transaction.touched)
    if event.isOnePhase {
      guard !prepared.tables.isEmpty else { return try endTransaction(at: header.endPosition) }
      return replay(prepared, until: header.endPosition)
    }
    notePrepared(prepared)
    return try endTransaction(at: header.endPosition)
  }

  /// XA COMMIT.
  func commitPrepared(_ xid: String, _ header: EventHeader) throws(PipelineFailure) -> BinlogFlow {
    guard let prepared = complete.prepared.first(where: { $0.xid == xid }) else {
      // Prepared before our first dump, which did not show its rows. (MySQL's dump locks its tables, and a prepared
      // transaction that has changed one of them keeps it from that.)
      let suspects = schema.dumpsUnderLock ? [] : tables.chosen.filter(applies).map(\.reference)
      guard suspects.isEmpty else {
        throw .redump(suspects, "a transaction has committed that was prepared before the first dump")
      }
      return try endTransaction(at: header.endPosition)
    }
    // Tables whose dump is behind this commit have its rows: where they cannot be read again, that is how they came.
    var due = prepared
    due.tables = prepared.tables.filter { table in tables.plan(of: table).map(applies) ?? false }
    guard !due.tables.isEmpty else {
      forgetPrepared(xid)
      return try endTransaction(at: header.endPosition)
    }
    guard prepared.serverUUID == complete.serverUUID else {
      throw .redump(due.tables, "a transaction has committed that was prepared on another server")
    }
    return replay(due, until: header.endPosition)
  }

  private func replay(_ prepared: PreparedTransaction, until end: UInt64) -> BinlogFlow {
    replayEnd = end
    need = .replay(prepared)
    return .pause
  }

  /// The rows are about to come from another stream: the tables' numbers are those of its time.
  func beginReplay(_ prepared: PreparedTransaction) {
    isReplaying = true
    holdsDistributed = true
    replayedTables = prepared.tables
    need = .nothing
    rowsEvents = 0
    tables.forgetNumbers()
  }

  /// An event of the prepared transaction.
  func replay(_ event: borrowing BinlogEvent, _ header: EventHeader) throws(PipelineFailure) -> BinlogFlow {
    switch event {
    case .tableMap(let map):
      try tableMap(map)
      return .more
    case .rows(let rows): return try self.rows(rows)
    case .xaPrepare:
      isReplaying = false
      isReplayDone = true
      return .pause
    case .incident: throw .sourceViolation("an incident inside a prepared transaction")
    default: return .more
    }
  }

  /// All rows of the prepared transaction are in the batch: its commit is whole.
  func endReplay(_ xid: String) throws(PipelineFailure) {
    isReplayDone = false
    tables.forgetNumbers()
    forgetPrepared(xid)
    _ = try endTransaction(at: replayEnd)
  }
}
