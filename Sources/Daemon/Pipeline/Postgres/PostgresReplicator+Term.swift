// SPDX-License-Identifier: Apache-2.0
internal import Etcd
internal import Logging
internal import Postgres
internal import Wire

// One term: the source as it is found, and following its log.
extension PostgresReplicator {
  // MARK: The source

  func openSource() throws(PipelineFailure) -> Source {
    var found = connector
    do throws(PostgresError) {
      let source = try found.findHost { (connector) throws(PostgresError) in try openSource(by: connector) }
      connector = found
      log.info(
        "connected",
        metadata: [
          "source": "\(source.queries.peer)", "version": "\(source.queries.serverVersion)",
          "etcd": "\(client.endpoint)",
        ])
      types.forget()
      return source
    } catch {
      throw .source(error)
    }
  }

  private func openSource(by connector: borrowing SourceConnector) throws(PostgresError) -> Source {
    let queries = try connector.open(.queries)
    // It may be on its way to be the primary; until then slots and publications are not to be had.
    if try queries.query("SELECT pg_catalog.pg_is_in_recovery()", deadline: queryDeadline).scalar == "t" {
      queries.close()
      throw PostgresError(
        .transport("the server is a standby, and is not followed until it is promoted"), peer: queries.peer)
    }
    let replication = try connector.open(.replication)
    let identity = try replication.identifySystem(deadline: queryDeadline)
    let version = queries.serverVersion
    guard version >= 130_000 else {
      throw PostgresError(
        .refused("PostgreSQL \(version / 10_000) is too old: 13 or later is needed"), peer: queries.peer)
    }
    let level = try queries.query("SHOW wal_level", deadline: queryDeadline).scalar ?? ""
    guard level == "logical" else {
      throw PostgresError(
        .refused("wal_level is \(level); type: ALTER SYSTEM SET wal_level = logical; and restart the server"),
        peer: queries.peer)
    }
    return Source(queries: queries, replication: replication, identity: identity, chosen: [])
  }

  var queryDeadline: Deadline { .after(.seconds(60)) }

  /// The chosen tables, as the catalogue has them now; the publication is brought in step with them.
  func chooseTables(_ queries: PostgresConnection) throws(PipelineFailure) -> [ChosenTable] {
    var (chosen, problems) = try chosenTables(queries)
    try judge(problems, among: chosen.map(\.reference))
    for table in chosen where table.publication.hasSuffix(PublicationDescription.partMark) {
      mustDump.insert(table.description.oid)
    }
    let isChanged = try publicationKeeper.keep(chosen, on: queries, deadline: queryDeadline)
    if isChanged { (chosen, problems) = try chosenTables(queries) }
    unfollowed = Set(problems.map(\.reference))
    return chosen
  }

  func chosenTables(
    _ queries: PostgresConnection, within limit: Duration = .seconds(60)
  ) throws(PipelineFailure) -> ([ChosenTable], [TableProblem]) {
    do throws(PostgresError) {
      let choice = try TableChoice(configuration, publicationKeeper, on: queries, deadline: .after(limit))
      tell(choice.doubts)
      return (choice.chosen, choice.problems)
    } catch {
      throw .source(error)
    }
  }

  private var publicationKeeper: PublicationKeeper { PublicationKeeper(configuration.database.postgres, log: log) }

  /// Whether the slot still has everything behind the checkpoint.
  func checkPosition(_ checkpoint: Checkpoint, _ source: Source) throws(PipelineFailure) {
    let name = configuration.database.postgres.slot
    let slot: SlotDescription?
    do throws(PostgresError) {
      slot = try source.queries.slot(name, deadline: queryDeadline)
    } catch {
      throw .source(error)
    }
    let reason = checkpoint.reasonOfLoss(
      slot: slot, named: name, system: source.identity.systemIdentifier, flushed: source.identity.flushed)
    if let reason { throw .positionLost(reason) }
  }

  // MARK: Following

  func follow(
    _ checkpoint: Checkpoint, _ source: Source, _ registry: TableRegistry, _ sink: EtcdSink
  ) throws(PipelineFailure) {
    try startReplication(checkpoint, source)
    hasRun = true
    attempts = 0
    pause.reset()
    log.notice("following the log", metadata: ["from": "\(checkpoint.lsn)", "tables": "\(registry.chosen.count)"])
    let applier = StreamApplier(
      tables: registry, limits: limits, oversized: oversized, resume: checkpoint, instance: instance)
    let filler = HoleFiller(
      client: client, table: { registry.plan(number: $0) }, requestTimeout: requestTimeout,
      operationsMax: configuration.etcd.transactionOperationsMax, limits: limits,
      oversized: oversized)
    let catalogue = CatalogueWatch(chosen: source.chosen)
    noteFiles(of: source.chosen)
    let slotLog = PostgresLog(
      connection: source.replication, applier: applier, filler: filler, loop: loop, acknowledged: checkpoint,
      statusInterval: try statusInterval(source),
      adopt: { [self] (shape) throws(PipelineFailure) in try adopt(shape, source, registry) })
    let session = StreamSession(
      control: control, source: slotLog, sink: sink, acknowledged: checkpoint, log: log,
      watchCatalogue: { [self] () throws(PipelineFailure) in
        if leadership.isLeaseGone { throw .leadershipLost("the lease is over") }
        // While it is asked, nothing is followed: a server that has gone without a word must not take a minute.
        let (present, problems) = try chosenTables(source.queries, within: .seconds(8))
        report(problems)
        try catalogue.compare(with: present)
        noteFiles(of: present)
      })
    try session.run()
  }

