// SPDX-License-Identifier: Apache-2.0
package import Postgres

// A checkpoint of PostgreSQL's log. Whether a checkpoint is one is asked once, where it is read from etcd.
extension Checkpoint {
  package init(
    phase: Phase, lsn: LSN, timeline: Int, systemIdentifier: String, transaction: PartialTransaction?, instance: String,
    slot: String
  ) {
    self.init(
      phase: phase,
      position: .postgres(
        PostgresPosition(lsn: lsn, timeline: timeline, systemIdentifier: systemIdentifier, slot: slot)),
      transaction: transaction, instance: instance)
  }

  private var postgres: PostgresPosition {
    get {
      guard case .postgres(let position) = position else { preconditionFailure("a checkpoint of another driver") }
      return position
    }
    set { position = .postgres(newValue) }
  }

  package var lsn: LSN {
    get { postgres.lsn }
    set { postgres.lsn = newValue }
  }
  package var timeline: Int {
    get { postgres.timeline }
    set { postgres.timeline = newValue }
  }
  package var systemIdentifier: String { postgres.systemIdentifier }
  package var slot: String { postgres.slot }

  /// Why the source no longer has everything behind the checkpoint; nil if it has.
  func reasonOfLoss(slot: SlotDescription?, named name: String, system: String, flushed: LSN) -> String? {
    if systemIdentifier != system {
      return "the checkpoint is of another database cluster (\(systemIdentifier))"
    }
    guard let slot else { return "the replication slot \(name) is gone" }
    if slot.isLost {
      return "the replication slot \(name) was invalidated (\(slot.invalidationReason ?? "WAL removed"))"
    }
    // We confirm nothing that is not in a checkpoint, so a slot that is further is not the one we left.
    if let confirmed = slot.confirmedFlushLSN, confirmed > lsn {
      return "the replication slot \(name) begins at \(confirmed), behind the checkpoint's \(lsn)"
    }
    if flushed < lsn {
      return "the server's log ends at \(flushed), before the checkpoint's \(lsn)"
    }
    return nil
  }
}
