// SPDX-License-Identifier: Apache-2.0
public import Wire

// Who keeps us from tables, as far as we may see it: for an operator, who can end them.
extension MySQLConnection {
  /// The sessions that hold these tables, one text each. Where the server keeps no account of that, they are those that
  /// may: open transactions, and, where a table is in use, whoever has been there for longest.
  ///
  /// - Parameter ours: connections of our own, which are none of them.
  public func lockHolders(
    of tables: [TableName], besides ours: [UInt32], deadline: Deadline
  ) throws(MySQLError) -> [String] {
    let numbers = ([connectionID] + ours).map { "\($0)" }.joined(separator: ", ")
    // Not everywhere, and not for everyone.
    let known = try? query(holders(of: tables, besides: numbers), deadline: deadline)
    if let known, !known.rows.isEmpty { return known.texts.map { Self.session($0) } }
    let transactions = try query(
      """
      SELECT t.trx_mysql_thread_id, p.USER, p.HOST, TIMESTAMPDIFF(SECOND, t.trx_started, NOW()) \
      FROM information_schema.INNODB_TRX t LEFT JOIN information_schema.PROCESSLIST p \
      ON p.ID = t.trx_mysql_thread_id WHERE t.trx_mysql_thread_id NOT IN (\(numbers)) ORDER BY t.trx_started LIMIT 3
      """, deadline: deadline
    ).texts.map { Self.session($0) }
    let inUse = try tablesInUse(among: tables, deadline: deadline)
    guard !inUse.isEmpty else { return transactions }
    let schemas = Set(tables.map(\.schema)).sorted().map { SQLLiteral($0).description }.joined(separator: ", ")
    let suspects = try query(
      """
      SELECT ID, USER, HOST, TIME FROM information_schema.PROCESSLIST WHERE ID NOT IN (\(numbers)) \
      AND COMMAND IN ('Sleep', 'Query', 'Execute') AND COALESCE(STATE, '') NOT LIKE 'Waiting for %lock%' \
      ORDER BY COALESCE(DB IN (\(schemas)), 0) DESC, TIME DESC LIMIT 3
      """, deadline: deadline)
    let names = inUse.prefix(3).map(\.description).joined(separator: ", ")
    return transactions + suspects.texts.map { "perhaps (\(names) is in use) \(Self.session($0))" }
  }

  /// Who holds a table, also without a transaction (LOCK TABLES): MySQL's performance schema and a plugin of MariaDB's
  /// know.
  private func holders(of tables: [TableName], besides numbers: String) -> String {
    func list(_ schema: String, _ name: String) -> String {
      let pairs = tables.map { "(\(SQLLiteral($0.schema)), \(SQLLiteral($0.name)))" }.joined(separator: ", ")
      return "(\(schema), \(name)) IN (\(pairs))"
    }
    if server.flavor == .mariaDB {
      return """
        SELECT DISTINCT p.ID, p.USER, p.HOST, p.TIME FROM information_schema.METADATA_LOCK_INFO h \
        JOIN information_schema.PROCESSLIST p ON p.ID = h.THREAD_ID WHERE h.LOCK_MODE IN ('MDL_SHARED_NO_READ_WRITE', \
        'MDL_SHARED_NO_WRITE', 'MDL_SHARED_UPGRADABLE', 'MDL_EXCLUSIVE') AND p.ID NOT IN (\(numbers)) \
        AND \(list("h.TABLE_SCHEMA", "h.TABLE_NAME")) LIMIT 3
        """
    }
    return """
      SELECT DISTINCT p.ID, p.USER, p.HOST, p.TIME FROM performance_schema.metadata_locks h \
      JOIN performance_schema.threads s ON s.THREAD_ID = h.OWNER_THREAD_ID \
      JOIN information_schema.PROCESSLIST p ON p.ID = s.PROCESSLIST_ID \
      WHERE h.OBJECT_TYPE = 'TABLE' AND h.LOCK_STATUS = 'GRANTED' AND p.ID NOT IN (\(numbers)) \
      AND h.LOCK_TYPE IN ('SHARED_WRITE', 'SHARED_NO_READ_WRITE', 'EXCLUSIVE', 'SHARED_UPGRADABLE') \
      AND \(list("h.OBJECT_SCHEMA", "h.OBJECT_NAME")) LIMIT 3
      """
  }

  /// Of LOCK TABLES or of a statement that runs; a transaction between two statements uses none.
  private func tablesInUse(among tables: [TableName], deadline: Deadline) throws(MySQLError) -> [TableName] {
    var found: [TableName] = []
    for schema in Set(tables.map(\.schema)).sorted() {
      let rows = try query("SHOW OPEN TABLES FROM \(SQLIdentifier(schema)) WHERE In_use > 0", deadline: deadline).texts
      let names = Set(rows.compactMap { $0.count > 1 ? $0[1] : nil })
      found += tables.filter { $0.schema == schema && names.contains($0.name) }
    }
    return found
  }

  private static func session(_ row: [String?]) -> String {
    let fields = (row + [nil, nil, nil, nil]).prefix(4).map { $0 ?? "?" }
    return "connection \(fields[0]) of \(fields[1])@\(fields[2]), open for \(fields[3]) s"
  }
}
