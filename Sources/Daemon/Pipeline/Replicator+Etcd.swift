// SPDX-License-Identifier: Apache-2.0
internal import Etcd
internal import Logging
internal import Wire

// etcd's side of a term: who leads, where the checkpoint is, and how state is written beside it.
extension Replicator {
  func lead() throws(PipelineFailure) {
    try reachEtcd()
    // What would be refused once it leads is no standby.
    if leadership.revision == nil { try ownership.refuseConflict() }
    try takeTheLead()
    try ownership.claim()
    let (found, version) = try readCheckpoint()
    let sink = EtcdSink(
      client: client, keys: keys, loop: loop,
      nesting: TransactionNesting(operationsMax: configuration.etcd.transactionOperationsMax),
      requestTimeout: requestTimeout, instance: instance, version: version, log: log)
    sink.leaderRevision = leadership.revision
    self.sink = sink
    isResuming = found?.phase == .sync
    try term(found, sink)
  }

  var ownership: Ownership {
    Ownership(client: client, keys: keys, name: configuration.name, requestTimeout: requestTimeout)
  }

  private func reachEtcd() throws(PipelineFailure) {
    do throws(EtcdError) {
      try client.connect(deadline: .after(hasRun ? requestTimeout : configuration.etcd.dialTimeout))
    } catch {
      throw .sink(error)
    }
  }

  /// Waits until we lead. A standby asks once a second; who watches a key would be told sooner, but not by much.
  private func takeTheLead() throws(PipelineFailure) {
    guard configuration.ha.isEnabled, leadership.revision == nil else { return }
    var told: String?
    while true {
      if control.isStopping { throw .stopRequested }
      do throws(EtcdError) {
        guard let holder = try leadership.attempt() else {
          log.notice("leading", metadata: ["instance": "\(instance)"])
          return
        }
        if told != holder { log.notice("standing by", metadata: ["leader": "\(holder)"]) }
        told = holder
        hasStoodBy = true
      } catch {
        if error.fault == .leaseNotFound { leadership.forget() }
        throw .sink(error)
      }
      control.sleep(.seconds(1))
    }
  }

  /// The checkpoint and its version: 0 if there is none.
  private func readCheckpoint() throws(PipelineFailure) -> (Checkpoint?, Int64) {
    let answer: RangeResponse
    do throws(EtcdError) {
      answer = try client.range(RangeRequest(key: keys.checkpoint), deadline: .after(requestTimeout))
    } catch {
      throw .sink(error)
    }
    guard let item = answer.first else { return (nil, 0) }
    do throws(UnusableCheckpoint) {
      return (try configuration.checkpoint(decoding: item.value, of: keys), item.version)
    } catch {
      throw .stop(.wrongConfiguration, "\(error.text); type: \(error.mend)")
    }
  }

  /// Before anything that no guard of etcd's keeps a former leader from: it may have stood still beyond its lease.
  func confirmLead(_ sink: EtcdSink) throws(PipelineFailure) {
    do throws(EtcdError) {
      if try sink.isLeading() { return }
    } catch {
      throw .sink(error)
    }
    throw .leadershipLost("the leader key is no longer ours")
  }

  // MARK: State

  /// Everything but the table itself that its values depend on.
  func valueFormat(_ columns: [(name: String, treatment: RowPlan.Column.Treatment)]) -> String {
    let sync = configuration.sync
    let treated = columns.compactMap { name, treatment -> String? in
      switch treatment {
      case .include: nil
      case .exclude: "-\(name)"
      case .hash: "#\(name)"
      }
    }
    let settings = [sync.storage.rawValue, sync.bigint.rawValue, sync.decimal.rawValue, sync.binary.rawValue]
    return (settings + treated).joined(separator: " ")
  }

  /// The states of tables as etcd has them, by their bytes.
  func readStateValues() throws(PipelineFailure) -> [[UInt8]] {
    do throws(EtcdError) {
      return try client.range(
        RangeRequest(key: keys.tables, rangeEnd: KeyRange.end(ofPrefix: keys.tables)), deadline: .after(requestTimeout)
      ).keyValues.map(\.value)
    } catch {
      throw .sink(error)
    }
  }

  /// Thousands of tables, or very wide ones, do not fit in one request: only the last carries the checkpoint that
  /// counts on all of them.
  func write(
    _ states: [(key: [UInt8], value: [UInt8])], before: Checkpoint, _ checkpoint: Checkpoint, _ sink: EtcdSink
  ) throws(PipelineFailure) {
    var batch = TransactionBatch()
    for state in states {
      batch.beginChange()
      _ = batch.put(
        bytesMax: TransactionBatch.operationBytesMax, key: { $0.append(state.key) }, value: { $0.append(state.value) })
      if batch.liveOperations >= limits.operationsMax / 2 || batch.liveBytes >= limits.bytesMax / 2 {
        try write(before, batch, sink)
        batch = TransactionBatch()
      }
    }
    try write(checkpoint, batch, sink)
  }

  func write(
    _ checkpoint: Checkpoint, _ batch: consuming TransactionBatch, _ sink: EtcdSink
  ) throws(PipelineFailure) {
    var batch = batch
    try sink.write(&batch, checkpoint: checkpoint, unless: control)
  }
}
