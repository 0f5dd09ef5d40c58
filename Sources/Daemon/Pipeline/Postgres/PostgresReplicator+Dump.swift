// SPDX-License-Identifier: Apache-2.0
internal import Etcd
internal import Logging
internal import Postgres
internal import Wire

// Dumps: of everything at the beginning or after the position was lost, and of single tables later.
extension PostgresReplicator {
  /// Makes the slot anew and dumps every chosen table as of the slot's starting point.
  func dumpAll(
    _ found: Checkpoint?, _ source: inout Source, _ registry: TableRegistry, _ sink: EtcdSink
  ) throws(PipelineFailure) -> Checkpoint {
    // Publication before slot: the slot's log is read with the publication as it was at each point of it.
    source.chosen = try chooseTables(source.queries)
    var checkpoint = Checkpoint(
      phase: .dump, lsn: .zero, timeline: source.identity.timeline,
      systemIdentifier: source.identity.systemIdentifier, transaction: nil, instance: instance,
      slot: configuration.database.postgres.slot)
    try write(checkpoint, TransactionBatch(), sink)
    let slot = try makeSlot(source, isTemporary: configuration.sync.dump == .only)
    checkpoint.lsn = slot.consistentPoint
    // "on_lost_position: dump": what was missed is nowhere else, whatever `sync.dump` says of the beginning.
    let copies = configuration.sync.dump != .never || mustDumpAll
    let states = try readStates()
    try removeGone(states, source.chosen, checkpoint, sink)
    if copies {
      // A dump that begins again knows by this which keys the one before may have left.
      try markDumping(source.chosen, checkpoint, sink)
      try copy(source.chosen, slot, checkpoint, source, registry, sink)
    } else {
      try plan(source.chosen, from: { _ in slot.consistentPoint }, source, registry)
    }
    hasRun = true
    if configuration.sync.dump != .only { checkpoint.phase = .sync }
    try finishDump(of: source.chosen, at: slot.consistentPoint, hasFinished: false, checkpoint, sink)
    mustDumpAll = false
    mustDump = []
    return checkpoint
  }

  /// Compares what etcd holds of each table with what is chosen now: new and changed tables are dumped, gone ones
  /// removed.
  func dumpWhatIsMissing(
    _ found: Checkpoint, _ source: inout Source, _ registry: TableRegistry, _ sink: EtcdSink
  ) throws(PipelineFailure) -> Checkpoint {
    var checkpoint = found
    checkpoint.instance = instance
    checkpoint.timeline = source.identity.timeline
    source.chosen = try chooseTables(source.queries)
    let states = try readStates()
    try removeGone(states, source.chosen, checkpoint, sink)
    let byOID = Dictionary(states.map { ($0.oid, $0) }, uniquingKeysWith: { first, _ in first })
    try comparePublication(source.chosen, byOID)
    try comparePartitions(source.chosen, byOID, source.queries)
    let missing = source.chosen.filter { needsDump($0, byOID[$0.description.oid]) }
    let present = source.chosen.filter { table in !missing.contains { $0.description.oid == table.description.oid } }
    try plan(present, from: { byOID[$0.description.oid]?.from ?? .zero }, source, registry)
    let restated = present.compactMap { table in byOID[table.description.oid].flatMap { renewed($0, by: table) } }
    if !restated.isEmpty { try write(restated, before: checkpoint, checkpoint, sink) }
    guard !missing.isEmpty else { return checkpoint }
    log.notice("tables to dump", metadata: ["tables": "\(missing.map(\.name).joined(separator: ", "))"])
    try markDumping(missing, checkpoint, sink)
    // `dump: never` leaves out the rows of tables that are new; it does not leave a table broken.
    let isCopied = { [self] (table: ChosenTable) in
      configuration.sync.dump != .never || mustDump.contains(table.description.oid)
        || byOID[table.description.oid]?.progress == .dumping
    }
    let uncopied = missing.filter { !isCopied($0) }
    if !uncopied.isEmpty {
      try plan(uncopied, from: { _ in checkpoint.lsn }, source, registry)
      try finishDump(of: uncopied, at: checkpoint.lsn, checkpoint, sink)
    }
    let copied = missing.filter(isCopied)
    guard !copied.isEmpty else { return checkpoint }
    let helper = try open(.replication)
    defer { helper.close() }
    let slot = try makeSnapshot(on: helper, source)
    try copy(copied, slot, checkpoint, source, registry, sink)
    try finishDump(of: copied, at: slot.consistentPoint, checkpoint, sink)
    for table in copied { mustDump.remove(table.description.oid) }
    return checkpoint
  }

