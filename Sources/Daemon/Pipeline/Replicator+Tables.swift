// SPDX-License-Identifier: Apache-2.0
internal import Etcd
internal import Logging
internal import Wire

// What is done with chosen tables whatever their source is.
extension Replicator {
  /// Tables that are chosen and cannot be followed end a run that has nothing to go on from. Later they are left out,
  /// and the others are followed: what became of one table shall not hold the source's log back. Two of one prefix
  /// always end it.
  func judge(_ problems: [TableProblem], among chosen: [TableReference]) throws(PipelineFailure) {
    report(problems)
    if let first = problems.first(where: endsTheRun) {
      throw .stop(.wrongConfiguration, "\(first.text); type: \(first.mend)")
    }
    if let conflict = configuration.conflict(among: chosen) { throw .stop(.wrongConfiguration, conflict) }
  }

  /// Says of each table once why it is left out.
  func report(_ problems: [TableProblem]) {
    for problem in problems where !reported.contains(problem) {
      if isSkipped(problem) {
        log.warning("table left out: it has no key", metadata: ["table": "\(problem.table)"])
      } else {
        log.error("\(problem.text)", metadata: ["type": "\(problem.mend)"])
      }
    }
    reported = problems
  }

  private func isSkipped(_ problem: TableProblem) -> Bool {
    problem.cause == .missingKey && configuration.tables.withoutKey == .skip
  }

  private func endsTheRun(_ problem: TableProblem) -> Bool {
    if hasRun || isSkipped(problem) { return false }
    return !isResuming || (!hasStoodBy && problem.cause != .database)
  }

  /// What `tables` says in vain or on its own responsibility is told once.
  func tell(_ doubts: @autoclosure () -> [String]) {
    if hasToldNames { return }
    hasToldNames = true
    for text in doubts() { log.warning("\(text)") }
  }

  /// The rows of a table that is no longer chosen, or no longer there.
  func removeKeys(
    of table: TableReference, prefix: String, _ checkpoint: Checkpoint, _ sink: EtcdSink
  ) throws(PipelineFailure) {
    log.notice("table is gone; its keys are removed", metadata: ["table": "\(table.name)", "prefix": "\(prefix)"])
    let sweep = PrefixSweep(control: control, sink: sink, limits: limits, requestTimeout: requestTimeout)
    try sweep.removeAll(
      under: Array(prefix.utf8), and: keys.table(schema: table.schema, name: table.table), checkpoint: checkpoint)
  }

  /// A prefix that was ours by another configuration is free for others once none of our rows is below it.
  func releaseFormerPrefixes(_ checkpoint: Checkpoint, _ sink: EtcdSink) throws(PipelineFailure) {
    let former: [Ownership.Claim]
    do throws(EtcdError) {
      former = try ownership.former()
    } catch {
      throw .sink(error)
    }
    if former.isEmpty { return }
    let left = try readStateValues().compactMap { configuration.formerPrefix(inState: $0) }
    var batch = TransactionBatch()
    for claim in former where !left.contains(where: { claim.prefix.contains($0) }) {
      log.notice("a prefix is no longer ours", metadata: ["prefix": "\(claim.prefix)"])
      batch.beginChange()
      batch.delete { $0.append(claim.key) }
    }
    if !batch.isEmpty { try write(checkpoint, batch, sink) }
  }
}

extension Configuration {
  /// Where a table's state says that rows are, if the table's rows would be elsewhere now; nil if they would not.
  fileprivate func formerPrefix(inState value: [UInt8]) -> RowsPrefix? {
    guard let state = try? JSONObject(decoding: value), let schema = state["schema"]?.text,
      let table = state["table"]?.text, let prefix = state["prefix"]?.text
    else { return nil }
    let now = sync.key.prefix(path: etcd.path, schema: schema, table: table)
    return now.elementsEqual(prefix.utf8) ? nil : RowsPrefix(prefix)
  }

  /// Two tables whose rows would have the same prefix, or one that would have our state's.
  func conflict(among tables: [TableReference]) -> String? {
    sync.key.conflict(
      among: tables.map { (schema: $0.schema, table: $0.table) }, path: etcd.path, statePath: etcd.statePath
    ).map { "\($0)" }
  }
}
