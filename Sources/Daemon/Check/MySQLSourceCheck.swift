// SPDX-License-Identifier: Apache-2.0
internal import MySQL
internal import Wire

/// What `run` needs of MySQL or MariaDB. Changes nothing there.
struct MySQLSourceCheck {
  let configuration: Configuration
  let connector: MySQLConnector
  /// What etcd has, where it could be asked: from there `run` would go on.
  var checkpoint: Checkpoint?
  /// Tables whose rows etcd has.
  var followed: [TableReference] = []

  private var database: DatabaseConfiguration { configuration.database }
  private var deadline: Deadline { .after(.seconds(60)) }

  func findings() -> [Finding] {
    let connection: MySQLConnection
    do throws(MySQLError) {
      connection = try open()
    } catch {
      return [.problem("the database cannot be used: \(error)", mend(error))]
    }
    defer { connection.close() }
    var findings: [Finding] = []
    do throws(MySQLError) {
      let facts = try connection.serverFacts(deadline: deadline)
      let server = MySQLServerFindings(facts: facts, database: database)
      findings.append(server.version(at: connection.peer))
      guard server.isNewEnough else { return findings }
      findings += server.log(isApplying: try connection.isApplying(deadline: deadline))
      findings += server.positions()
      findings += try number(facts, connection)
      findings += try position(facts, connection)
      findings += try tables(facts, connection)
    } catch {
      findings.append(.problem("the database does not answer our questions: \(error)", mend(error)))
    }
    if database.mysql.dump == .mysqldump { findings.append(tool(connection.server.flavor)) }
    return findings
  }

  /// To the server that `run` would follow: the first that has what comes after the checkpoint, else the first of all.
  private func open() throws(MySQLError) -> MySQLConnection {
    var first: MySQLConnection?
    var failure: MySQLError?
    var connector = connector
    for host in database.hosts {
      connector.host = host
      do throws(MySQLError) {
        let connection = try connector.open(.queries)
        // What it does not answer is told later.
        guard let facts = try? connection.serverFacts(deadline: deadline),
          (try? reasonOfLoss(facts, connection)) != nil
        else { return connection }
        first = first ?? connection
      } catch {
        guard error.isWorthAnotherHost else { throw error }
        failure = error
      }
    }
    if let first { return first }
    guard let failure else { preconditionFailure("no host is configured") }
    throw failure
  }

  private func mend(_ error: MySQLError) -> String {
    switch error.server?.code {
    case 1045, 1698:
      let account = "database: {user: …, password: …} of an account that may log in from here"
      guard database.tls.certificatePath.isEmpty else { return account }
      return account + "; of one that must show a certificate, tls: {certificate_path: …, key_path: …}"
    case 1044, 1142, 1143, 1227: return "GRANT …, as said"
    case 1275, 3159: return "database: {tls: {mode: require}}"
    case 1820, 1862:
      return "ALTER USER … IDENTIFIED BY '…'; for the account, and the same password in database: {password: …}"
    case 3118, 4151: return "ALTER USER … ACCOUNT UNLOCK; for the account"
    case 1049: return "database: {name: …} with the name of a schema that exists"
    default: break
    }
    switch error.reason {
    case .transport(let text) where text.contains("refuses our certificate"):
      return "database: {tls: {certificate_path: …, key_path: …}} of a certificate that the server accepts"
    case .transport(let text) where text.hasPrefix("TLS"):
      return "database: {tls: {ca_path: …}} with the authority of the server's certificate, or another tls.mode"
    case .refused(let text) where text.contains("without TLS"): return "database: {tls: {mode: require}}"
    case .refused where database.tls.mode != .disable && database.tls.mode != .prefer:
      return "database: {tls: {mode: prefer}}, or TLS at the server"
    case .transport, .refused, .malformed, .unexpected, .closed, .timedOut, .server:
      return "database: {host: …, port: …} where a MySQL or MariaDB server listens"
    }
  }

  // MARK: Our number and our place

  /// "two replicas of the same number": the server would end the older one's connection, for ever in turn.
  private func number(_ facts: ServerFacts, _ connection: MySQLConnection) throws(MySQLError) -> [Finding] {
    if facts.serverID == 0 {
      return [.problem("the server's server_id is 0: it sends its log to nobody", "SET PERSIST server_id = 1;")]
    }
    let given = database.mysql.serverID
    let number = given == 0 ? MySQLReplicator.derivedNumber(configuration.name) : given
    if number == facts.serverID {
      return [
        .problem("server_id \(number) is the server's own", "database: {mysql: {server_id: another_number}}")
      ]
    }
    let ours = "syncd/\(configuration.name)"
    guard let holder = try connection.replicas(deadline: deadline).first(where: { $0.serverID == number }) else {
      return [.ok("server_id \(number) is free")]
    }
    if holder.host == ours { return [.ok("server_id \(number) is in use by a running syncd of this name")] }
    if given == 0 { return [.ok("server_id \(number) is in use by \(holder.host): another will be taken")] }
    return [
      .problem(
        "server_id \(number) is in use by another replica (\(holder.host))",
        "database: {mysql: {server_id: another_number}}")
    ]
  }

