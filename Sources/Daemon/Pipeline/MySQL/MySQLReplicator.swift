// SPDX-License-Identifier: Apache-2.0
internal import Etcd
internal import Logging
internal import MySQL
internal import Wire

/// Replicates schemas of a MySQL or MariaDB server: dumps as of a snapshot whose place in the binary log is known, then
/// follows the log.
final class MySQLReplicator: Replicator {
  var connector: MySQLConnector
  /// Tables to dump again whatever their state says.
  var mustDump: Set<TableReference> = []
  /// Tables whose definition the log contradicted, with that definition: the same again is a defect of ours.
  var contradicted: [TableReference: TableDefinition] = [:]
  let foreignKeyStatements = ForeignKeyStatements()
  /// How often tables were there and not in the catalogue.
  var hiddenLooks: [TableReference: Int] = [:]

  /// Chosen tables that our account may not read in whole.
  var denied: [TableReference: TableProblem] = [:]

  /// Until when a server may take that lacked so many transactions when it was looked at.
  var waiting: (until: Deadline, missing: UInt64)?

  /// MariaDB: where a snapshot stood at the beginning of a log file, and until when that says nothing.
  var fileBegun: (position: BinlogFilePosition, settled: Deadline)?

  /// Where the log stood at the last look.
  var quietAt: BinlogFilePosition?

  /// A file was read again from its beginning, to learn its GTIDs.
  var hasReadAgain = false

  /// Where an event of the log could not be read last, and how often in succession.
  var unreadable: (place: BinlogFilePosition, times: Int)?
  /// As often as this it is not the wire's fault.
  static let readingsMax = 3

  /// The source as it is found at the start of a term.
  struct Source {
    var queries: MySQLConnection
    var facts: ServerFacts
    var collations: CollationDirectory
    var characterSets: CharacterSets
    var catalogue = SchemaCatalogue()
    var chosen: [MySQLChosenTable] = []
    /// Where the log was when the catalogue was read: what comes before is in it.
    var lookedAt: LogPlace

    var version: ServerVersion { facts.version }
    /// What tells its files from another server's.
    var serverUUID: String
    /// The log is asked for by file and offset, although there are GTIDs.
    var hasPlace = false

    var answers: CharacterAnswers { CharacterAnswers(connection: queries, sets: characterSets) }
  }

  init(configuration: Configuration, log: Logger) throws(SystemError) {
    let loop = try PollLoop()
    connector = MySQLConnector(database: configuration.database, name: configuration.name, loop: loop, log: log)
    try super.init(configuration: configuration, loop: loop, log: log)
  }

  override func term(_ found: Checkpoint?, _ sink: EtcdSink) throws(PipelineFailure) {
    let resumed = found?.phase == .sync && !mustDumpAll ? found : nil
    var source = try openSource(resuming: resumed)
    defer { source.queries.close() }
    let tables = MySQLTables()
    if let found = resumed {
      let checkpoint = try dumpWhatIsMissing(found, &source, tables, sink)
      try releaseFormerPrefixes(checkpoint, sink)
      try follow(checkpoint, source, tables, sink)
    } else {
      let checkpoint = try dumpAll(&source, tables, sink)
      try releaseFormerPrefixes(checkpoint, sink)
      if configuration.sync.dump == .only { return }
      // Known to be a place of this server: looking for GTIDs it would read what is before it in the file, which may be
      // what cannot be read.
      try follow(checkpoint, byFile: true, source, tables, sink)
    }
  }

  override func mark(forDump tables: [TableReference]) { mustDump.formUnion(tables) }

  var queryDeadline: Deadline { .after(.seconds(60)) }
}

extension PipelineFailure {
  static func source(_ error: MySQLError) -> PipelineFailure {
    .source(SourceError(description: "\(error)", isRefusal: error.isRefusal))
  }
}

extension MySQLError {
  /// "Access denied", "command denied", "Connections using insecure transport are prohibited".
  static let refusalCodes: Set<Int> = [1044, 1045, 1142, 1143, 1227, 1698, 3159]

  /// Trying again will not help: wrong password, a privilege that is missing, a server that is not what we need.
  var isRefusal: Bool {
    switch reason {
    case .server(let error): Self.refusalCodes.contains(error.code)
    case .refused: true
    case .malformed, .unexpected, .closed, .timedOut, .transport: false
    }
  }

  /// "ER_SOURCE_FATAL_ERROR_READING_BINLOG": the log is not there any more from where we want it.
  var isLogMissing: Bool { server?.code == 1236 && !isNumberTaken }

  /// "A replica with the same server_uuid/server_id as this replica has connected". MariaDB has a number of its own for
  /// it, 4052.
  var isNumberTaken: Bool {
    guard let server, server.code == 1236 || server.code == 4052 else { return false }
    return server.message.contains("same server_uuid/server_id") || server.message.contains("same server_id")
  }

  /// "Table doesn't exist", "Unknown database".
  var isAbsence: Bool { [1146, 1049].contains(server?.code) }

  /// "SELECT command denied to user … for table", "… for column": what is missing is of one table.
  var isTableDenied: Bool { [1142, 1143].contains(server?.code) }

  /// "Lock wait timeout exceeded".
  var isLockTimeout: Bool { server?.code == 1205 }

  /// "Deadlock found when trying to get lock": whoever has changed least is the one to give way.
  var isDeadlock: Bool { server?.code == 1213 }

  /// "Table definition has changed, please retry transaction", or the table or column is gone.
  var isDefinitionChanged: Bool { [1412, 1054, 1146].contains(server?.code) }
}

extension MySQLConfiguration {
  /// What tells one server's files from another's. MariaDB has no UUID: without GTIDs, where another server means that
  /// the position is lost, it is the number alone, which outlives a new host name.
  func fileOwner(_ facts: ServerFacts) -> String {
    usesGTIDs(facts) || !facts.serverUUID.isEmpty ? facts.logOwner : "\(facts.serverID)"
  }
}

extension ServerFacts {
  /// Whether it is called so with GTIDs or without.
  func isOwner(_ name: String) -> Bool { name == logOwner || serverUUID.isEmpty && name == "\(serverID)" }
}
