// SPDX-License-Identifier: Apache-2.0
internal import Postgres

extension Checkpoint {
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
