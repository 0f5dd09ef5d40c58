// SPDX-License-Identifier: Apache-2.0
internal import Logging
internal import MySQL
internal import Wire

// A snapshot of the chosen tables together with its place in the log: connections that show the same moment.
extension MySQLReplicator {
  struct Snapshot {
    var place: LogPlace
    var readers: [MySQLConnection]
    /// The chosen tables as of the snapshot.
    var chosen: [MySQLChosenTable]

    func close() {
      for reader in readers { reader.close() }
    }
  }

  /// Parts of a dump that are read side by side.
  private static let readersMax = 2
  private static let begin = "START TRANSACTION WITH CONSISTENT SNAPSHOT"

  /// `choose` is asked with the tables whose definitions it is to hold while it looks.
  func takeSnapshot(
    _ tables: [MySQLChosenTable], _ source: Source,
    choose: (_ held: [TableReference]) throws(PipelineFailure) -> [MySQLChosenTable]
  ) throws(PipelineFailure) -> Snapshot {
    switch source.version.flavor {
    case .mysql: try takeLockedSnapshot(tables, source) { () throws(PipelineFailure) in try choose([]) }
    case .mariaDB:
      try takeTrackedSnapshot(source) { () throws(PipelineFailure) in try choose(tables.map(\.reference)) }
    }
  }

  // MARK: MariaDB

  /// "binlog_snapshot_file … binlog_snapshot_position: in a transaction with a consistent snapshot" they are of that
  /// snapshot: nothing is locked.
  private func takeTrackedSnapshot(
    _ source: Source, choose: () throws(PipelineFailure) -> [MySQLChosenTable]
  ) throws(PipelineFailure) -> Snapshot {
    let first = try open(.dump, source)
    do {
      try first.query(Self.begin, deadline: queryDeadline)
      let position = try first.snapshotPosition(deadline: queryDeadline)
      var snapshot = Snapshot(
        place: try place(position, executed: "", source.queries, source.facts), readers: [first], chosen: [])
      // A second one shows the same if nothing was committed in between.
      while snapshot.readers.count < Self.readersMax {
        let other = try open(.dump, source)
        try other.query(Self.begin, deadline: queryDeadline)
        guard try other.snapshotPosition(deadline: queryDeadline) == position else {
          other.close()
          break
        }
        snapshot.readers.append(other)
      }
      return try chosen(snapshot, choose)
    } catch {
      first.close()
      throw Self.failure(error)
    }
  }

  // MARK: MySQL

  /// While the tables are locked, no transaction that has changed them is under way: what the position counts is in the
  /// snapshot, and the other way round. They are free again before the first row is read.
  private func takeLockedSnapshot(
    _ tables: [MySQLChosenTable], _ source: Source, choose: () throws(PipelineFailure) -> [MySQLChosenTable]
  ) throws(PipelineFailure) -> Snapshot {
    let lock = try open(.dump, source)
    defer { lock.close() }
    try lockTables(tables, on: lock, source)
    var snapshot = Snapshot(place: source.lookedAt, readers: [], chosen: [])
    do {
      for _ in 0..<Self.readersMax {
        let reader = try open(.dump, source)
        snapshot.readers.append(reader)
        try reader.query(Self.begin, deadline: queryDeadline)
      }
      snapshot.place = try presentPlace(lock, source.facts)
      snapshot = try chosen(snapshot, choose)
      try lock.query("UNLOCK TABLES", deadline: queryDeadline)
      return snapshot
    } catch {
      snapshot.close()
      throw Self.failure(error)
    }
  }

  private func lockTables(
    _ tables: [MySQLChosenTable], on lock: MySQLConnection, _ source: Source
  ) throws(PipelineFailure) {
    guard !tables.isEmpty else { return }
    let list = tables.map { "\($0.description.identifier) READ" }.joined(separator: ", ")
    var pause = Backoff(first: .milliseconds(500), most: .seconds(15))
    while true {
      if control.isStopping { throw .stopRequested }
      do throws(MySQLError) {
        // Whoever waits behind us waits no longer than this.
        try lock.query("SET SESSION lock_wait_timeout = 2", deadline: queryDeadline)
        try lock.query("LOCK TABLES \(list)", deadline: queryDeadline)
        // Locked, they may still be ours to read only in part, and the catalogue would show that part.
        for table in tables { try lock.readNothing(of: table.reference, deadline: queryDeadline) }
        return
      } catch {
        guard error.isLockTimeout else { throw refusal(error, of: tables.map(\.reference), source.queries) }
        tellLockHolders(of: tables.map(\.description.name), besides: lock, source)
      }
      control.sleep(pause.next())
    }
  }

  /// Says who has what `waiting` wants.
  func tellLockHolders(of tables: [TableName], besides waiting: MySQLConnection, _ source: Source) {
    let holders = source.queries.textOfLockHolders(of: tables, besides: [waiting.connectionID])
    log.warning(
      "the dump waits for a lock of its tables, which it needs for a moment", metadata: ["held_by": "\(holders)"])
  }

  private func chosen(
    _ snapshot: Snapshot, _ choose: () throws(PipelineFailure) -> [MySQLChosenTable]
  ) throws(PipelineFailure) -> Snapshot {
    var snapshot = snapshot
    snapshot.chosen = try choose()
    return snapshot
  }

  /// Of the server, or ours already.
  private static func failure(_ error: any Error) -> PipelineFailure {
    switch error {
    case let error as MySQLError: .source(error)
    case let failure as PipelineFailure: failure
    default: .stop(.defect, "\(error)")
    }
  }
}

extension MySQLConnection {
  /// Reads no row of a table. It fails where the table is not there, or not to be read in all its columns.
  func readNothing(of table: TableReference, deadline: Deadline) throws(MySQLError) {
    try query("SELECT * FROM \(SQLIdentifier(table.schema, table.table)) LIMIT 0", deadline: deadline)
  }
}
