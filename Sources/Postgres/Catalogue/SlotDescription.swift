// SPDX-License-Identifier: Apache-2.0
public import Wire

/// A replication slot, as `pg_replication_slots` shows it.
public struct SlotDescription: Equatable, Sendable {
  public var name: String
  /// Nil for a physical slot.
  public var plugin: String?
  public var isLogical: Bool
  public var database: String?
  public var isTemporary: Bool
  /// The server process that uses it now.
  public var activePID: Int32?
  /// The oldest log that it holds back.
  public var restartLSN: LSN?
  /// Up to here its client has everything.
  public var confirmedFlushLSN: LSN?
  /// `reserved`, `extended`, `unreserved`, `lost`; nil where no log is reserved.
  public var walStatus: String?
  /// Bytes that can still be written before it is in danger; nil without `max_slot_wal_keep_size`.
  public var safeWALBytes: Int?
  public var isTwoPhase: Bool
  public var isFailover: Bool
  /// Why it can be used no longer (17 and later): `wal_removed`, `rows_removed`, `wal_level_insufficient`,
  /// `idle_timeout`.
  public var invalidationReason: String?

  /// It can be used no longer: only dropping it is left.
  public var isLost: Bool { walStatus == "lost" || invalidationReason != nil }
}

extension PostgresConnection {
  /// The slot of that name in this cluster, nil if there is none.
  public func slot(_ name: String, deadline: Deadline) throws(PostgresError) -> SlotDescription? {
    try slots(where: "s.slot_name = \(SQLLiteral(name))", deadline: deadline).first
  }

  public func slots(deadline: Deadline) throws(PostgresError) -> [SlotDescription] {
    try slots(where: "true", deadline: deadline)
  }

  private func slots(where condition: String, deadline: Deadline) throws(PostgresError) -> [SlotDescription] {
    let twoPhase = serverVersion >= 140_000 ? "s.two_phase" : "false"
    let failover = serverVersion >= 170_000 ? "s.failover, s.invalidation_reason" : "false, NULL"
    let text = """
      SELECT s.slot_name, s.plugin, s.slot_type = 'logical', s.database, s.temporary, s.active_pid, s.restart_lsn,
        s.confirmed_flush_lsn, s.wal_status, s.safe_wal_size, \(twoPhase), \(failover)
      FROM pg_catalog.pg_replication_slots s WHERE \(condition) ORDER BY 1
      """
    return try rows(text, deadline: deadline) { (row: inout CatalogueRow) throws(PostgresError) in
      SlotDescription(
        name: try row.text(), plugin: try row.optionalText(), isLogical: try row.flag(),
        database: try row.optionalText(), isTemporary: try row.flag(), activePID: try row.optionalNumber(),
        restartLSN: try row.lsn(), confirmedFlushLSN: try row.lsn(), walStatus: try row.optionalText(),
        safeWALBytes: try row.optionalNumber(), isTwoPhase: try row.flag(), isFailover: try row.flag(),
        invalidationReason: try row.optionalText())
    }
  }
}
