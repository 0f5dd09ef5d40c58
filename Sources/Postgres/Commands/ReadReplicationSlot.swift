// SPDX-License-Identifier: Apache-2.0
public import Wire

/// What READ_REPLICATION_SLOT (15 and later) tells of a physical slot; the server refuses logical ones.
public struct ReplicationSlotPosition: Equatable, Sendable {
  public var restartLSN: LSN?
  public var restartTimeline: Int?
}

extension PostgresConnection {
  /// Nil if there is no such slot.
  public func readReplicationSlot(
    _ slot: String, deadline: Deadline
  ) throws(PostgresError) -> ReplicationSlotPosition? {
    let result = try query("READ_REPLICATION_SLOT \(SQLIdentifier(slot))", deadline: deadline)
    // "all fields are NULL if the slot doesn't exist"
    guard !result.rows.isEmpty, result.value(row: 0, "slot_type") != nil else { return nil }
    return ReplicationSlotPosition(
      restartLSN: result.value(row: 0, "restart_lsn").flatMap { LSN($0) },
      restartTimeline: result.value(row: 0, "restart_tli").flatMap { Int($0) })
  }
}
