// SPDX-License-Identifier: Apache-2.0
internal import Etcd
internal import Logging
internal import MySQL
internal import Wire

// The dump of everything by the host's tool (`database.mysql.dump: mysqldump`). Its snapshot and its position take the
// place of ours; tables that its literals do not hold exactly are dumped natively behind it, like tables that are new.
extension MySQLReplicator {
  /// Nil where there is nothing for the tool to do.
  func dumpAllByTool(
    _ source: inout Source, _ tables: MySQLTables, _ sink: EtcdSink
  ) throws(PipelineFailure) -> Checkpoint? {
    guard configuration.database.mysql.dump == .mysqldump, configuration.sync.dump != .never || mustDumpAll else {
      return nil
    }
    source.chosen = try chooseTables(&source)
    let isMariaDB = source.version.flavor == .mariaDB
    let all = try tablesOfSchemas(source)
    // The tools take `--ignore-table=a.b.c` as a text: it means the table `b.c` of `a`, and `c` of `a.b` as well.
    let alike = Dictionary(grouping: all, by: \.description).filter { $1.count > 1 }
    let dumped = source.chosen.filter { table in
      MySQLDumpTool.canDump(table.description, isMariaDB: isMariaDB) && alike[table.name] == nil
    }
    let rest = source.chosen.filter { table in !dumped.contains { $0.reference == table.reference } }
    if dumped.isEmpty { return nil }
    try refuseRowLimit(source)
    var checkpoint = Checkpoint(
      phase: .dump, position: .mysql(source.lookedAt.text), transaction: nil, instance: instance)
    try write(checkpoint, TransactionBatch(), sink)
    let names = Set(dumped.map(\.description.name))
    try copyByTool(dumped, others: all.filter { !names.contains($0) }, &checkpoint, &source, sink)
    var before = checkpoint
    before.phase = .dump
    if configuration.sync.dump != .only { checkpoint.phase = .sync }
    let states = states(dumped, .ready, from: nil) + states(rest, .dumping, from: nil)
    try write(states, before: before, checkpoint, sink)
    mustDumpAll = false
    mustDump = []
    return try dumpWhatIsMissing(checkpoint, &source, tables, sink)
  }

  /// The tool's session is not ours to set, and it would take the first rows for all of them.
  private func refuseRowLimit(_ source: Source) throws(PipelineFailure) {
    do throws(MySQLError) {
      guard let limit = try connector.rowLimit(deadline: queryDeadline) else { return }
      let (text, mend) = MySQLDumpTool.refusal(ofRowLimit: limit)
      throw MySQLError(.refused("\(text); type: \(mend)"), peer: source.queries.peer)
    } catch {
      throw .source(error)
    }
  }

  private func copyByTool(
    _ chosen: [MySQLChosenTable], others: [TableName], _ checkpoint: inout Checkpoint, _ source: inout Source,
    _ sink: EtcdSink
  ) throws(PipelineFailure) {
    var plans: [MySQLTablePlan] = []
    for table in chosen {
      plans.append(
        try plan(
          table.definition, key: table.key, prefix: table.prefix, from: nil, source.characterSets, number: plans.count))
    }
    let tool = MySQLDumpTool(
      configuration: configuration.database, host: connector.host ?? configuration.database.hosts[0],
      isMariaDB: source.version.flavor == .mariaDB,
      tables: chosen.map(\.description.name), others: others, loop: loop, log: log)
    let dump = MySQLToolDump(
      tool: tool, tables: plans, control: control, sink: sink, limits: limits, oversized: oversized)
    defer { dump.close() }
    let started = ContinuousClock.now
    let queries = source.queries
    let settled = try settle(source)
    let found = try dump.locate { queries.textOfLockHolders(of: chosen.map(\.description.name), besides: []) }
    let place = try toolPlace(found, source)
    try refuseUnsettled(place.position, besides: settled, source)
    checkpoint.position = .mysql(place.text)
    try refuseChanges(of: chosen, &source)
    try removeGone(try readStates(), source.chosen, source, checkpoint, sink)
    try write(states(chosen, .dumping, from: nil), before: checkpoint, checkpoint, sink)
    hasRun = true
    let sweep = PrefixSweep(control: control, sink: sink, limits: limits, requestTimeout: requestTimeout)
    var earlier: [(revision: Int64, isEmpty: Bool)] = []
    for table in chosen { earlier.append(try sweep.look(at: table.prefix)) }
    var progress = DumpProgress(rowsEstimated: chosen.reduce(0) { $0 + max($1.description.estimatedRows, 0) })
    let log = self.log
    try dump.run(checkpoint) { table, rows, bytes in
      progress.add(rows: rows, bytes: bytes)
      if let line = progress.show(table: table) { log.info("dumping", metadata: ["progress": "\(line)"]) }
    }
    progress.clear()
    var removed = 0
    for (table, before) in zip(chosen, earlier) where !before.isEmpty {
      removed += try sweep.remove(under: table.prefix, notAfter: before.revision, checkpoint: checkpoint)
    }
    log.notice(
      "dumped",
      metadata: [
        "tables": "\(chosen.count)", "rows": "\(progress.rows)", "bytes": "\(progress.bytes)", "removed": "\(removed)",
        "snapshot_at": "\(place.position)", "took": "\(ContinuousClock.now - started)",
      ])
  }

