// SPDX-License-Identifier: Apache-2.0
internal import Etcd
internal import Logging
internal import MySQL
internal import Wire

// Following the binary log.
extension MySQLReplicator {
  func follow(
    _ checkpoint: Checkpoint, byFile: Bool = false, _ source: Source, _ tables: MySQLTables, _ sink: EtcdSink
  ) throws(PipelineFailure) {
    guard case .mysql(let text) = checkpoint.position, let found = LogPlace(text, flavor: source.version.flavor) else {
      throw .positionLost("the checkpoint's GTIDs are not of this kind of server")
    }
    let place = try continued(found, source)
    let number = try replicaNumber(source)
    // Once: a server with GTIDs on refuses to send what has none, which may be in the file before our place.
    let learnsGTIDs = place.executed == .unknown && source.version.flavor == .mysql && usesGTIDs(source.facts)
    let readsAgain = learnsGTIDs && !hasReadAgain
    hasReadAgain = hasReadAgain || readsAgain
    var start = (byFile || source.hasPlace) && place.position.isWithinCommand ? .file(place.position) : place.start
    if readsAgain { start = .file(BinlogFilePosition(file: place.position.file, offset: 4)) }
    // Whoever leads has our number too, and the server ends the connection that has it already.
    try confirmLead(sink)
    let connection = try openLog(start, number: number, source)
    hasRun = true
    attempts = 0
    pause.reset()
    log.notice(
      "following the log",
      metadata: ["from": "\(place.text.gtid ?? "\(place.position)")", "tables": "\(tables.chosen.count)"])
    var resume = checkpoint
    // Another server may cut the transaction's rows into events otherwise: it is applied again from its beginning.
    if !source.facts.isOwner(found.serverUUID) { resume.transaction = nil }
    let applier = MySQLApplier(
      tables: tables, schema: try schemaFollower(source, tables), limits: limits, oversized: oversized, resume: resume,
      place: place, logOwner: source.facts.logOwner, instance: instance)
    if case .file(let position) = start, !position.isWithinCommand { applier.ignoredBefore = position }
    // What was asked of the server before now may be in etcd.
    applier.aheadUntil = source.lookedAt.position
    if learnsGTIDs { applier.learnGTIDs(complete: source.lookedAt.position, readsAgain: readsAgain) }
    let missing = MissingColumns { [self] () throws(PipelineFailure) in try open(.dump, source) }
    let filler = HoleFiller(
      client: client, table: { tables.plan(number: $0) }, requestTimeout: requestTimeout,
      operationsMax: configuration.etcd.transactionOperationsMax, limits: limits, oversized: oversized,
      askSource: { (number, columns, keys) throws(PipelineFailure) in
        let request = MissingRequest(
          table: number, columns: columns, keys: keys, visibility: applier.visibility(source.version.flavor))
        let answer = try missing.read(request, of: tables.plan(number: number))
        if let end = try missing.logEnd() { applier.aheadUntil = end }
        return answer
      })
    let binlog = MySQLLog(
      connection: connection, applier: applier, filler: filler, characters: source.answers,
      missing: missing, heartbeat: heartbeat,
      reopen: { [self] (position) throws(PipelineFailure) in
        try openLog(.file(position), number: Self.derivedNumber("\(configuration.name)/prepared"), source)
      },
      unreadable: { [self] place, error in unreadable(place, error) },
      confirmLead: { [self] () throws(PipelineFailure) in try confirmLead(sink) })
    defer { binlog.finish() }
    let session = StreamSession(
      control: control, source: binlog, sink: sink, acknowledged: checkpoint, log: log,
      watchCatalogue: { [self] () throws(PipelineFailure) in
        if leadership.isLeaseGone { throw .leadershipLost("the lease is over") }
        try lookAgain(at: source, behind: applier.complete)
      })
    try session.run()
  }

  /// What no event of the log tells. `place` is one that the server has had.
  private func lookAgain(at source: Source, behind place: LogPlace) throws(PipelineFailure) {
    try lookForGrants(source.queries)
    do throws(MySQLError) {
      try refuseSilence(source.facts, source.queries)
      // A log that moves is there.
      defer { quietAt = place.position }
      guard quietAt == place.position, try !hasReached(place, source) else { return }
    } catch {
      throw .source(error)
    }
    throw .startOver(
      "the server's log does not come to \(place.position) any more: it was reset, or waits for a replica")
  }

  /// Whether the server is as far as we are. Where it can be told so, it is by what does not wait for a commit that is
  /// being written.
  private func hasReached(_ place: LogPlace, _ source: Source) throws(MySQLError) -> Bool {
    if source.version.flavor == .mariaDB {
      return try source.queries.snapshotPosition(deadline: queryDeadline) >= place.position
    }
    if case .mysql(let set) = place.executed {
      let text = try source.queries.query("SELECT @@GLOBAL.gtid_executed", deadline: queryDeadline).scalar ?? ""
      return GTIDSet(text.filter { $0 != "\n" }).map(set.isSubset) ?? true
    }
    guard let end = try source.queries.logStatus(deadline: queryDeadline) else { return true }
    return BinlogFilePosition(file: end.file, offset: end.position) >= place.position
  }

  /// The checkpoint's place on this server: after a fail-over its file and offset mean nothing here.
  private func continued(_ found: LogPlace, _ source: Source) throws(PipelineFailure) -> LogPlace {
    var place = found
    if !usesGTIDs(source.facts) { place.executed = .unknown }
    place.serverUUID = source.serverUUID
    if source.facts.isOwner(found.serverUUID) { return try withGTIDs(place, source) }
    log.notice(
      "the source is another server; going on by GTID",
      metadata: ["was": "\(found.serverUUID)", "is": "\(source.serverUUID)"])
    return place
  }

