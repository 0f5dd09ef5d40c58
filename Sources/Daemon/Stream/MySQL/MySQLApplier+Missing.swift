// SPDX-License-Identifier: Apache-2.0
internal import Etcd
internal import MySQL
internal import Wire

// Generated columns that MariaDB's log leaves out of a row: they are asked of the server, a block of rows at a time.
extension MySQLApplier {
  /// Fills the row that stands in `scratch` with what the server has said. Of a row that is gone meanwhile etcd's
  /// values stay, as of any column that the log leaves out: its delete, or its other key, comes later in the log.
  func fillMissing(_ table: MySQLTablePlan) throws(RowFailure) {
    guard let answer = generated[scratch.key.withBytes { $0.array }] else { throw .generated }
    guard let answer else { return }
    let value = answer.value
    do throws(WireError) {
      try unsafe scratch.fill(from: value.span.bytes, answer.holes, table)
    } catch {
      throw .row(RowError(table: table.name, column: "", reason: .value(error)))
    }
  }

  /// Whether what the row in `scratch` lacks must not be taken from what etcd has. A value that was asked of the server
  /// stays right where the row stays and changes as the log says: under another key it would be another row's, and a
  /// change of a part of it may be in it already. Those are asked for again.
  func mayBeAhead(_ table: MySQLTablePlan, hasOtherKey: Bool) -> Bool {
    guard lastBegin < aheadUntil, hasOtherKey || scratch.holes.contains(where: { $0.change != 0 }) else { return false }
    // A table of which nothing can be asked has no such values.
    return !scratch.holes.isEmpty && RowCondition(table) != nil
  }

  /// How to know that the server shows all that the batch holds.
  func visibility(_ flavor: ServerFlavor) -> MissingRequest.Visibility {
    guard case .mysql(var set) = complete.executed else {
      return flavor == .mariaDB && !holdsDistributed ? .position(lastBegin) : .lock
    }
    if case .mysql(let gtid) = transaction?.name { set.add(gtid) }
    return .gtids(set.description)
  }

  /// The rows from `offset` of the event on that the server is asked for at once.
  func missingRequest(
    _ event: borrowing RowsEvent, _ layout: RowLayout, _ table: MySQLTablePlan, from offset: Int
  ) throws(PipelineFailure) -> MissingRequest {
    // Whether the rows of a prepared transaction are visible yet, no position tells.
    guard let transaction, !isReplaying, RowCondition(table) != nil else {
      throw .redump([table.reference], "this server's log leaves out the generated columns of an update")
    }
    var request = MissingRequest(
      table: table.number, columns: table.unloggedPlaces, keys: [], visibility: .position(transaction.begin))
    var offset = offset
    while offset < event.rows.byteCount, request.keys.count < MissingColumns.rowsMax {
      try open.index(event, layout, table, at: &offset)
      completeAfter(except: [])
      var key = ByteWriter()
      do throws(RowError) {
        try MySQLOpenBatch.appendKey(open.after, event.rows, table, to: &key)
      } catch {
        // An unknown character, say: it is met again when it is this row's turn.
        guard !request.keys.isEmpty else { throw table.failure(error) }
        break
      }
      request.keys.append(key.bytes.array)
    }
    return request
  }
}