  /// Changes made while a table was not in the publication are not in the log; and before it was made, the log cannot
  /// be read with a publication at all.
  private func comparePublication(
    _ chosen: [ChosenTable], _ states: [UInt32: TableState]
  ) throws(PipelineFailure) {
    for table in chosen {
      guard let state = states[table.description.oid], state.progress == .ready else { continue }
      let known = state.publication.split(separator: "/")
      let present = table.publication.split(separator: "/")
      // A state of an earlier version knows less.
      if zip(known, present).allSatisfy(==) { continue }
      guard known.first == present.first else {
        throw .positionLost("the publication \(configuration.database.postgres.publication) was made anew")
      }
      log.warning("table was out of the publication for a while", metadata: ["table": "\(table.name)"])
      mustDump.insert(table.description.oid)
    }
  }

  /// Partitions that came with rows, or went with theirs, sent nothing through the log: their tables are dumped again.
  private func comparePartitions(
    _ chosen: [ChosenTable], _ states: [UInt32: TableState], _ queries: PostgresConnection
  ) throws(PipelineFailure) {
    for table in chosen {
      guard let state = states[table.description.oid], !needsDump(table, state) else { continue }
      let known = Set(table.description.partitionsKnown(by: state.partitions))
      let present = Set(table.description.partitions)
      if known == present { continue }
      // Gone, emptied, or gone for a while.
      var isDue = !known.isSubset(of: present)
      do throws(PostgresError) {
        for partition in present.subtracting(known) where !isDue {
          isDue = try queries.bringsRows(partition: partition.oid, deadline: .after(.seconds(600)))
        }
      } catch {
        throw .source(error)
      }
      if isDue { mustDump.insert(table.description.oid) }
    }
  }

  private func needsDump(_ table: ChosenTable, _ state: TableState?) -> Bool {
    guard let state, state.progress == .ready, !mustDump.contains(table.description.oid) else { return true }
    if state.key != table.key || Array(state.prefix.utf8) != table.prefix { return true }
    if state.format != valueFormat(of: table) { return true }
    let file = files[table.description.oid] ?? state.file
    // Rows under keys that are no longer theirs would never be updated or deleted.
    if table.hasOtherKeys(than: state.entries, file: file) { return true }
    guard configuration.tables.onSchemaChange == .redump else { return false }
    return state.columns != table.shape.fingerprint
      || !table.columnsReadOtherwise(than: state.entries, file: file).isEmpty
  }

  /// The state of a table whose rows are all the same in etcd although the catalogue has something else to say of it;
  /// nil if it has not.
  private func renewed(_ state: TableState, by table: ChosenTable) -> TableState? {
    var renewed = TableState(of: table, format: valueFormat(of: table), progress: .ready, from: state.from)
    // What was kept is dumped once it is to be kept no longer.
    renewed.columns = state.columns
    return renewed == state ? nil : renewed
  }

  private func valueFormat(of table: ChosenTable) -> String {
    valueFormat(table.columns.map { ($0.name, types.treatment(of: $0.name, in: table.shape)) })
  }

  // MARK: Copying

  /// Copies the tables in one transaction that shows the slot's starting point.
  private func copy(
    _ tables: [ChosenTable], _ slot: CreateReplicationSlot.Created, _ checkpoint: Checkpoint, _ source: Source,
    _ registry: TableRegistry, _ sink: EtcdSink
  ) throws(PipelineFailure) {
    let connection = source.queries
    do throws(PostgresError) {
      guard let snapshot = slot.snapshotName else {
        throw PostgresError(.refused("the slot came without a snapshot"), peer: connection.peer)
      }
      try connection.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", deadline: queryDeadline)
      try connection.query("SET TRANSACTION SNAPSHOT \(SQLLiteral(snapshot))", deadline: queryDeadline)
    } catch {
      throw .source(error)
    }
    hasRun = true
    var progress = DumpProgress(rowsEstimated: tables.reduce(0) { $0 + max($1.description.estimatedRows, 0) })
    let started = ContinuousClock.now
    for table in tables {
      try copy(table, slot.consistentPoint, checkpoint, connection, registry, sink, &progress)
    }
    progress.clear()
    log.notice(
      "dumped",
      metadata: [
        "tables": "\(tables.count)", "rows": "\(progress.rows)", "bytes": "\(progress.bytes)",
        "snapshot_at": "\(slot.consistentPoint)", "took": "\(ContinuousClock.now - started)",
      ])
    do throws(PostgresError) {
      try connection.query("COMMIT", deadline: queryDeadline)
    } catch {
      throw .source(error)
    }
  }