  /// The tool's snapshot has its position from where ours has it. Nil where that is not at the beginning of a file.
  private func settle(_ source: Source) throws(PipelineFailure) -> BinlogFilePosition? {
    guard source.version.flavor == .mariaDB else { return nil }
    let end = Deadline.after(.seconds(60))
    do throws(MySQLError) {
      while !control.isStopping {
        let position = try source.queries.snapshotPosition(deadline: queryDeadline)
        if try isSettled(position, source.queries) { return position }
        if end.isPast { throw MySQLError(.timedOut(while: "waiting for a commit"), peer: source.queries.peer) }
        control.sleep(.milliseconds(100))
      }
    } catch {
      throw .source(error)
    }
    throw .stopRequested
  }

  private func refuseUnsettled(
    _ position: BinlogFilePosition, besides settled: BinlogFilePosition?, _ source: Source
  ) throws(PipelineFailure) {
    guard let settled, settled != position else { return }
    do throws(MySQLError) {
      if try isSettled(position, source.queries) { return }
    } catch {
      throw .source(error)
    }
    throw .startOver("a log file began while the dump tool took its snapshot")
  }

  /// Definitions that are the same before the tool's snapshot and after it are those of the snapshot.
  private func refuseChanges(of chosen: [MySQLChosenTable], _ source: inout Source) throws(PipelineFailure) {
    let now = try chooseTables(&source)
    source.chosen = now
    for table in chosen {
      let same = now.first { $0.reference == table.reference }
      guard let same, same.definition == table.definition, same.prefix == table.prefix else {
        throw .startOver("\(table.name) has changed while its dump began")
      }
    }
  }

  /// Whatever is in the schemas of the chosen tables, views included.
  private func tablesOfSchemas(_ source: Source) throws(PipelineFailure) -> [TableName] {
    if source.chosen.isEmpty { return [] }
    let schemas = Set(source.chosen.map(\.reference.schema)).map { "\(SQLLiteral($0))" }.joined(separator: ", ")
    do throws(MySQLError) {
      return try source.queries.query(
        "SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema IN (\(schemas))",
        deadline: queryDeadline
      ).texts.compactMap { row in
        guard let schema = row[0], let name = row[1] else { return nil }
        return TableName(schema, name)
      }
    } catch {
      throw .source(error)
    }
  }

  private func toolPlace(_ found: DumpFilePosition, _ source: Source) throws(PipelineFailure) -> LogPlace {
    guard let file = found.file else { throw .sourceViolation("the dump tool says no position") }
    // An empty set would mean the log from its beginning.
    if source.version.flavor == .mysql, usesGTIDs(source.facts), found.gtidSet == nil {
      throw .sourceViolation("the dump tool says no GTIDs, and the server has them")
    }
    do throws(MySQLError) {
      return try place(
        BinlogFilePosition(file: file, offset: found.offset), executed: found.gtidSet ?? "", source.queries,
        source.facts)
    } catch {
      throw .source(error)
    }
  }
}
