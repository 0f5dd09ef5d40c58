// SPDX-License-Identifier: Apache-2.0
internal import Etcd
internal import Logging
internal import MySQL
internal import Wire

// Dumps: of everything at the beginning or after the position was lost, and of single tables later.
extension MySQLReplicator {
  /// Dumps every chosen table as of one snapshot; the log counts from there.
  func dumpAll(
    _ source: inout Source, _ tables: MySQLTables, _ sink: EtcdSink
  ) throws(PipelineFailure) -> Checkpoint {
    if let checkpoint = try dumpAllByTool(&source, tables, sink) { return checkpoint }
    source.chosen = try chooseTables(&source)
    var checkpoint = Checkpoint(
      phase: .dump, position: .mysql(source.lookedAt.text), transaction: nil, instance: instance)
    try write(checkpoint, TransactionBatch(), sink)
    // "on_lost_position: dump": what was missed is nowhere else, whatever `sync.dump` says of the beginning.
    let copies = configuration.sync.dump != .never || mustDumpAll
    let snapshot = try takeSnapshot(source.chosen, &source)
    defer { snapshot.close() }
    checkpoint.position = .mysql(snapshot.place.text)
    try removeGone(try readStates(), snapshot.chosen, source, checkpoint, sink)
    hasRun = true
    source.chosen = snapshot.chosen
    if copies {
      // A dump that begins again knows by this which keys the one before may have left.
      try write(states(snapshot.chosen, .dumping, from: nil), before: checkpoint, checkpoint, sink)
      try copy(snapshot.chosen, snapshot, checkpoint, source, tables, sink)
    } else {
      for table in snapshot.chosen { try add(table, table.definition, from: nil, source, tables) }
    }
    var before = checkpoint
    before.phase = .dump
    if configuration.sync.dump != .only { checkpoint.phase = .sync }
    try write(states(snapshot.chosen, .ready, from: nil), before: before, checkpoint, sink)
    mustDumpAll = false
    mustDump = []
    return checkpoint
  }

  /// Compares what etcd holds of each table with what is chosen now: new and changed tables are dumped, gone ones
  /// removed.
  func dumpWhatIsMissing(
    _ found: Checkpoint, _ source: inout Source, _ tables: MySQLTables, _ sink: EtcdSink
  ) throws(PipelineFailure) -> Checkpoint {
    var checkpoint = found
    checkpoint.instance = instance
    source.chosen = try chooseTables(&source)
    let known = try readStates()
    try removeGone(known, source.chosen, source, checkpoint, sink)
    let byName = Dictionary(known.map { ($0.reference, $0) }, uniquingKeysWith: { first, _ in first })
    let missing = source.chosen.filter { needsDump($0, byName[$0.reference]) }
    for table in source.chosen where !missing.contains(where: { $0.reference == table.reference }) {
      guard let state = byName[table.reference] else { continue }
      // Older parts of the log are read with the definition of their time.
      try add(table, state.definition, from: state.from, source, tables)
    }
    guard !missing.isEmpty else { return checkpoint }
    log.notice("tables to dump", metadata: ["tables": "\(missing.map(\.reference.name).joined(separator: ", "))"])
    try write(states(missing, .dumping, from: nil), before: checkpoint, checkpoint, sink)
    // `dump: never` leaves out the rows of tables that are new; it does not leave a table broken.
    let copied = missing.filter { table in
      configuration.sync.dump != .never || mustDump.contains(table.reference)
        || byName[table.reference]?.progress == .dumping
    }
    let uncopied = missing.filter { table in !copied.contains { $0.reference == table.reference } }
    let lookedAt = source.lookedAt
    let snapshot = try takeSnapshot(missing, &source)
    // Tables that have come since the first look are not dumped here: the log brings us to them.
    source.lookedAt = lookedAt
    defer { snapshot.close() }
    // Those that have gone since are not followed, so that their DROP in the log would find nothing to remove.
    let marked = missing.map { state(of: $0.definition, key: $0.key, prefix: $0.prefix, .dumping, from: nil).state }
    try removeGone(marked, snapshot.chosen, source, checkpoint, sink)
    let present = { (tables: [MySQLChosenTable]) in
      snapshot.chosen.filter { now in tables.contains { $0.reference == now.reference } }
    }
    for table in present(uncopied) { try add(table, table.definition, from: snapshot.place.text, source, tables) }
    try copy(present(copied), snapshot, checkpoint, source, tables, sink)
    try write(states(present(missing), .ready, from: snapshot.place.text), before: checkpoint, checkpoint, sink)
    for table in copied { mustDump.remove(table.reference) }
    return checkpoint
  }

