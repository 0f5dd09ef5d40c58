// SPDX-License-Identifier: Apache-2.0
internal import Postgres
internal import Wire

/// What `run` needs of PostgreSQL. Changes nothing there.
struct SourceCheck {
  let configuration: Configuration
  let connector: SourceConnector
  /// What etcd has, where it could be asked: from there `run` would go on.
  var checkpoint: Checkpoint?

  private var database: DatabaseConfiguration { configuration.database }
  private var deadline: Deadline { .after(.seconds(30)) }

  func findings() -> [Finding] {
    let connection: PostgresConnection
    do throws(PostgresError) {
      connection = try open()
    } catch {
      return [.problem("the database cannot be used: \(error)", mend(error))]
    }
    defer { connection.close() }
    var findings: [Finding] = []
    do throws(PostgresError) {
      let facts = try connection.serverFacts(deadline: deadline)
      findings += server(facts, connection)
      if facts.version >= 130_000, !facts.isInRecovery {
        findings += try slot(facts, connection)
        findings += try tables(facts, connection)
      }
    } catch {
      findings.append(.problem("the database does not answer our questions: \(error)", mend(error)))
    }
    return findings
  }

  /// To the server that `run` would follow: the first that is no standby, else the first of all.
  private func open() throws(PostgresError) -> PostgresConnection {
    var found = connector
    var standby: PostgresConnection?
    do throws(PostgresError) {
      return try found.findHost { (connector) throws(PostgresError) in
        let connection = try connector.open(.queries)
        let facts = try connection.serverFacts(deadline: deadline)
        if !facts.isInRecovery { return connection }
        standby = standby ?? connection
        throw PostgresError(.transport("the server is a standby"), peer: connection.peer)
      }
    } catch {
      if let standby { return standby }
      throw error
    }
  }

  private func mend(_ error: PostgresError) -> String {
    switch error.sqlState {
    case "28P01": "database: {password: …} with the password of the role \(database.user)"
    case "28000": "a line for the role \(database.user) in pg_hba.conf, then SELECT pg_reload_conf();"
    case "3D000": "database: {name: …} with the name of a database that exists"
    default: mendConnection(error)
    }
  }

  private func mendConnection(_ error: PostgresError) -> String {
    switch error.reason {
    case .transport(let text) where text.hasPrefix("TLS"):
      "database: {tls: {ca_path: …}} with the authority of the server's certificate, or another tls.mode"
    case .refused where database.tls.mode != .disable && database.tls.mode != .prefer:
      "database: {tls: {mode: prefer}}, or ssl = on at the server"
    case .transport, .refused, .malformed, .unexpected, .closed, .timedOut, .server:
      "database: {host: …, port: …} where a PostgreSQL server listens"
    }
  }

  // MARK: The server

  private func server(_ facts: ServerFacts, _ connection: PostgresConnection) -> [Finding] {
    var findings = [
      facts.version >= 130_000
        ? Finding.ok("PostgreSQL \(facts.versionText) at \(connection.peer)")
        : .problem("PostgreSQL \(facts.versionText) is too old", "an upgrade to PostgreSQL 13 or later")
    ]
    if facts.isInRecovery {
      findings.append(.problem("this server is a standby", "database: {host: …} with the primary's name"))
    }
    findings.append(
      facts.walLevel == "logical"
        ? .ok("wal_level is logical")
        : .problem(
          "wal_level is \(facts.walLevel)", "ALTER SYSTEM SET wal_level = 'logical'; and restart the server"))
    findings.append(
      facts.roleMayReplicate || facts.roleIsSuperuser
        ? .ok("the role \(facts.role) may replicate")
        : .problem("the role \(facts.role) has no REPLICATION", "ALTER ROLE \(SQLIdentifier(facts.role)) REPLICATION;"))
    let senders = facts.walSendersMax - facts.walSendersUsed
    findings.append(
      senders >= 1
        ? .ok("max_wal_senders is \(facts.walSendersMax), \(facts.walSendersUsed) in use")
        : .problem(
          "max_wal_senders is \(facts.walSendersMax), all in use",
          "ALTER SYSTEM SET max_wal_senders = \(facts.walSendersMax + 4); and restart the server"))
    return findings
  }

