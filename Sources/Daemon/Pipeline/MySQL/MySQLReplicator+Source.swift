// SPDX-License-Identifier: Apache-2.0
internal import Etcd
internal import Logging
internal import MySQL
internal import Wire

// The source as it is found: what server it is, its tables, and whether its log still has what we need.
extension MySQLReplicator {
  func openSource() throws(MySQLError) -> Source {
    let queries = try connector.open(.queries)
    do throws(MySQLError) {
      let facts = try queries.serverFacts(deadline: queryDeadline)
      try refuse(facts, queries)
      let collations = try queries.collations(deadline: queryDeadline)
      let place = try presentPlace(queries, facts)
      log.info(
        "connected",
        metadata: ["source": "\(queries.peer)", "version": "\(facts.versionText)", "etcd": "\(client.endpoint)"])
      return Source(
        queries: queries, facts: facts, collations: collations,
        characterSets: characterSets(collations), lookedAt: place,
        serverUUID: configuration.database.mysql.fileOwner(facts))
    } catch {
      queries.close()
      throw error
    }
  }

  private func characterSets(_ collations: CollationDirectory) -> CharacterSets {
    CharacterSets(
      collations.all.map {
        CharacterSets.Row(collation: $0.id, name: $0.characterSet, bytesMax: $0.bytesPerCharacterMax)
      })
  }

  /// What no replica could follow.
  private func refuse(_ facts: ServerFacts, _ queries: MySQLConnection) throws(MySQLError) {
    let version = facts.version
    let oldest = version.flavor == .mysql ? 80_000 : 100_500
    var refusal: String?
    if version.number < oldest {
      refusal = "\(version) is too old: MySQL 8.0 or MariaDB 10.5 is needed"
    } else if !facts.isLogging {
      refusal = "log_bin is OFF; write in the server's configuration: log_bin = binlog, and restart it"
    } else if configuration.database.mysql.gtid == .on, version.flavor == .mysql, facts.gtidMode != "ON" {
      refusal = "gtid_mode is \(facts.gtidMode); turn it on, or set database.mysql.gtid: auto"
    }
    if let refusal { throw MySQLError(.refused(refusal), peer: queries.peer) }
    try refuseSilence(facts, queries)
  }

  /// What a server does as a replica is not in its log by default (MariaDB): its tables would change without a word.
  func refuseSilence(_ facts: ServerFacts, _ queries: MySQLConnection) throws(MySQLError) {
    guard !facts.logsReplicatedChanges, try queries.isApplying(deadline: queryDeadline) else { return }
    let text =
      "it is a replica that does not log what it applies; write log_slave_updates = ON in its configuration "
      + "and restart it, or follow its source"
    throw MySQLError(.refused(text), peer: queries.peer)
  }

  /// Whether positions are kept as GTIDs.
  func usesGTIDs(_ facts: ServerFacts) -> Bool {
    configuration.database.mysql.usesGTIDs(facts)
  }

  /// Where the server writes now.
  func presentPlace(_ connection: MySQLConnection, _ facts: ServerFacts) throws(MySQLError) -> LogPlace {
    guard let status = try connection.logStatus(deadline: queryDeadline) else {
      throw MySQLError(.refused("the server tells no position of its binary log"), peer: connection.peer)
    }
    let position = BinlogFilePosition(file: status.file, offset: status.position)
    return try place(position, executed: status.gtidExecuted, connection, facts)
  }

  /// A position of this server with its GTIDs.
  func place(
    _ position: BinlogFilePosition, executed: String, _ connection: MySQLConnection, _ facts: ServerFacts
  ) throws(MySQLError) -> LogPlace {
    var place = LogPlace(
      executed: .unknown, position: position, serverUUID: configuration.database.mysql.fileOwner(facts))
    guard usesGTIDs(facts) else { return place }
    switch facts.version.flavor {
    case .mysql:
      guard let set = GTIDSet(executed) else {
        throw MySQLError(.refused("gtid_executed is no set of GTIDs"), peer: connection.peer)
      }
      place.executed = .mysql(set)
    case .mariaDB:
      guard let gtids = try connection.gtids(at: position, deadline: queryDeadline) else {
        let remedy = "it cannot read that file; begin another one: FLUSH BINARY LOGS"
        throw MySQLError(.refused("the server tells no GTID of \(position): \(remedy)"), peer: connection.peer)
      }
      place.executed = .mariaDB(gtids)
    }
    return place
  }

  // MARK: Tables

  /// The chosen tables, as the catalogue has them now. Tables that are chosen and cannot be followed end a run that has
  /// not begun.
  ///
  /// - Parameter held: tables whose definitions do not change while the catalogue is read.
  func chooseTables(
    _ source: inout Source, holding held: [TableReference] = []
  ) throws(PipelineFailure) -> [MySQLChosenTable] {
    let (chosen, problems) = try chosenTables(&source, holding: held)
    try judge(problems, among: chosen.map(\.reference))
    unfollowed = Set(problems.map(\.reference))
    return chosen
  }

