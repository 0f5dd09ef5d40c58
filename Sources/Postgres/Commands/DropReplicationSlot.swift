// SPDX-License-Identifier: Apache-2.0
public import Wire

extension PostgresConnection {
  /// `DROP_REPLICATION_SLOT`; with `wait` it waits until an active slot becomes free.
  public func dropReplicationSlot(_ slot: String, wait: Bool = false, deadline: Deadline) throws(PostgresError) {
    try query("DROP_REPLICATION_SLOT \(SQLIdentifier(slot))\(wait ? " WAIT" : "")", deadline: deadline)
  }
}
