// SPDX-License-Identifier: Apache-2.0

/// What must stand in etcd for the rows of a database, asked of PostgreSQL itself: `row_to_json` in a session with
/// fixed settings gives the value, `to_json` of the key columns the key. No code of the daemon takes part.
public struct RowOracle: Sendable {
  /// The template's first part: rows are at `/{path}/{schema}/{table}/{key}`.
  public let path: String
  /// Only these tables, as `schema.table`; nil: all permanent ordinary tables with a primary key.
  public var tables: Set<String>?
  /// Key columns other than the primary key's.
  public var keys: [String: [String]] = [:]
  /// Columns that are left out, as `schema.table.column`.
  public var excludedColumns: Set<String> = []

  public init(path: String) { self.path = path }

  /// Every key that must be there, with its value.
  public func expected(in database: TestDatabase) throws -> [String: String] {
    var expected: [String: String] = [:]
    for table in try catalogue(database) {
      for row in try database.rows(query(table)) {
        let key = row.dropLast().map(Self.escaped).joined(separator: "/")
        expected["/\(path)/\(Self.escaped(table.schema))/\(Self.escaped(table.name))/\(key)"] = row[row.count - 1]
      }
    }
    return expected
  }

  /// Compares every row with every key under the path.
  public func compare(_ database: TestDatabase, with etcd: TestEtcd) throws -> RowDifferences {
    var expected = try expected(in: database)
    var differences = RowDifferences(rows: expected.count)
    for entry in try etcd.get(prefix: "/\(path)/") {
      switch expected.removeValue(forKey: entry.key) {
      case nil: differences.extra.append(entry.key)
      case entry.text?: break
      case let value?: differences.different.append((entry.key, value, entry.text))
      }
    }
    differences.missing = expected.keys.sorted()
    return differences
  }

  /// `%`, `/`, 0x00–0x1F and 0x7F as `%XX`.
  static func escaped(_ text: String) -> String {
    let hex = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "%") || byte == UInt8(ascii: "/") {
        bytes += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
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

  private func catalogue(_ database: TestDatabase) throws -> [Table] {
    var tables: [String: Table] = [:]
    var order: [String] = []
    for row in try database.rows(Self.catalogueQuery) {
      let (schema, name, source, column, quoted) = (row[0], row[1], row[2], row[3], row[4])
      let full = "\(schema).\(name)"
      if let chosen = self.tables, !chosen.contains(full) { continue }
      if excludedColumns.contains("\(full).\(column)") { continue }
      if tables[full] == nil {
        order.append(full)
        tables[full] = Table(schema: schema, name: name, source: source, columns: [], key: [])
      }
      let expression = row[5] == "bytea" ? "translate(encode(\(quoted), 'base64'), E'\\n', '')" : quoted
      tables[full]?.columns.append((quoted, expression))
      if let own = keys[full] {
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

/// What is not equal between a database and etcd.
public struct RowDifferences: Sendable, CustomStringConvertible {
  /// Rows compared.
  public let rows: Int
  public internal(set) var missing: [String] = []
  public internal(set) var extra: [String] = []
  public internal(set) var different: [(key: String, expected: String, actual: String)] = []

  init(rows: Int) { self.rows = rows }

  public var isEmpty: Bool { missing.isEmpty && extra.isEmpty && different.isEmpty }

  public var description: String {
    var text = "\(rows) rows: \(missing.count) missing, \(extra.count) extra, \(different.count) different"
    if let key = missing.first { text += "\n  missing:   \(key)" }
    if let key = extra.first { text += "\n  extra:     \(key)" }
    if let (key, expected, actual) = different.first {
      text += "\n  different: \(key)\n    expected: \(expected)\n    actual:   \(actual)"
    }
    return text
  }
}
