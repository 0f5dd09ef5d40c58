// SPDX-License-Identifier: Apache-2.0
internal import Etcd
internal import Logging
internal import Postgres
internal import Wire

// Slots: ours, which holds the log back, and temporary ones, whose snapshot a table is dumped by.
extension PostgresReplicator {
  func open(_ purpose: SourceConnector.Purpose) throws(PipelineFailure) -> PostgresConnection {
    do throws(PostgresError) {
      return try connector.open(purpose)
    } catch {
      throw .source(error)
    }
  }

  /// Our slot, made anew: what it held back is of no use after a dump.
  func makeSlot(
    _ source: Source, isTemporary: Bool
  ) throws(PipelineFailure) -> CreateReplicationSlot.Created {
    let postgres = configuration.database.postgres
    if !isTemporary { try refuseSharedSlot(postgres.slot, source) }
    do throws(PostgresError) {
      if let slot = try source.queries.slot(postgres.slot, deadline: queryDeadline), !isTemporary {
        try discard(slot, source)
      }
    } catch {
      guard error.sqlState == "55006", !hasRun, !hasStoodBy, !control.isStopping else { throw .source(error) }
      throw .stop(.heldElsewhere, Self.heldSlot(error))
    }
    let name = isTemporary ? "\(postgres.slot.prefix(40))_\(instance.prefix(8))" : postgres.slot
    return try create(
      CreateReplicationSlot(slot: name, isTemporary: isTemporary, isFailover: postgres.failover && !isTemporary),
      on: source.replication, source)
  }

  private func refuseSharedSlot(_ slot: String, _ source: Source) throws(PipelineFailure) {
    let other: String?
    do throws(EtcdError) {
      other = try ownership.otherUser(ofSlot: slot, system: source.identity.systemIdentifier)
    } catch {
      throw .sink(error)
    }
    guard let other else { return }
    throw .stop(
      .heldElsewhere,
      "The replication slot \(slot) is the replication \"\(other)\"'s: set another database.postgres.slot, "
        + "and another database.postgres.publication")
  }

  static func heldSlot(_ error: PostgresError) -> String {
    "\(error): stop that process, or set another database.postgres.slot"
  }

  private func discard(_ slot: SlotDescription, _ source: Source) throws(PostgresError) {
    guard slot.plugin == "pgoutput", slot.database == configuration.database.name else {
      throw PostgresError(
        .refused(
          "the replication slot \(slot.name) is somebody else's (plugin \(slot.plugin ?? "none"), database "
            + "\(slot.database ?? "none")): set another database.postgres.slot"),
        peer: source.queries.peer)
    }
    log.notice("replication slot is made anew", metadata: ["slot": "\(slot.name)"])
    var wait = Backoff(first: .milliseconds(100), most: .seconds(2))
    let end = Deadline.after(.seconds(20))
    while true {
      do throws(PostgresError) {
        try source.queries.query(
          "SELECT pg_catalog.pg_drop_replication_slot(\(SQLLiteral(slot.name)))", deadline: queryDeadline)
        return
      } catch {
        guard error.sqlState == "55006", !end.isPast, !control.isStopping else { throw error }
        log.notice("waiting for the slot", metadata: ["error": "\(error)"])
        control.sleep(wait.next())
      }
    }
  }

  /// A snapshot together with its place in the log, by a slot that lives as long as its connection.
  func makeSnapshot(
    on connection: PostgresConnection, _ source: Source
  ) throws(PipelineFailure) -> CreateReplicationSlot.Created {
    let name = "\(configuration.database.postgres.slot.prefix(40))_\(instance.prefix(8))"
    return try create(CreateReplicationSlot(slot: name, isTemporary: true), on: connection, source)
  }

  /// Making a slot waits for every transaction that is running: after a while we say for which.
  func create(
    _ command: CreateReplicationSlot, on connection: PostgresConnection, _ source: Source
  ) throws(PipelineFailure) -> CreateReplicationSlot.Created {
    let log = self.log
    let timer = loop.addTimer(after: .seconds(5), every: .seconds(30)) {
      guard let blockers = try? source.queries.transactionsBlockingSlots(deadline: .after(.seconds(5))) else { return }
      for blocker in blockers.prefix(3) {
        let who = blocker.pid.map { "pid \($0)" } ?? "prepared transaction \(blocker.gid ?? "")"
        log.warning(
          "the slot waits for an older transaction",
          metadata: [
            "held_by": "\(who)", "application": "\(blocker.applicationName ?? "")", "for_s": "\(blocker.seconds)",
          ])
      }
    }
    defer { loop.cancel(timer) }
    do throws(PostgresError) {
      return try connection.createReplicationSlot(command, deadline: .after(.seconds(24 * 3600)))
    } catch {
      throw .source(error)
    }
  }
}