  private func needsDump(_ table: MySQLChosenTable, _ state: MySQLTableState?) -> Bool {
    guard let state, state.progress == .ready, !mustDump.contains(table.reference) else { return true }
    if state.key != table.key || Array(state.prefix.utf8) != table.prefix { return true }
    if state.format != valueFormat(of: table.definition) { return true }
    // What changed since is in the log; a dump now is the shorter way.
    let isSame = state.definition.columns == table.definition.columns
    return !isSame && configuration.tables.onSchemaChange == .redump
  }

  private func valueFormat(of table: TableDefinition) -> String {
    valueFormat(table.columns.map { ($0.name, treatment(of: $0, in: table)) })
  }

  private func treatment(of column: ColumnDefinition, in table: TableDefinition) -> RowPlan.Column.Treatment {
    let selection = configuration.tables.selection
    if selection.leavesOut(schema: table.schema, table: table.name, column: column.name) { return .exclude }
    return selection.hashes(schema: table.schema, table: table.name, column: column.name) ? .hash : .include
  }

  // MARK: Copying

  private func takeSnapshot(
    _ tables: [MySQLChosenTable], _ source: inout Source
  ) throws(PipelineFailure) -> Snapshot {
    var found = source
    let snapshot = try takeSnapshot(tables, source) { (held) throws(PipelineFailure) in
      try chooseTables(&found, holding: held)
    }
    source = found
    return snapshot
  }

  private func copy(
    _ chosen: [MySQLChosenTable], _ snapshot: Snapshot, _ checkpoint: Checkpoint, _ source: Source,
    _ tables: MySQLTables, _ sink: EtcdSink
  ) throws(PipelineFailure) {
    hasRun = true
    var progress = DumpProgress(rowsEstimated: chosen.reduce(0) { $0 + max($1.description.estimatedRows, 0) })
    let started = ContinuousClock.now
    for table in chosen {
      // Changes before the snapshot are in it; for the first dump the log begins there.
      let from = checkpoint.phase == .dump ? nil : snapshot.place.text
      let plan = try add(table, table.definition, from: from, source, tables)
      try copy(table, plan, snapshot, checkpoint, source, sink, &progress)
    }
    progress.clear()
    log.notice(
      "dumped",
      metadata: [
        "tables": "\(chosen.count)", "rows": "\(progress.rows)", "bytes": "\(progress.bytes)",
        "snapshot_at": "\(snapshot.place.position)", "took": "\(ContinuousClock.now - started)",
      ])
  }

  private func copy(
    _ table: MySQLChosenTable, _ plan: MySQLTablePlan, _ snapshot: Snapshot, _ checkpoint: Checkpoint,
    _ source: Source, _ sink: EtcdSink, _ progress: inout DumpProgress
  ) throws(PipelineFailure) {
    let sweep = PrefixSweep(control: control, sink: sink, limits: limits, requestTimeout: requestTimeout)
    let before = try sweep.look(at: table.prefix)
    let dump = MySQLTableDump(
      table: plan, control: control, sink: sink, limits: limits, oversized: oversized, characters: source.answers,
      checkpoint: checkpoint)
    let log = self.log
    let parts = try DumpParts(table.description, plan).statements(on: snapshot.readers)
    try dump.run(parts, on: snapshot.readers) { rows, bytes in
      progress.add(rows: rows, bytes: bytes)
      if let line = progress.show(table: plan.name) { log.info("dumping", metadata: ["progress": "\(line)"]) }
    }
    var removed = 0
    if !before.isEmpty {
      removed = try sweep.remove(under: table.prefix, notAfter: before.revision, checkpoint: checkpoint)
    }
    progress.clear()
    log.info("table dumped", metadata: ["table": "\(plan.name)", "rows": "\(dump.rows)", "removed": "\(removed)"])
  }

  // MARK: Plans and states

  @discardableResult
  private func add(
    _ table: MySQLChosenTable, _ definition: TableDefinition, from: MySQLPosition?, _ source: Source,
    _ tables: MySQLTables
  ) throws(PipelineFailure) -> MySQLTablePlan {
    let place = from.flatMap { LogPlace($0, flavor: source.version.flavor) }
    let selection = configuration.tables.selection
    let unlogged = table.generatedColumns.filter { column in
      source.version.flavor == .mariaDB
        && !selection.leavesOut(schema: definition.schema, table: definition.name, column: column)
    }
    let plan = try plan(
      definition, key: table.key, prefix: table.prefix, from: place, source.characterSets, unlogged: unlogged,
      number: tables.nextNumber)
    tables.add(plan)
    return plan
  }

