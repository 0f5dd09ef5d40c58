// SPDX-License-Identifier: Apache-2.0
internal import Etcd
internal import Wire

/// The rows of a dump on their way to etcd, whichever source they come from: one batch fills while another is under
/// way.
struct DumpBatch: ~Copyable {
  var batch = TransactionBatch()
  let limits: BatchLimits

  init(limits: BatchLimits) { self.limits = limits }

  var isFull: Bool {
    batch.liveOperations >= limits.operationsWanted || batch.liveBytes >= limits.bytesWanted
  }

  /// Sends what it holds, if the sink is idle. True if something was sent.
  mutating func send(through sink: EtcdSink, checkpoint: Checkpoint, evenIfSmall: Bool) -> Bool {
    guard sink.isIdle, !batch.isEmpty, isFull || evenIfSmall else { return false }
    // The last row may be one too many.
    let isOver = batch.liveBytes > limits.bytesMax
    let boundary = isOver ? batch.changeStart : batch.entries.count
    sink.send(&batch, before: boundary, checkpoint: checkpoint)
    return true
  }
}
