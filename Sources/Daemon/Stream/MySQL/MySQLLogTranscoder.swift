// SPDX-License-Identifier: Apache-2.0
internal import Etcd
internal import Logging
package import MySQL
internal import Wire

/// The way of a change from the log's bytes into the open batch without any server: what the benchmarks measure is the
/// daemon's own decoder and applier.
package final class MySQLLogTranscoder {
  private let decoder: BinlogDecoder
  private let applier: MySQLApplier
  package private(set) var operations = 0
  package private(set) var bytes = 0

  package struct Failure: Error { package let text: String }

  /// Of the one table of the log, as its server describes it; `file` begins with a format description.
  package init(
    table: TableDefinition, catalogue: SchemaCatalogue, facts: ServerFacts, collations: CollationDirectory,
    keyPrefix: [UInt8], file: String
  ) throws(RowPlanError) {
    decoder = BinlogDecoder(file: file)
    let key = table.primaryKey.compactMap { table.index(ofColumn: $0) }
    let rows = try MySQLRowPlan(
      table: "\(table.tableName)", columns: table.columns, treatments: table.columns.map { _ in .include }, key: key,
      keyPrefix: keyPrefix, options: ValueOptions(),
      characterSets: CharacterSets(
        collations.all.map { .init(collation: $0.id, name: $0.characterSet, bytesMax: $0.bytesPerCharacterMax) }))
    let tables = MySQLTables()
    tables.add(
      MySQLTablePlan(
        number: 0, definition: table, rows: rows, key: key, storage: .json, appliesFrom: nil))
    let place = LogPlace(
      executed: .unknown, position: BinlogFilePosition(file: file, offset: 4), serverUUID: facts.serverUUID)
    let log = Logger(label: "silent") { _ in SwiftLogNoOpLogHandler() }
    let schema = MySQLSchemaFollower(
      tables: [table], catalogue: catalogue, facts: facts, collations: collations, referenced: [:],
      statements: ForeignKeyStatements(),
      lookedAt: place, readBy: place, policy: .keep,
      isChosen: { $0 == TableReference(table.tableName) },
      replan: { (_, plan) throws(PipelineFailure) in plan },
      state: { plan in
        let state = MySQLTableState(
          progress: .ready, from: nil, definition: plan.definition, key: plan.definition.primaryKey, format: "",
          prefix: "")
        return ([], state)
      }, isContradictedAgain: { _ in false })
    applier = MySQLApplier(
      tables: tables, schema: schema, limits: BatchLimits(operationsMax: 3900, bytesMax: 1_500_000),
      oversized: OversizedRows(policy: .stop, requestBytesMax: 1_572_864, log: log),
      resume: Checkpoint(phase: .sync, position: .mysql(place.text), transaction: nil, instance: ""), place: place,
      logOwner: "", instance: "")
  }

  /// Takes one event, whole; a batch that would be sent is counted and forgotten.
  package func take(_ event: RawSpan) throws(Failure) {
    var applier = self.applier
    while true {
      let flow: BinlogFlow
      do throws(BinlogDrainError<PipelineFailure>) {
        flow = try decoder.deliver(event, into: &applier)
      } catch {
        throw Failure(text: "\(error)")
      }
      if flow == .more { return }
      try forgetBatch()
      if flow == .pause { return }
    }
  }

  /// Not inlined: its checked accesses would be begun for each event.
  @inline(never)
  private func forgetBatch() throws(Failure) {
    guard applier.need == .sending || applier.need == .room else {
      throw Failure(text: "the applier asks for \(applier.need)")
    }
    operations += applier.batch.liveOperations
    bytes += applier.batch.liveBytes
    applier.batch.clear()
    applier.need = .nothing
  }
}
