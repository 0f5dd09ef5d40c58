// SPDX-License-Identifier: Apache-2.0

/// The server's own answer, column by column: each type is asked for in the SQL that shows it without loss, always as
/// hexadecimal digits of UTF-8, of bytes or of what lies in the column; `MySQLValueText` makes JSON of them.
extension TestSchema: SourceDatabase {
  public var configuration: [String: String] {
    [
      "driver": server.isMariaDB ? "mariadb" : "mysql", "host": "127.0.0.1", "port": "\(server.server.port)",
      "user": TestMySQL.role, "password": TestMySQL.password, "name": "[\(names.joined(separator: ", "))]",
      "retry_period": "200ms",
    ]
  }

  public var defaultSchema: String { name }

  public func expectedRows(_ oracle: RowOracle) throws -> [(key: String, value: String)] {
    let tables = try catalogue(oracle)
    guard !tables.isEmpty else { return [] }
    // One session, and one moment for all tables.
    let queries = tables.enumerated().map { $0.element.query(number: $0.offset) }
    let script = "SET sql_mode = '';\nSTART TRANSACTION WITH CONSISTENT SNAPSHOT;\n" + queries.joined(separator: ";\n")
    return try server.sql(script).split(separator: "\n").map { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard let number = Int(fields[0]) else { throw CommandError(description: "the row of no table: \(line)") }
      return try tables[number].row(fields.dropFirst(), oracle)
    }
  }

  private struct Table {
    let schema: String
    let name: String
    var columns: [Column] = []
    /// Names in key order.
    var key: [String] = []

    func query(number: Int) -> String {
      let expressions = columns.map(\.expression).joined(separator: ", ")
      return "SELECT \(number), \(expressions) FROM \(quoted(schema)).\(quoted(name))"
    }

    func row(_ fields: ArraySlice<Substring>, _ oracle: RowOracle) throws -> (key: String, value: String) {
      guard fields.count == columns.count else { throw CommandError(description: "\(name) has another row") }
      var members: [String] = []
      var components: [String: String] = [:]
      for (column, field) in zip(columns, fields) {
        let value = field == "NULL" ? .null : try column.kind.value(field)
        if !column.isExcluded { members.append(MySQLValueText.string(column.name).json + ":" + value.json) }
        components[column.name] = value.keyText
      }
      let value = "{" + members.joined(separator: ",") + "}"
      return (oracle.key(schema, name, key.compactMap { components[$0] }), value)
    }
  }

  private struct Column {
    let name: String
    let kind: MySQLColumnKind
    let isExcluded: Bool

    /// What is left out is not read either: it may be too large for etcd, and for us.
    var expression: String { isExcluded ? "NULL" : kind.expression(quoted(name)) }
  }

  private func catalogue(_ oracle: RowOracle) throws -> [Table] {
    let json = try jsonColumns()
    var tables: [String: Table] = [:]
    var order: [String] = []
    for row in try server.rows(catalogueQuery) {
      let (schema, name, column, type) = (row[0], row[1], row[2], row[3])
      let full = "\(schema).\(name)"
      if let chosen = oracle.tables, !chosen.contains(full) { continue }
      if tables[full] == nil { order.append(full) }
      let kind = json.contains("\(full).\(column)") ? .json : try MySQLColumnKind(type: type)
      tables[full, default: Table(schema: schema, name: name)].columns.append(
        Column(name: column, kind: kind, isExcluded: oracle.excludedColumns.contains("\(full).\(column)")))
    }
    for row in try server.rows(keyQuery) { tables["\(row[0]).\(row[1])"]?.key.append(row[2]) }
    for (table, key) in oracle.keys { tables[table]?.key = key }
    return order.compactMap { tables[$0] }.filter { !$0.key.isEmpty }
  }

  private var schemaList: String { names.map { "'\($0)'" }.joined(separator: ", ") }

  private var catalogueQuery: String {
    """
    SELECT c.table_schema, c.table_name, c.column_name, c.data_type
    FROM information_schema.columns c
    JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
    WHERE c.table_schema IN (\(schemaList)) AND t.table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')
    ORDER BY c.table_schema, c.table_name, c.ordinal_position
    """
  }

  private var keyQuery: String {
    """
    SELECT table_schema, table_name, column_name FROM information_schema.statistics
    WHERE table_schema IN (\(schemaList)) AND index_name = 'PRIMARY'
    ORDER BY table_schema, table_name, seq_in_index
    """
  }

  /// MariaDB's JSON is a text with a condition.
  private func jsonColumns() throws -> Set<String> {
    guard server.isMariaDB else { return [] }
    let clauses = try server.rows(
      """
      SELECT constraint_schema, table_name, check_clause FROM information_schema.check_constraints
      WHERE constraint_schema IN (\(schemaList)) AND lower(check_clause) LIKE 'json_valid(`%`)'
      """)
    return Set(clauses.map { "\($0[0]).\($0[1]).\($0[2].dropFirst(12).dropLast(2))" })
  }
}

private func quoted(_ name: String) -> String {
  var quoted = "`"
  for character in name { quoted += character == "`" ? "``" : String(character) }
  return quoted + "`"
}
