// SPDX-License-Identifier: Apache-2.0
internal import Etcd
internal import MySQL
internal import Wire

// What each kind of event means to a follower. Rows and statements have files of their own.
extension MySQLApplier {
  func receive(_ event: borrowing BinlogEvent, _ header: EventHeader) throws(PipelineFailure) -> BinlogFlow {
    if isReplaying { return try replay(event, header) }
    if isIgnored(header) { return .more }
    switch event {
    case .rotate(let rotate):
      file = String(decoding: rotate.file)
      reach(BinlogFilePosition(file: file, offset: rotate.position))
    case .formatDescription:
      // A server that starts opens a new file and forgets its numbers.
      tables.forgetNumbers()
    case .gtid(let gtid):
      let position = BinlogFilePosition(file: file, offset: header.position)
      begin(gtid.form == .anonymous ? .anonymous(position) : .mysql(gtid.gtid), at: position)
    case .mariaDBGTID(let gtid):
      begin(.mariaDB(gtid.gtid), at: BinlogFilePosition(file: file, offset: header.position))
      transaction?.hasBegun = !gtid.flags.contains(.standalone) && !gtid.flags.contains(.completedXA)
      isDistributed = gtid.flags.contains(.preparedXA)
    case .query(let query), .executeLoadQuery(let query): return try statement(query, header)
    case .xid: return try endTransaction(at: header.endPosition)
    case .xaPrepare(let prepare): return try prepared(prepare, header)
    case .tableMap(let map): try tableMap(map)
    case .rows(let rows): return try self.rows(rows)
    case .incident(let incident): return try self.incident(incident, header)
    case .heartbeat: reachIdle(header)
    default:
      if transaction == nil { reachIdle(header) }
    }
    return .more
  }

  private func isIgnored(_ header: EventHeader) -> Bool {
    guard let place = ignoredBefore else { return false }
    switch header.type {
    case .rotate, .formatDescription: return false
    default:
      if file == place.file, header.position < place.offset { return true }
      ignoredBefore = nil
      return false
    }
  }

  /// Changes of whichever tables are missing here. MySQL gives it a GTID, MariaDB none: there it stands by itself.
  private func incident(_ event: borrowing IncidentEvent, _ header: EventHeader) throws(PipelineFailure) -> BinlogFlow {
    let isAlone = transaction == nil
    if isAlone {
      let position = BinlogFilePosition(file: file, offset: header.position)
      transaction = OpenTransaction(name: .anonymous(position), begin: position)
    }
    // Those that were dumped behind it have what is missing.
    let suspects = tables.chosen.filter(applies).map(\.reference)
    guard suspects.isEmpty else {
      throw .redump(suspects, "the log says that changes are missing in it (incident \(event.number))")
    }
    if isAlone {
      transaction = nil
      reachIdle(header)
    }
    return transaction?.hasBegun == false ? try endTransaction(at: header.endPosition) : .more
  }

  /// Nothing of ours is before this place: an idle position moves on.
  private func reachIdle(_ header: EventHeader) {
    guard transaction == nil, header.endPosition >= 4 else { return }
    reach(BinlogFilePosition(file: file, offset: header.endPosition))
  }

  // MARK: Tables

  func tableMap(_ event: borrowing TableMapEvent) throws(PipelineFailure) {
    if let known = tables.mapped(event.tableID) {
      // Copied to a local: a span of a class's property cannot be handed on.
      let body = known.body
      if unsafe event.isSame(as: body.span.bytes) { return note(known) }
    }
    let reference = TableReference(schema: String(decoding: event.schema), table: String(decoding: event.table))
    let map: TableMap
    let layout: RowLayout
    do throws(WireError) {
      map = try event.tableMap()
      layout = try RowLayout(map.columns)
    } catch {
      throw .sourceViolation("the description of \(reference.name) in the log: \(error)")
    }
    var plan = tables.plan(of: reference)
    // Before the table's dump its rows do not count, and so neither does its shape of that time: it is looked at again.
    let isDue = plan.map(applies) ?? true
    if let known = plan, isDue { plan = try agreed(known, map) }
    let entry = MySQLTables.Mapped(
      reference: reference, plan: plan, layout: layout, body: isDue ? event.body.array : [],
      referenced: schema.referencedColumns(of: reference, map))
    tables.set(event.tableID, entry)
    note(entry)
  }

  /// The plan by which the log's rows are read: the one that is known, or one with the log's words.
  private func agreed(_ plan: MySQLTablePlan, _ map: TableMap) throws(PipelineFailure) -> MySQLTablePlan {
    switch schema.agreement(of: plan.definition, with: map) {
    case .same: return plan
    case .namesDiffer(let definition):
      return try schema.adopt(definition, inPlaceOf: plan, self)
    case .disagrees(let reason):
      try schema.contradict(plan, reason)
      throw .redump([plan.reference], "the log describes it otherwise than its definition: \(reason)")
    }
  }

  private func note(_ entry: MySQLTables.Mapped) {
    guard schema.hasCascades else { return }
    entry.hasCascadingChange = false
    statementMaps.append(entry)
  }

  // MARK: Cascades

  /// Whether these rows of a parent make foreign keys change rows of its children.
  func noteCascade(_ event: borrowing RowsEvent, _ mapped: MySQLTables.Mapped) throws(PipelineFailure) {
    guard !mapped.referenced.isEmpty, !mapped.hasCascadingChange else { return }
    switch event.kind {
    case .insert: return
    case .delete: mapped.hasCascadingChange = true
    case .update, .partialUpdate:
      var offset = 0
      var before: [RowField] = []
      var after: [RowField] = []
      while offset < event.rows.byteCount, !mapped.hasCascadingChange {
        let start = offset
        do throws(WireError) {
          try mapped.layout.index(event.rows, at: &offset, present: event.present, into: &before)
          try mapped.layout.index(
            event.rows, at: &offset, present: event.presentAfter, isPartial: event.kind == .partialUpdate, into: &after)
        } catch {
          throw .sourceViolation("rows of \(mapped.reference.name): \(error)")
        }
        guard offset > start else { return }
        mapped.hasCascadingChange = mapped.referenced.contains { column in
          guard column < before.count, after[column].kind == .value, before[column].kind == .value else { return false }
          let isSame = event.rows.extracting(before[column].range)
            .isEqual(to: event.rows.extracting(after[column].range))
          return !isSame
        }
      }
    }
  }

  /// Cascades are the engine's: MariaDB and MySQL before 9 do not log the rows of the child. (MySQL 9 does, and says so
  /// with a flag.)
  func endStatement(_ event: borrowing RowsEvent) throws(PipelineFailure) {
    guard schema.hasCascades, !statementMaps.isEmpty else { return }
    let maps = statementMaps
    statementMaps.removeAll(keepingCapacity: true)
    // Of a prepared transaction nothing has happened yet.
    if isDistributed, !isReplaying { return }
    guard !event.flags.contains(.useSQLForeignKey), !event.flags.contains(.noForeignKeyChecks) else { return }
    let parents = maps.filter(\.hasCascadingChange).map(\.reference)
    guard !parents.isEmpty else { return }
    let children = tables.chosen.filter { plan in
      !parents.contains(plan.reference) && applies(plan) && schema.cascades(from: parents, to: plan.reference)
    }
    guard !children.isEmpty else { return }
    throw .redump(
      children.map(\.reference), "a foreign key has changed its rows, which this server's log does not carry")
  }
}