  /// MariaDB's transactions always have GTIDs, and it knows those of a place whose checkpoint has none (`gtid: off`).
  private func withGTIDs(_ found: LogPlace, _ source: Source) throws(PipelineFailure) -> LogPlace {
    guard source.version.flavor == .mariaDB, found.executed == .unknown, usesGTIDs(source.facts) else { return found }
    do throws(MySQLError) {
      var place = found
      if let gtids = try source.queries.gtids(at: found.position, deadline: queryDeadline) {
        place.executed = .mariaDB(gtids)
      }
      return place
    } catch {
      throw .source(error)
    }
  }

  /// An event that cannot be read may have been damaged on its way. Read again and again at the same place, it is so in
  /// the log itself, and what it said is nowhere else.
  private func unreadable(_ place: BinlogFilePosition, _ error: BinlogError) -> PipelineFailure {
    let times = unreadable?.place == place ? (unreadable?.times ?? 0) + 1 : 1
    unreadable = (place, times)
    let text = "\(place.file): \(error)"
    return times < Self.readingsMax ? .sourceViolation(text) : .positionLost("the log cannot be read, \(text)")
  }

  private var heartbeat: Duration {
    max(.milliseconds(500), min(configuration.database.replicationStatusTimeout / 2, .seconds(10)))
  }

  private func openLog(
    _ start: LogStart, number: UInt32, _ source: Source
  ) throws(PipelineFailure) -> MySQLConnection {
    let connection = try open(.log, source)
    do throws(MySQLError) {
      try connection.register(serverID: number, host: replicaHost, deadline: queryDeadline)
      try connection.beginBinlogDump(
        BinlogDumpCommand(start: start.command, serverID: number, heartbeat: heartbeat), deadline: queryDeadline)
      return connection
    } catch {
      connection.close()
      throw .source(error)
    }
  }

  private func schemaFollower(
    _ source: Source, _ tables: MySQLTables
  ) throws(PipelineFailure) -> MySQLSchemaFollower {
    let (catalogue, referenced, readBy) = try foreignKeys(source)
    return MySQLSchemaFollower(
      tables: tables.chosen.map(\.definition), catalogue: catalogue, facts: source.facts,
      collations: source.collations, referenced: referenced,
      statements: foreignKeyStatements, lookedAt: source.lookedAt, readBy: readBy,
      policy: configuration.tables.onSchemaChange,
      isChosen: { [configuration] in configuration.chooses($0) },
      replan: { [self] (definition, plan) throws(PipelineFailure) in
        try self.plan(
          definition, key: plan.keyNames, prefix: plan.rows.keyPrefix,
          from: plan.appliesFrom, source.characterSets, unlogged: plan.unlogged, number: tables.nextNumber)
      },
      state: { [self] plan in
        state(
          of: plan.definition, key: plan.keyNames, prefix: plan.rows.keyPrefix, .ready,
          from: plan.appliesFrom?.text)
      },
      isContradictedAgain: { [self] plan in
        contradicted.updateValue(plan.definition, forKey: plan.reference) == plan.definition
      })
  }

  /// Where the server's log does not have what they change: the catalogue with parents of other schemas, by parent the
  /// columns that are referred to, and where the log was when all this had been read.
  private func foreignKeys(
    _ source: Source
  ) throws(PipelineFailure) -> (SchemaCatalogue, referenced: [TableReference: Set<String>], readBy: LogPlace) {
    var catalogue = source.catalogue
    if source.facts.logsCascades { return (catalogue, [:], source.lookedAt) }
    do throws(MySQLError) {
      catalogue.tables += try source.queries.parents(
        beyond: catalogue, collations: source.collations, deadline: queryDeadline)
      let columns = try source.queries.referencedColumns(
        schemas: configuration.database.names, deadline: queryDeadline)
      let referenced = Dictionary(uniqueKeysWithValues: columns.map { (TableReference($0.key), $0.value) })
      return (catalogue, referenced, try presentPlace(source.queries, source.facts))
    } catch {
      throw .source(error)
    }
  }
}

/// From where a binary log is asked for.
enum LogStart {
  case gtids(GTIDSet)
  case mariaDB(MariaDBGTIDPosition)
  case file(BinlogFilePosition)

  var command: BinlogDumpCommand.Start {
    switch self {
    case .gtids(let set): .gtidSet(set.bytes)
    case .mariaDB(let position): .mariaDBPosition(position.description)
    case .file(let position):
      // Of a file beyond the command's numbers all is read, and what is known is passed over.
      .file(position.file, position: UInt32(exactly: position.offset) ?? 4)
    }
  }
}

extension BinlogFilePosition {
  /// COM_BINLOG_DUMP has 32 bits for the offset.
  fileprivate var isWithinCommand: Bool { offset <= UInt64(UInt32.max) }
}

extension LogPlace {
  var start: LogStart {
    switch executed {
    case .mysql(let set): .gtids(set)
    // Where nothing has a GTID yet, the position is by file.
    case .mariaDB(let last): last.isEmpty ? .file(position) : .mariaDB(last)
    case .unknown: .file(position)
    }
  }
}

extension GTIDSet {
  /// As COM_BINLOG_DUMP_GTID has it.
  fileprivate var bytes: [UInt8] {
    var writer = ByteWriter()
    encode(to: &writer)
    return writer.bytes.array
  }
}
