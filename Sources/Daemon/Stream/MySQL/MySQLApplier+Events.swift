// SPDX-License-Identifier: Apache-2.0
internal import Etcd
internal import MySQL
internal import Wire

// What each kind of event means to a follower. Rows and statements have files of their own.
extension MySQLApplier {
  func receive(_ event: borrowing BinlogEvent, _ header: EventHeader) throws(PipelineFailure) -> BinlogFlow {
    if isReplaying { return try replay(event, header) }
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
      transaction?.isDistributed = gtid.flags.contains(.preparedXA)
    case .query(let query), .executeLoadQuery(let query): return try statement(query, header)
    case .xid: return try endTransaction(at: header.endPosition)
    case .xaPrepare(let prepare): return try prepared(prepare, header)
    case .tableMap(let map): try tableMap(map)
    case .rows(let rows): return try self.rows(rows)
    case .incident(let incident):
      throw .redump(
        tables.chosen.map(\.reference), "the log says that changes are missing in it (incident \(incident.number))")
    case .heartbeat: reachIdle(header)
    default:
      if transaction == nil { reachIdle(header) }
    }
    return .more
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
    // Before the table's dump its rows do not count, and so neither does its shape of that time.
    if let known = plan, applies(known) { plan = try agreed(known, map) }
    let entry = MySQLTables.Mapped(reference: reference, plan: plan, layout: layout, body: event.body.array)
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
      throw .redump([plan.reference], "the log describes it otherwise than its definition: \(reason)")
    }
  }

  private func note(_ entry: MySQLTables.Mapped) {
    guard schema.hasCascades else { return }
    entry.hasRows = false
    statementMaps.append(entry)
  }

  /// "InnoDB … cascades are not logged" by MariaDB: it maps the child's table for a statement and sends no rows of it.
  func endStatement(_ event: borrowing RowsEvent) throws(PipelineFailure) {
    guard !statementMaps.isEmpty else { return }
    let maps = statementMaps
    statementMaps.removeAll(keepingCapacity: true)
    let parents = maps.filter(\.hasRows).map(\.reference)
    let children = maps.filter { map in
      guard !map.hasRows, let plan = map.plan, applies(plan) else { return false }
      return schema.cascades(from: parents, to: map.reference)
    }
    guard !children.isEmpty else { return }
    throw .redump(
      children.map(\.reference), "a foreign key has changed its rows, which this server's log does not carry")
  }
}
