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
    if source.version.flavor == .mariaDB {
      let end = Deadline.after(.seconds(2))
      repeat {
        if control.isStopping { throw .stopRequested }
        let snapshot = try takeTrackedSnapshot(source) { () throws(PipelineFailure) in
          try choose(tables.map(\.reference))
        }
        if let snapshot { return snapshot }
        control.sleep(.milliseconds(100))
      } while !end.isPast
      log.notice("the tables are locked for a moment: each commit begins another log file, or waits for a replica")
    }
    return try takeLockedSnapshot(tables, source) { () throws(PipelineFailure) in try choose([]) }
  }

  // MARK: MariaDB

  /// "binlog_snapshot_file … binlog_snapshot_position: in a transaction with a consistent snapshot" they are of that
  /// snapshot: nothing is locked. Nil where it may lack what its place counts.
  private func takeTrackedSnapshot(
    _ source: Source, choose: () throws(PipelineFailure) -> [MySQLChosenTable]
  ) throws(PipelineFailure) -> Snapshot? {
    let first = try open(.dump, source)
    do {
      try first.query(Self.begin, deadline: queryDeadline)
      let position = try first.snapshotPosition(deadline: queryDeadline)
      guard try isSettled(position, source.queries) else {
        first.close()
        return nil
      }
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

  /// Commits that make a file too large begin the next one before they are visible: at the beginning of a file the
  /// server's position says nothing of the last ones in the file before. It is believed there once it has stood there
  /// for a second, in which they become visible unless they wait for a semi-synchronous replica.
  func isSettled(_ position: BinlogFilePosition, _ queries: MySQLConnection) throws(MySQLError) -> Bool {
    // What stands before the first transaction is short.
    if position.offset > 1 << 20 { return true }
    let beginning = BinlogFilePosition(file: position.file, offset: 4)
    let there = try queries.gtids(at: position, deadline: queryDeadline)
    if try queries.gtids(at: beginning, deadline: queryDeadline) != there { return true }
    guard let begun = fileBegun, begun.position == position else {
      fileBegun = (position, .after(.seconds(1)))
      return false
    }
    guard begun.settled.isPast else { return false }
    return try queries.commitsWaiting(deadline: queryDeadline) == 0
  }

  // MARK: MySQL, and MariaDB where its position says nothing

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