  func plan(
    _ definition: TableDefinition, key: [String], prefix: [UInt8], from: LogPlace?, _ characterSets: CharacterSets,
    unlogged: Set<String> = [], number: Int
  ) throws(PipelineFailure) -> MySQLTablePlan {
    let name = "\(definition.schema).\(definition.name)"
    let places = key.compactMap { definition.index(ofColumn: $0) }
    guard places.count == key.count else {
      throw .redump(
        [TableReference(definition.tableName)], "its key's columns are not in the log's definition of it")
    }
    do throws(RowPlanError) {
      let rows = try MySQLRowPlan(
        table: name, columns: definition.columns,
        treatments: definition.columns.map { treatment(of: $0, in: definition) }, key: places, keyPrefix: prefix,
        options: configuration.sync.valueOptions, characterSets: characterSets)
      return MySQLTablePlan(
        number: number, definition: definition, rows: rows, key: places, unlogged: unlogged,
        storage: configuration.sync.storage, appliesFrom: from)
    } catch {
      throw .stop(.wrongConfiguration, "\(name) cannot be followed: \(error); exclude it in tables.exclude")
    }
  }

  func readStates() throws(PipelineFailure) -> [MySQLTableState] {
    // A state that cannot be read counts as none: the table is dumped again.
    try readStateValues().compactMap { try? MySQLTableState(decoding: $0) }
  }

  func state(
    of definition: TableDefinition, key: [String], prefix: [UInt8], _ progress: TableState.Progress,
    from: MySQLPosition?
  ) -> (key: [UInt8], state: MySQLTableState) {
    let state = MySQLTableState(
      progress: progress, from: from, definition: definition, key: key, format: valueFormat(of: definition),
      prefix: String(decoding: prefix, as: UTF8.self))
    return (keys.table(schema: definition.schema, name: definition.name), state)
  }

  func states(
    _ chosen: [MySQLChosenTable], _ progress: TableState.Progress, from: MySQLPosition?
  ) -> [(key: [UInt8], value: [UInt8])] {
    chosen.map { table in
      let (key, state) = state(of: table.definition, key: table.key, prefix: table.prefix, progress, from: from)
      return (key: key, value: state.encoded())
    }
  }

  /// Removes the rows of tables that are no longer chosen, or no longer there.
  func removeGone(
    _ states: [MySQLTableState], _ chosen: [MySQLChosenTable], _ source: Source, _ checkpoint: Checkpoint,
    _ sink: EtcdSink
  ) throws(PipelineFailure) {
    var passedOver: [MySQLTableState] = []
    for state in states {
      let same = chosen.first { $0.reference == state.reference }
      if let same, same.prefix == Array(state.prefix.utf8) { continue }
      if unfollowed.contains(state.reference) {
        if state.progress == .ready { passedOver.append(state) }
        continue
      }
      if try isThere(state.reference, source) { throw .startOver("\(state.reference.name) is being altered") }
      try removeKeys(of: state.reference, prefix: state.prefix, checkpoint, sink)
    }
    if passedOver.isEmpty { return }
    // What the log says of them from here on is lost, also for an instance that finds them as they were.
    let marked = passedOver.map { state in
      var state = state
      state.progress = .dumping
      return (key: keys.table(schema: state.reference.schema, name: state.reference.table), value: state.encoded())
    }
    try write(marked, before: checkpoint, checkpoint, sink)
  }

  /// MariaDB takes a table out of its catalogue for a moment while it is altered: whether it is there, the table itself
  /// says, for which this waits.
  private func isThere(_ table: TableReference, _ source: Source) throws(PipelineFailure) -> Bool {
    guard configuration.chooses(table) else { return false }
    do throws(MySQLError) {
      try source.queries.readNothing(of: table, deadline: queryDeadline)
      guard !source.catalogue.tables.contains(where: { TableReference($0.name) == table }) else { return false }
      // A view of this name is there too, and will not become a table.
      hiddenLooks[table, default: 0] += 1
      if hiddenLooks[table, default: 0] > 10 { return false }
      control.sleep(.milliseconds(200))
      return true
    } catch {
      // A table that we may not read any more is hidden from us in the catalogue too, and is there all the same.
      if error.isAbsence { return false }
      throw refusal(error, of: [table], source.queries)
    }
  }
}