  private func noteFiles(of tables: [ChosenTable]) {
    files = Dictionary(
      tables.map { ($0.description.oid, $0.description.file) }, uniquingKeysWith: { first, _ in first })
  }

  /// How often the server hears of us: well within its own patience (`wal_sender_timeout`).
  private func statusInterval(_ source: Source) throws(PipelineFailure) -> Duration {
    let wanted = min(configuration.database.replicationStatusTimeout, .seconds(10))
    do throws(PostgresError) {
      let setting = try source.queries.query(
        "SELECT setting FROM pg_catalog.pg_settings WHERE name = 'wal_sender_timeout'", deadline: queryDeadline)
      guard let milliseconds = setting.scalar.flatMap({ Int($0) }), milliseconds > 0 else { return wanted }
      return max(min(wanted, .milliseconds(milliseconds / 4)), .milliseconds(100))
    } catch {
      throw .source(error)
    }
  }

  /// A slot stays taken for a moment after its user is gone.
  private func startReplication(_ checkpoint: Checkpoint, _ source: Source) throws(PipelineFailure) {
    let postgres = configuration.database.postgres
    let command = StartReplication(
      slot: postgres.slot, from: checkpoint.lsn, publications: [postgres.publication], protocolVersion: 1)
    let end = Deadline.after(.seconds(30))
    var wait = Backoff(first: .milliseconds(100), most: .seconds(3))
    while true {
      do throws(PostgresError) {
        return try source.replication.startReplication(command, deadline: queryDeadline)
      } catch {
        // "replication slot … is active for PID …"
        guard error.sqlState == "55006" else { throw .source(error) }
        // After a take-over the former leader's connection may last as long as the server's wal_sender_timeout.
        if end.isPast, !hasRun, !hasStoodBy { throw .stop(.heldElsewhere, Self.heldSlot(error)) }
        if control.isStopping { throw .stopRequested }
        log.notice("waiting for the slot", metadata: ["error": "\(error)"])
        control.sleep(wait.next())
      }
    }
  }

  /// The log shows a table in a shape that is not the plan's: read on with the log's shape, or begin again with a dump
  /// of it if the catalogue has changed as well.
  private func adopt(
    _ shape: RelationShape, _ source: Source, _ registry: TableRegistry
  ) throws(PipelineFailure) {
    let (chosen, _) = try chosenTables(source.queries)
    guard let present = chosen.first(where: { $0.description.oid == shape.oid }) else {
      // Not chosen, or gone since: what the log says of it does not matter.
      if source.chosen.contains(where: { $0.description.oid == shape.oid }) {
        throw .startOver("\(shape.name) is no longer a chosen table")
      }
      return registry.ignore(shape)
    }
    guard let known = source.chosen.first(where: { $0.description.oid == shape.oid }) else {
      throw .startOver("\(shape.name) is new")
    }
    let isKeyChanged =
      present.key != known.key || present.prefix != known.prefix
      || present.hasOtherKeys(than: known.entries, file: known.description.file)
    let isRedumped = configuration.tables.onSchemaChange == .redump && present.shape != known.shape
    if isKeyChanged || isRedumped { throw .startOver("\(shape.name) has changed its columns, its key or its name") }
    if configuration.tables.onSchemaChange == .redump, shape != present.shape {
      // The columns changed and changed back between two looks of ours: rows written in between would stay as they are.
      throw .redump([TableReference(shape)], "its columns were others for a while")
    }
    types.forget()
    let rows = try types.plan(
      for: shape, key: known.key, prefix: known.prefix, asking: source.queries, deadline: queryDeadline)
    let from = registry.plan(of: shape.oid)?.appliesFrom ?? .zero
    registry.add(
      TablePlan(
        number: registry.nextNumber, shape: shape, rows: rows, storage: configuration.sync.storage, appliesFrom: from))
  }
}

/// What the log does not carry: tables that come, go, or change without a row.
final class CatalogueWatch {
  private let chosen: [ChosenTable]

  init(chosen: [ChosenTable]) { self.chosen = chosen }

  func compare(with present: [ChosenTable]) throws(PipelineFailure) {
    let known = chosen.map(\.signature)
    let now = present.map(\.signature)
    if known == now { return }
    let changed = Set(known).symmetricDifference(now).map(\.name)
    throw .startOver("the catalogue has changed: \(Set(changed).sorted().joined(separator: ", "))")
  }
}

extension ChosenTable {
  struct Signature: Hashable {
    var oid: UInt32
    var name: String
    var columns: [TableDescription.Column]
    var key: [String]
    var partitions: [TableDescription.Partition]
    var publication: String
  }

  var signature: Signature {
    Signature(
      oid: description.oid, name: name, columns: columns, key: key, partitions: description.partitions,
      publication: publication)
  }
}
