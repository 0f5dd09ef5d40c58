// SPDX-License-Identifier: Apache-2.0
internal import Etcd
internal import Logging
package import Postgres
internal import Wire

/// The way of a change from the log's bytes into the open batch without any server: what the benchmarks measure is the
/// daemon's own applier.
package final class LogTranscoder {
  package let session: PostgresSession
  private let applier: StreamApplier
  package private(set) var operations = 0
  package private(set) var bytes = 0

  /// `session` is replicating; `rows` are those of the one table of the log.
  package init(session: PostgresSession, oid: UInt32, schema: String, table: String, rows: RowPlan) {
    self.session = session
    let shape = RelationShape(
      oid: oid, schema: schema, table: table,
      columns: rows.columns.map { RelationShape.Column(name: $0.name, type: $0.type) })
    let registry = TableRegistry()
    registry.add(TablePlan(number: 0, shape: shape, rows: rows, storage: .json, appliesFrom: .zero))
    let log = Logger(label: "silent") { _ in SwiftLogNoOpLogHandler() }
    applier = StreamApplier(
      tables: registry, limits: BatchLimits(operationsMax: 3900, bytesMax: 1_500_000),
      oversized: OversizedRows(policy: .stop, requestBytesMax: 1_572_864, log: log),
      resume: Checkpoint(
        phase: .sync, lsn: .zero, timeline: 1, systemIdentifier: "", transaction: nil, instance: "", slot: ""),
      instance: "")
  }

  package struct Failure: Error { package let text: String }

  /// Applies what is in the session's input; a batch that would be sent is counted and forgotten.
  package func drain() throws(Failure) {
    while true {
      var applier = self.applier
      do throws(DrainError<PipelineFailure>) {
        guard try session.drainReplication(into: &applier) == .paused else { return }
      } catch {
        throw Failure(text: "\(error)")
      }
      guard applier.need == .sending else { throw Failure(text: "the applier asks for \(applier.need)") }
      operations += applier.batch.liveOperations
      bytes += applier.batch.liveBytes
      applier.batch.clear()
      applier.need = .nothing
    }
  }
}
