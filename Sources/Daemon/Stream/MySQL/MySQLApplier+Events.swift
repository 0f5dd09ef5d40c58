// SPDX-License-Identifier: Apache-2.0
internal import Etcd
internal import MySQL
internal import Wire

// What each kind of event means to a follower. Rows and statements have files of their own.
extension MySQLApplier {
  func receive(_ event: borrowing BinlogEvent, _ header: EventHeader) throws(PipelineFailure) -> BinlogFlow {
    if isReplaying { return try replay(event, header) }
    if isLearning { learn(event) }
    if isIgnored(header) { return .more }
    switch event {
    case .rotate(let rotate):
      file = String(decoding: rotate.file)
      reach(BinlogFilePosition(file: file, offset: rotate.position))
    case .formatDescription:
      // A server that starts opens a new file and forgets its numbers.
      tables.forgetNumbers()
      try enterFile(created: header.timestamp)
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
      if unsafe event.isSame(as: body.span.bytes) { return }
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
      followed: schema.followed(reference, map))
    tables.set(event.tableID, entry)
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
}
