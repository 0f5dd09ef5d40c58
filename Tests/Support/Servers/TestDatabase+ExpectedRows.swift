// SPDX-License-Identifier: Apache-2.0

/// PostgreSQL's own answer: `row_to_json` in a session with fixed settings gives the value, `to_json` of the key
/// columns the key.
extension TestDatabase: SourceDatabase {
  public var configuration: [String: String] {
    [
      "driver": "pgx", "host": "127.0.0.1", "port": "\(postgres.server.port)", "user": TestPostgres.role,
      "password": TestPostgres.password, "name": name, "retry_period": "200ms",
      "postgres": "{slot: \(name), publication: \(name)}",
    ]
  }

  public var defaultSchema: String { "public" }

  public func expectedRows(_ oracle: RowOracle) throws -> [(key: String, value: String)] {
    try catalogue(oracle).flatMap { table in
      try rows(query(table)).map { row in
        (oracle.key(table.schema, table.name, row.dropLast()), row[row.count - 1])
      }
    }
  }

  private struct Table {
    let schema: String
    let name: String
    /// Quoted, with ONLY where children must not be read.
    let source: String
    /// Names as SQL has them, in column order, and the expressions for them.
    var columns: [(name: String, expression: String)]
    var key: [String]
  }

  private func catalogue(_ oracle: RowOracle) throws -> [Table] {
    var tables: [String: Table] = [:]
    var order: [String] = []
    for row in try rows(Self.catalogueQuery) {
      let (schema, name, source, column, quoted) = (row[0], row[1], row[2], row[3], row[4])
      let full = "\(schema).\(name)"
      if let chosen = oracle.tables, !chosen.contains(full) { continue }
      if oracle.excludedColumns.contains("\(full).\(column)") { continue }
      if tables[full] == nil {
        order.append(full)
        tables[full] = Table(schema: schema, name: name, source: source, columns: [], key: [])
      }
      let expression = row[5] == "bytea" ? "translate(encode(\(quoted), 'base64'), E'\\n', '')" : quoted
      tables[full]?.columns.append((quoted, expression))
      if let own = oracle.keys[full] {
        tables[full]?.key = own.map { "\"\($0)\"" }
      } else if let position = Int(row[6]) {
        let count = tables[full]!.key.count
        tables[full]!.key += [String](repeating: "", count: max(0, position - count))
        tables[full]!.key[position - 1] = quoted
      }
    }
    return order.compactMap { tables[$0] }.filter { !$0.key.isEmpty }
  }

  /// One row a column: what is stored, neither generated nor dropped; with its position in the primary key.
  private static let catalogueQuery = """
    SELECT n.nspname, c.relname,
           CASE c.relkind WHEN 'p' THEN '' ELSE 'ONLY ' END || format('%I.%I', n.nspname, c.relname),
           a.attname, quote_ident(a.attname), a.atttypid::regtype::text,
           coalesce(array_position(i.indkey::int2[], a.attnum) + 1, NULL)::text
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      AND (a.attgenerated = '' OR a.attgenerated = 's' AND current_setting('server_version_num')::int >= 180000)
    LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
    WHERE c.relkind IN ('r', 'p') AND c.relpersistence = 'p' AND NOT c.relispartition
      AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
    ORDER BY 1, 2, a.attnum
    """

  private func query(_ table: Table) -> String {
    let keys = table.key.map { "to_json(r.\($0)) #>> '{}'" }.joined(separator: ", ")
    let columns = table.columns.map { "\($0.expression) AS \($0.name)" }.joined(separator: ", ")
    return "SELECT \(keys), row_to_json(r)::text FROM (SELECT \(columns) FROM \(table.source)) r"
  }
}