  private func chosenTables(
    _ source: inout Source, holding held: [TableReference]
  ) throws(PipelineFailure) -> ([MySQLChosenTable], [TableProblem]) {
    let chooser = MySQLTableChooser(
      tables: configuration.tables, sync: configuration.sync, path: configuration.etcd.path,
      rowImage: source.facts.rowImage)
    var held = held
    do throws(MySQLError) {
      source.lookedAt = try presentPlace(source.queries, source.facts)
      while true {
        let refused = try deniedTables(source.queries)
        try hold(held, source)
        source.catalogue = try source.queries.catalogue(
          schemas: configuration.database.names, collations: source.collations, deadline: queryDeadline)
        try release(held, source)
        let denied = Set(refused.map(\.reference))
        let visible = source.catalogue.tables.filter { !denied.contains(TableReference($0.name)) }
        let (chosen, problems) = chooser.choose(visible)
        // The catalogue is read by several queries: a table that is altered in between looks like none that ever was.
        let doubtful = problems.map(\.reference).filter { !held.contains($0) }
        if doubtful.isEmpty {
          tell(
            chooser.namesOfNothing(among: chosen, problems + refused) + chooser.unguardedKeys(among: chosen)
              + chooser.versionedTables(source.catalogue.tables))
          return (chosen, problems + refused)
        }
        held += doubtful
      }
    } catch {
      guard error.isLockTimeout else { throw refusal(error, of: held, source.queries) }
      tellLockHolders(of: held.map { TableName($0.schema, $0.table) }, besides: source.queries, source)
      throw .startOver("a table is locked or being altered")
    }
  }

  /// Begins a transaction that has read these tables, if they are there: until it ends they are not altered. It fails
  /// where one of them may not be read in whole, of which the catalogue would show a part.
  private func hold(_ tables: [TableReference], _ source: Source) throws(MySQLError) {
    if tables.isEmpty { return }
    // Whoever alters a table at this moment is not waited for: others would wait behind us.
    try source.queries.query("SET SESSION lock_wait_timeout = 2", deadline: queryDeadline)
    try source.queries.query("START TRANSACTION", deadline: queryDeadline)
    for table in tables {
      do throws(MySQLError) {
        try source.queries.readNothing(of: table, deadline: queryDeadline)
      } catch {
        guard error.isAbsence else { throw error }
      }
    }
  }

  /// Ends what `hold` has begun.
  private func release(_ tables: [TableReference], _ source: Source) throws(MySQLError) {
    if tables.isEmpty { return }
    try source.queries.query("COMMIT", deadline: queryDeadline)
    try source.queries.query("SET SESSION lock_wait_timeout = DEFAULT", deadline: queryDeadline)
  }

  // MARK: Our number

  /// Our `server_id` among the replicas of this server: the one that is set, or one that follows from our name.
  func replicaNumber(_ source: Source) throws(PipelineFailure) -> UInt32 {
    let given = configuration.database.mysql.serverID
    var replicas: [ConnectedReplica] = []
    do throws(MySQLError) {
      replicas = try source.queries.replicas(deadline: queryDeadline)
    } catch {
      // "REPLICATION MASTER ADMIN" (MariaDB), which a replica does not need: the number is not checked then.
      guard error.server?.code == 1227 else { throw .source(error) }
      log.debug("the server does not show its replicas", metadata: ["error": "\(error)"])
    }
    let isFree = { [self] (number: UInt32) in
      number != source.facts.serverID && !replicas.contains { $0.serverID == number && $0.host != replicaHost }
    }
    if given != 0 {
      if isFree(given) { return given }
      let holder = replicas.first { $0.serverID == given }?.host ?? "the server itself"
      throw .stop(
        .heldElsewhere, "The server_id \(given) is in use (by \(holder)): set another database.mysql.server_id")
    }
    for attempt in 0..<16 {
      let number = Self.derivedNumber("\(configuration.name)\(attempt == 0 ? "" : "/\(attempt)")")
      if isFree(number) { return number }
    }
    throw .stop(.heldElsewhere, "No free server_id was found: set database.mysql.server_id")
  }

  /// How we are called in the server's list of replicas: it tells our own former connection from another's.
  var replicaHost: String { "syncd/\(configuration.name)" }

  /// FNV-1a, within the upper half of the numbers, where operators give none by hand.
  static func derivedNumber(_ name: String) -> UInt32 {
    var hash: UInt32 = 2_166_136_261
    for byte in name.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
    return hash | 0x8000_0000
  }
}