  private func copy(
    _ table: ChosenTable, _ point: LSN, _ checkpoint: Checkpoint, _ connection: PostgresConnection,
    _ registry: TableRegistry, _ sink: EtcdSink, _ progress: inout DumpProgress
  ) throws(PipelineFailure) {
    let plan = try add(table, from: point, connection, registry)
    let sweep = PrefixSweep(control: control, sink: sink, limits: limits, requestTimeout: requestTimeout)
    let before = try sweep.look(at: table.prefix)
    let dump = TableDump(
      table: plan, control: control, sink: sink, limits: limits, oversized: oversized, checkpoint: checkpoint, log: log)
    let log = self.log
    try dump.run(table.copyStatement, on: connection) { rows, bytes in
      progress.add(rows: rows, bytes: bytes)
      if let line = progress.show(table: table.name) { log.info("dumping", metadata: ["progress": "\(line)"]) }
    }
    var removed = 0
    if !before.isEmpty {
      removed = try sweep.remove(under: table.prefix, notAfter: before.revision, checkpoint: checkpoint)
    }
    progress.clear()
    log.info("table dumped", metadata: ["table": "\(table.name)", "rows": "\(dump.rows)", "removed": "\(removed)"])
  }

  // MARK: Plans and states

  private func plan(
    _ tables: [ChosenTable], from point: (ChosenTable) -> LSN, _ source: Source, _ registry: TableRegistry
  ) throws(PipelineFailure) {
    for table in tables { _ = try add(table, from: point(table), source.queries, registry) }
  }

  private func add(
    _ table: ChosenTable, from point: LSN, _ connection: PostgresConnection, _ registry: TableRegistry
  ) throws(PipelineFailure) -> TablePlan {
    let rows = try types.plan(
      for: table.shape, key: table.key, prefix: table.prefix, asking: connection, deadline: queryDeadline)
    let plan = TablePlan(
      number: registry.nextNumber, shape: table.shape, rows: rows, storage: configuration.sync.storage,
      appliesFrom: point)
    registry.add(plan)
    return plan
  }

  private func readStates() throws(PipelineFailure) -> [TableState] {
    // A state that cannot be read counts as none: the table is dumped again.
    try readStateValues().compactMap { try? TableState(decoding: $0) }
  }

  /// Removes the rows of tables that are no longer chosen, or no longer there.
  private func removeGone(
    _ states: [TableState], _ chosen: [ChosenTable], _ checkpoint: Checkpoint, _ sink: EtcdSink
  ) throws(PipelineFailure) {
    var passedOver: [TableState] = []
    for state in states {
      let name = TableReference(schema: state.schema, table: state.table)
      let same = chosen.first { $0.reference == name }
      if let same, same.prefix == Array(state.prefix.utf8) { continue }
      if unfollowed.contains(name) {
        if state.progress == .ready { passedOver.append(state) }
        continue
      }
      try removeKeys(of: name, prefix: state.prefix, checkpoint, sink)
    }
    if passedOver.isEmpty { return }
    // What the log says of them from here on is lost, also for an instance that finds them as they were.
    let marked = passedOver.map { state in
      var state = state
      state.progress = .dumping
      return state
    }
    try write(marked, before: checkpoint, checkpoint, sink)
  }

  private func markDumping(
    _ tables: [ChosenTable], _ checkpoint: Checkpoint, _ sink: EtcdSink
  ) throws(PipelineFailure) {
    try write(
      tables.map { TableState(of: $0, format: valueFormat(of: $0), progress: .dumping, from: .zero) },
      before: checkpoint, checkpoint, sink)
  }

  /// The tables are whole: that, and from where on the log counts, in the same request as the checkpoint.
  private func finishDump(
    of tables: [ChosenTable], at point: LSN, hasFinished: Bool = true, _ checkpoint: Checkpoint, _ sink: EtcdSink
  ) throws(PipelineFailure) {
    var before = checkpoint
    if !hasFinished { before.phase = .dump }
    try write(
      tables.map { TableState(of: $0, format: valueFormat(of: $0), progress: .ready, from: point) },
      before: before, checkpoint, sink)
  }

  private func write(
    _ states: [TableState], before: Checkpoint, _ checkpoint: Checkpoint, _ sink: EtcdSink
  ) throws(PipelineFailure) {
    try write(
      states.map { (key: keys.table(schema: $0.schema, name: $0.table), value: $0.encoded()) }, before: before,
      checkpoint, sink)
  }
}