  private func position(_ facts: ServerFacts, _ connection: MySQLConnection) throws(MySQLError) -> [Finding] {
    guard configuration.continued(checkpoint) != nil else { return [] }
    do throws(MySQLError) {
      let lost = try reasonOfLoss(facts, connection)
      return [lost.map(configuration.findingOfLoss) ?? .ok("the log has what comes after the checkpoint")]
    } catch {
      // Without the privilege for it, which another line tells, or without a log.
      if error.server != nil { return [] }
      throw error
    }
  }

  private func reasonOfLoss(_ facts: ServerFacts, _ connection: MySQLConnection) throws(MySQLError) -> String? {
    guard let checkpoint = configuration.continued(checkpoint) else { return nil }
    let extent = try connection.logExtent(deadline: deadline)
    return checkpoint.reasonOfLoss(facts, extent, usesGTIDs: database.mysql.usesGTIDs(facts))
  }

  // MARK: Tables and privileges

  private func tables(_ facts: ServerFacts, _ connection: MySQLConnection) throws(MySQLError) -> [Finding] {
    let collations = try connection.collations(deadline: deadline)
    let catalogue = try connection.catalogue(schemas: database.names, collations: collations, deadline: deadline)
    let chooser = MySQLTableChooser(
      tables: configuration.tables, sync: configuration.sync, path: configuration.etcd.path,
      rowImage: facts.rowImage)
    let (chosen, problems) = chooser.choose(catalogue.tables)
    let privileges = MySQLPrivilegeFindings(
      grants: try connection.grants(deadline: deadline), account: try connection.account(deadline: deadline),
      facts: facts, dump: database.mysql.dump)
    var findings = privileges.server()
    findings += privileges.connections(limit: try connection.connectionLimit(deadline: deadline))
    findings += privileges.tables(chosen.map(\.description.name))
    findings += database.names.filter { catalogue.schemaCollations[$0] == nil }.map { schema in
      .problem("there is no schema \(schema), or we may see nothing of it", privileges.grantOfSchema(schema))
    }
    let doubts =
      chooser.namesOfNothing(among: chosen, problems) + chooser.unguardedKeys(among: chosen)
      + chooser.versionedTables(catalogue.tables)
    findings += try hidden(behind: catalogue, privileges, connection)
    findings += configuration.findings(chosen.map(\.reference), problems, doubts: doubts)
    if catalogue.isTruncated {
      findings.append(
        .warning("there are more than \(SchemaCatalogue.tablesMax) tables: the rest is not seen", "database: {name: …}")
      )
    }
    return findings + chosen.flatMap { MySQLServerFindings.doubts(of: $0, facts) }
  }

  /// The catalogue shows nobody what they may not read.
  private func hidden(
    behind catalogue: SchemaCatalogue, _ privileges: MySQLPrivilegeFindings, _ connection: MySQLConnection
  ) throws(MySQLError) -> [Finding] {
    let visible = Set(catalogue.tables.map { TableReference($0.name) })
    var findings = database.names.filter { schema in
      catalogue.schemaCollations[schema] != nil && !visible.contains { $0.schema == schema }
        && !privileges.grants.allow("SELECT", on: TableName(schema, ""))
    }.map(privileges.nothingVisible)
    for table in followed where !visible.contains(table) && configuration.chooses(table) {
      do throws(MySQLError) {
        try connection.readNothing(of: table, deadline: deadline)
      } catch {
        guard error.server != nil else { throw error }
        if !error.isAbsence { findings.append(privileges.unreadable(table, error)) }
      }
    }
    return findings
  }

  private func tool(_ flavor: ServerFlavor) -> Finding {
    do throws(MySQLDumpToolError) {
      let program = try MySQLDumpProgram.find(
        flavor == .mariaDB ? .mariadb : .mysql, loop: connector.loop, deadline: .after(.seconds(10)))
      if let limit = try? connector.rowLimit(deadline: deadline) {
        let (text, mend) = MySQLDumpTool.refusal(ofRowLimit: limit)
        return .problem(text, mend)
      }
      return .ok("dumps are made by \(program.text)")
    } catch {
      return .problem("\(error)", "database: {mysql: {dump: native}}")
    }
  }
}
