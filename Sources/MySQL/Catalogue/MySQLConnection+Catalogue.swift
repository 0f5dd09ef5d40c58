// SPDX-License-Identifier: Apache-2.0
public import Wire

extension TextResult {
  /// The values as text.
  public var texts: [[String?]] {
    rows.map { row in row.map { value in value.map { String(decoding: $0, as: UTF8.self) } } }
  }
}

// What a connection tells of its server and of its tables.
extension MySQLConnection {
  public func serverFacts(deadline: Deadline) throws(MySQLError) -> ServerFacts {
    ServerFacts(rows: try query(ServerFacts.query, deadline: deadline).texts)
  }

  public func collations(deadline: Deadline) throws(MySQLError) -> CollationDirectory {
    CollationDirectory(rows: try query(CollationDirectory.query(server), deadline: deadline).texts)
  }

  /// Nil where nothing is logged.
  public func logStatus(deadline: Deadline) throws(MySQLError) -> BinaryLogStatus? {
    try query(BinaryLogStatus.query(server), deadline: deadline).texts.first.flatMap(BinaryLogStatus.init)
  }

  public func logFiles(deadline: Deadline) throws(MySQLError) -> [BinaryLogFile] {
    try query(BinaryLogFile.query, deadline: deadline).texts.compactMap(BinaryLogFile.init)
  }

  /// MariaDB: the last transaction of each domain before a place in the log. Nil where there is no such file; empty
  /// where nothing was logged before.
  public func gtids(
    at position: BinlogFilePosition, deadline: Deadline
  ) throws(MySQLError) -> MariaDBGTIDPosition? {
    try query(
      "SELECT BINLOG_GTID_POS(\(SQLLiteral(position.file)), \(position.offset))", deadline: deadline
    ).scalar.flatMap { MariaDBGTIDPosition($0) }
  }

  /// MariaDB: where the log stands for what this session sees now, in a transaction or outside one.
  public func snapshotPosition(deadline: Deadline) throws(MySQLError) -> BinlogFilePosition {
    let rows = try query("SHOW STATUS LIKE 'binlog_snapshot_%'", deadline: deadline).texts
    let values = Dictionary(
      rows.map { (($0.first ?? nil)?.lowercased() ?? "", $0.last ?? nil) }, uniquingKeysWith: { first, _ in first })
    guard let file = values["binlog_snapshot_file"] ?? nil,
      let offset = (values["binlog_snapshot_position"] ?? nil).flatMap(UInt64.init)
    else { throw MySQLError(.refused("the server tells no position of a snapshot"), peer: peer) }
    return BinlogFilePosition(file: file, offset: offset)
  }

  /// MariaDB: how many commits wait for a semi-synchronous replica, perhaps before they are visible.
  public func commitsWaiting(deadline: Deadline) throws(MySQLError) -> Int {
    let status = try query("SHOW GLOBAL STATUS LIKE 'Rpl_semi_sync_master_wait_sessions'", deadline: deadline)
    return status.text(row: 0, column: 1).flatMap { Int($0) } ?? 0
  }

  /// Empty also where we may not ask: MariaDB wants REPLICATION MASTER ADMIN for it.
  public func replicas(deadline: Deadline) throws(MySQLError) -> [ConnectedReplica] {
    do throws(MySQLError) {
      return try query(ConnectedReplica.query(server), deadline: deadline).texts.compactMap(ConnectedReplica.init)
    } catch {
      // "Access denied; you need (at least one of) the … privilege(s) for this operation"
      if error.server?.code == 1227 { return [] }
      throw error
    }
  }

  /// Whether the server applies the log of another one now; false also where we may not ask (MySQL: without REPLICATION
  /// CLIENT).
  public func isApplying(deadline: Deadline) throws(MySQLError) -> Bool {
    if server.flavor == .mariaDB {
      let status = try query("SHOW GLOBAL STATUS LIKE 'Slaves_running'", deadline: deadline)
      return status.text(row: 0, column: 1) != "0"
    }
    let word = server.isAtLeast(.mysql, 80_022) ? "REPLICA" : "SLAVE"
    do throws(MySQLError) {
      let status = try query("SHOW \(word) STATUS", deadline: deadline)
      guard let column = status.columns.firstIndex(where: { $0.hasSuffix("_SQL_Running") }) else { return false }
      return status.texts.contains { $0[column] == "Yes" }
    } catch {
      if error.server?.code == 1227 { return false }
      throw error
    }
  }

  /// What our account may do.
  public func grants(deadline: Deadline) throws(MySQLError) -> Grants {
    Grants(try query(Grants.query, deadline: deadline).texts.compactMap { $0.first ?? nil })
  }

  /// - Parameter schemas: all but the server's own if it is empty.
  public func catalogue(
    schemas: [String], collations: CollationDirectory, deadline: Deadline
  ) throws(MySQLError) -> SchemaCatalogue {
    var answers: [[[String?]]] = []
    for statement in SchemaCatalogue.queries(schemas: schemas, version: server) {
      answers.append(try query(statement, deadline: deadline).texts)
    }
    var catalogue = SchemaCatalogue(answers: answers, version: server, collations: collations)
    for table in catalogue.tablesWithUnknownRules {
      // If it does not tell, the rules stay unknown, which counts as a cascade.
      guard let text = try createTable(table, deadline: deadline) else { continue }
      catalogue.setForeignKeys(of: table, fromCreateTable: text, server)
    }
    return catalogue
  }

  /// Nil where the table has been dropped, or is not for us to see.
  private func createTable(_ table: TableName, deadline: Deadline) throws(MySQLError) -> String? {
    do throws(MySQLError) {
      return try query("SHOW CREATE TABLE \(SQLIdentifier(table))", deadline: deadline).text(row: 0, column: 1)
    } catch {
      guard error.server != nil else { throw error }
      return nil
    }
  }

  /// Tables of other schemas whose rows those of the catalogue follow by foreign keys, and those that these follow, as
  /// far as we may see them.
  public func parents(
    beyond catalogue: SchemaCatalogue, collations: CollationDirectory, deadline: Deadline
  ) throws(MySQLError) -> [TableDescription] {
    var known = Set(catalogue.tables.map(\.name))
    var found: [TableDescription] = []
    var waiting = catalogue.tables.flatMap(\.followedTables)
    while let parent = waiting.popLast() {
      guard known.insert(parent).inserted, let text = try createTable(parent, deadline: deadline) else { continue }
      let table = TableDescription(parent, createTable: text, server, collations)
      waiting += table.followedTables
      found.append(table)
    }
    return found
  }

  /// By parent: columns that foreign keys of tables in these schemas refer to, in lower case.
  public func referencedColumns(
    schemas: [String], deadline: Deadline
  ) throws(MySQLError) -> [TableName: Set<String>] {
    let list = schemas.map { SQLLiteral($0).description }.joined(separator: ", ")
    let rows = try query(
      """
      SELECT REFERENCED_TABLE_SCHEMA, REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME \
      FROM information_schema.KEY_COLUMN_USAGE \
      WHERE REFERENCED_TABLE_NAME IS NOT NULL AND TABLE_SCHEMA IN (\(list))
      """, deadline: deadline
    ).texts
    return rows.reduce(into: [:]) { columns, row in
      guard let schema = row[0], let table = row[1], let column = row[2] else { return }
      columns[TableName(schema, table), default: []].insert(column.lowercased())
    }
  }
}
