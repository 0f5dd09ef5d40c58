// SPDX-License-Identifier: Apache-2.0
internal import Etcd
internal import Wire

/// Deletes keys under a table's prefix that are older than a revision: what a dump did not put is not a row any more.
final class PrefixSweep {
  private let control: Control
  private let sink: EtcdSink
  private let limits: BatchLimits
  private let requestTimeout: Duration
  private var batch = TransactionBatch()

  /// Keys that one request lists. etcd filters by revision only after it has gathered a whole range, so we page by key
  /// and filter here.
  private static let page = 2000

  init(control: Control, sink: EtcdSink, limits: BatchLimits, requestTimeout: Duration) {
    self.control = control
    self.sink = sink
    self.limits = limits
    self.requestTimeout = requestTimeout
  }

  /// The store's revision now, and whether any key is under the prefix.
  func look(at prefix: [UInt8]) throws(PipelineFailure) -> (revision: Int64, isEmpty: Bool) {
    let answer = try range(
      RangeRequest(key: prefix, rangeEnd: KeyRange.end(ofPrefix: prefix), limit: 1, keysOnly: true))
    return (answer.header.revision, answer.keyValueCount == 0)
  }

  /// Deletes what was put last at or before `revision`. Answers how many keys.
  func remove(under prefix: [UInt8], notAfter revision: Int64, checkpoint: Checkpoint) throws(PipelineFailure) -> Int {
    var paging = KeyPaging(prefix: prefix, limit: Self.page)
    var removed = 0
    while !paging.isFinished {
      if control.isStopping { throw .stopRequested }
      let answer = try range(
        RangeRequest(key: paging.from, rangeEnd: paging.until, limit: Int64(paging.limit), keysOnly: true))
      var first: [UInt8]?
      var last: [UInt8]?
      var old: [[UInt8]] = []
      answer.forEach { item in
        if first == nil { first = item.key.array }
        last = item.key.array
        if item.modRevision <= revision { old.append(item.key.array) }
      }
      for key in old {
        batch.beginChange()
        batch.delete { $0.append(key) }
        // A page of long keys is larger than a request.
        let isFull = batch.liveOperations >= min(limits.operationsMax, 2000) || batch.liveBytes >= limits.bytesMax / 2
        if isFull { try flush(checkpoint) }
      }
      removed += old.count
      try flush(checkpoint)
      paging.answered(count: answer.keyValueCount, first: first, last: last, more: answer.more)
    }
    return removed
  }

  /// Deletes everything under a prefix in one request.
  func removeAll(under prefix: [UInt8], and key: [UInt8], checkpoint: Checkpoint) throws(PipelineFailure) {
    batch.delete(prefix: prefix)
    batch.delete { $0.append(key) }
    try flush(checkpoint)
  }

  private func flush(_ checkpoint: Checkpoint) throws(PipelineFailure) {
    if batch.isEmpty { return }
    try sink.write(&batch, checkpoint: checkpoint, unless: control)
  }

  private func range(_ request: RangeRequest) throws(PipelineFailure) -> RangeResponse {
    do throws(EtcdError) {
      return try sink.client.range(request, deadline: .after(requestTimeout))
    } catch {
      throw .sink(error)
    }
  }
}