  private func slot(_ facts: ServerFacts, _ connection: PostgresConnection) throws(PostgresError) -> [Finding] {
    let name = database.postgres.slot
    let raise = "ALTER SYSTEM SET max_replication_slots = \(facts.replicationSlotsMax + 4); and restart the server"
    let free = facts.replicationSlotsMax - facts.replicationSlotsUsed
    let usage = "max_replication_slots is \(facts.replicationSlotsMax), \(facts.replicationSlotsUsed) in use"
    guard let slot = try connection.slot(name, deadline: deadline) else {
      if free < 1 { return [.problem(usage + ", none left for \(name)", raise)] }
      return [.ok(usage), try lostPosition(nil, connection) ?? .ok("the replication slot \(name) will be made")]
    }
    var findings = [
      free >= 1 ? Finding.ok(usage) : .warning(usage + ": none left to dump a table that is added", raise)
    ]
    let other = "database: {postgres: {slot: another_name}}"
    if slot.plugin != "pgoutput" || slot.database != facts.database {
      findings.append(
        .problem(
          "the replication slot \(name) is of plugin \(slot.plugin ?? "none") and database \(slot.database ?? "none")",
          other))
    } else if let lost = try lostPosition(slot, connection) {
      findings.append(lost)
    } else if let pid = slot.activePID {
      findings += try heldSlot(name, pid, connection)
    } else {
      findings.append(.ok("the replication slot \(name) is there"))
    }
    return findings
  }

  /// `run` would find that the slot does not have what comes after the checkpoint.
  private func lostPosition(
    _ slot: SlotDescription?, _ connection: PostgresConnection
  ) throws(PostgresError) -> Finding? {
    guard let checkpoint = configuration.continued(checkpoint) else { return nil }
    let texts =
      try connection.query(
        "SELECT (SELECT system_identifier FROM pg_catalog.pg_control_system()), pg_catalog.pg_current_wal_flush_lsn()",
        deadline: deadline
      ).rows.first ?? []
    guard texts.count == 2, let system = texts[0], let flushed = texts[1].flatMap({ LSN($0) }) else { return nil }
    let lost = checkpoint.reasonOfLoss(slot: slot, named: database.postgres.slot, system: system, flushed: flushed)
    return lost.map(configuration.findingOfLoss)
  }

  /// A slot that is in use: by a daemon of the same name, which is as it should be, or by somebody else.
  private func heldSlot(
    _ name: String, _ pid: Int32, _ connection: PostgresConnection
  ) throws(PostgresError) -> [Finding] {
    let holder = try connection.query(
      "SELECT application_name FROM pg_catalog.pg_stat_activity WHERE pid = \(pid)", deadline: deadline
    ).scalar
    if holder == "syncd \(configuration.name)", configuration.ha.isEnabled {
      return [.ok("the replication slot \(name) is in use by a running syncd (pid \(pid) of the server)")]
    }
    return [
      .problem(
        "the replication slot \(name) is held by another process (pid \(pid), application \(holder ?? "unknown"))",
        "SELECT pg_terminate_backend(\(pid)); or database: {postgres: {slot: another_name}}")
    ]
  }

  // MARK: Tables

  private func tables(_ facts: ServerFacts, _ connection: PostgresConnection) throws(PostgresError) -> [Finding] {
    let keeper = PublicationKeeper(database.postgres, log: connector.log)
    let choice = try TableChoice(configuration, keeper, on: connection, deadline: deadline)
    return configuration.findings(choice.chosen.map(\.reference), choice.problems, doubts: choice.doubts)
      + publication(keeper, choice, facts)
  }

  private func publication(_ keeper: PublicationKeeper, _ choice: TableChoice, _ facts: ServerFacts) -> [Finding] {
    let name = keeper.name
    let present = choice.publication
    let statements = keeper.statements(for: choice.chosen, present: present, serverVersion: facts.version)
    var findings: [Finding] = []
    if let present, present.isForAllTables {
      findings.append(.warning("the publication \(name) is FOR ALL TABLES: updates of tables without a key fail"))
    }
    let typed = statements.map { $0 + ";" }.joined(separator: " ")
    if statements.isEmpty { return findings + [.ok("the publication \(name) carries the chosen tables")] }
    if !keeper.mayChange {
      return findings + [.problem("the publication \(name) does not carry the chosen tables", typed)]
    }
    let role = SQLIdentifier(facts.role)
    if present == nil, !facts.roleMayCreate {
      findings.append(
        .problem(
          "the role \(facts.role) may not create the publication",
          "GRANT CREATE ON DATABASE \(SQLIdentifier(facts.database)) TO \(role);"))
    } else if let present, !present.isOwned {
      findings.append(
        .problem(
          "the role \(facts.role) does not own the publication \(name)",
          "ALTER PUBLICATION \(SQLIdentifier(name)) OWNER TO \(role);"))
    } else {
      findings.append(.ok("the publication \(name) will be brought in step"))
    }
    return findings
  }
}
