// SPDX-License-Identifier: Apache-2.0
internal import Etcd
internal import Logging
internal import Postgres
internal import Wire

/// Replicates a PostgreSQL database: dumps as of a slot's snapshot, then follows the slot.
final class PostgresReplicator: Replicator {
  let types: TypeBook
  var connector: SourceConnector
  /// Tables to dump again whatever their state says, by OID.
  var mustDump: Set<UInt32> = []
  /// The tables' files at the last look at the catalogue, by OID. TRUNCATE and VACUUM FULL alone change no state: the
  /// one in etcd may be older.
  var files: [UInt32: UInt32] = [:]

  /// The source as it is found at the start of a term.
  struct Source {
    var queries: PostgresConnection
    var replication: PostgresConnection
    var identity: SystemIdentity
    var chosen: [ChosenTable]
  }

  init(configuration: Configuration, log: Logger) throws(SystemError) {
    types = TypeBook(options: configuration.sync.valueOptions, selection: configuration.tables.selection)
    let loop = try PollLoop()
    connector = SourceConnector(database: configuration.database, name: configuration.name, loop: loop, log: log)
    try super.init(configuration: configuration, loop: loop, log: log)
  }

  override func term(_ found: Checkpoint?, _ sink: EtcdSink) throws(PipelineFailure) {
    var source = try openSource()
    defer {
      source.queries.close()
      source.replication.close()
    }
    let registry = TableRegistry()
    let checkpoint: Checkpoint
    if let found, found.phase == .sync, !mustDumpAll {
      try checkPosition(found, source)
      checkpoint = try dumpWhatIsMissing(found, &source, registry, sink)
    } else {
      checkpoint = try dumpAll(found, &source, registry, sink)
    }
    try releaseFormerPrefixes(checkpoint, sink)
    if configuration.sync.dump == .only { return }
    try follow(checkpoint, source, registry, sink)
  }

  override func mark(forDump tables: [TableReference]) { mustDump.formUnion(tables.map(\.oid)) }
}

extension TableReference {
  init(_ shape: RelationShape) { self.init(schema: shape.schema, table: shape.table, oid: shape.oid) }
}

extension PostgresError {
  /// Trying again will not help: wrong password, no such database, a server that is not what we need.
  var isRefusal: Bool {
    switch reason {
    case .server(let error):
      error.sqlState.hasPrefix("28") || error.sqlState == "3D000" || error.sqlState == "42501"
    case .refused: true
    case .malformed, .unexpected, .closed, .timedOut, .transport: false
    }
  }
}
