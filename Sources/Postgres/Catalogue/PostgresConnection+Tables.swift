// SPDX-License-Identifier: Apache-2.0
public import Wire

extension PostgresConnection {
  /// Permanent ordinary tables and partition roots outside the system's schemas. No partitions: their root stands for
  /// them. No temporary, unlogged or foreign tables, no views.
  static let isTable = """
    c.relkind IN ('r', 'p') AND c.relpersistence = 'p' AND NOT c.relispartition
      AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
    """

  /// All tables by name, for choosing among them.
  public func tableNames(deadline: Deadline) throws(PostgresError) -> [TableName] {
    let text = """
      SELECT c.oid, n.nspname, c.relname FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE \(Self.isTable) ORDER BY 2, 3
      """
    return try rows(text, deadline: deadline) { (row: inout CatalogueRow) throws(PostgresError) in
      TableName(oid: try row.number(), schema: try row.text(), name: try row.text())
    }
  }

  /// Tables with their columns and keys, ordered by schema and name; those with these oids, or all.
  public func tables(_ oids: [UInt32]? = nil, deadline: Deadline) throws(PostgresError) -> [TableDescription] {
    let chosen = oids.map { "c.oid = ANY (\(Self.oidArray($0)))" } ?? "true"
    var keys: [UInt32: (primary: [Int16], identity: [Int16])] = [:]
    let found = try rows(Self.tablesQuery(chosen), deadline: deadline) {
      (row: inout CatalogueRow) throws(PostgresError) -> TableDescription? in
      let oid: UInt32 = try row.number()
      var table = TableDescription(
        oid: oid, schema: try row.text(), name: try row.text(), isPartitionRoot: try row.flag(),
        hasInheritors: try row.flag(), columns: [], primaryKey: [], primaryKeyIsDeferrable: false,
        replicaIdentity: TableDescription.ReplicaIdentity(rawValue: try row.character()) ?? .nothing,
        replicaIdentityIndex: [], estimatedRows: try row.optionalNumber() ?? -1,
        estimatedBytes: try row.optionalNumber() ?? 0, maySelect: false, isOwned: false)
      let maySelect = try row.optionalText()
      table.maySelect = maySelect == "t"
      table.isOwned = try row.flag()
      table.mayHideRows = try row.flag()
      keys[oid] = (try row.numbers(), try row.numbers())
      table.primaryKeyIsDeferrable = try row.optionalText() == "t"
      table.partitions = (try row.optionalText() ?? "").split(separator: ",").compactMap { .init($0) }
      // Functions look at the catalogue as it is at that moment, not as the query sees it: this one has just gone.
      return maySelect == nil ? nil : table
    }
    let columns = try columns(chosen, deadline: deadline)
    // And so has one that has lost its columns since.
    var tables = found.compactMap { $0 }.filter { columns[$0.oid] != nil || keys[$0.oid]?.primary.isEmpty == true }
    let unique = try uniqueKeys(deadline: deadline)
    for index in tables.indices {
      let (file, own) = columns[tables[index].oid] ?? (0, [])
      tables[index].file = file
      tables[index].columns = own
      guard let key = keys[tables[index].oid] else { continue }
      let name = { (number: Int16) in own.first { $0.number == number }?.name }
      tables[index].primaryKey = key.primary.compactMap(name)
      tables[index].replicaIdentityIndex = key.identity.compactMap(name)
      tables[index].uniqueKeys = (unique[tables[index].oid] ?? []).map { $0.compactMap(name) }
    }
    return tables
  }

  private static func tablesQuery(_ chosen: String) -> String {
    // Sizes come from pg_class and not from pg_relation_size, which would wait for a table that is being altered.
    """
    SELECT c.oid, n.nspname, c.relname, c.relkind = 'p',
      c.relkind = 'r' AND EXISTS (SELECT FROM pg_catalog.pg_inherits h WHERE h.inhparent = c.oid),
      c.relreplident, size.tuples, size.bytes,
      pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_table_privilege(c.oid, 'SELECT'),
      pg_catalog.pg_has_role(c.relowner, 'USAGE'), pg_catalog.row_security_active(c.oid),
      \(keyColumns("i.indisprimary")), \(keyColumns("i.indisreplident AND c.relreplident = 'i'")),
      (SELECT NOT i.indimmediate FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisprimary),
      (SELECT pg_catalog.string_agg(l.oid || '/' || l.relfilenode || '/' || (
          SELECT pg_catalog.string_agg(h.xmin::text, '.' ORDER BY a.place)
          FROM pg_catalog.pg_partition_ancestors(l.oid) WITH ORDINALITY AS a(relid, place)
          JOIN pg_catalog.pg_inherits h ON h.inhrelid = a.relid), ',' ORDER BY l.oid)
        FROM pg_catalog.pg_partition_tree(CASE c.relkind WHEN 'p' THEN c.oid END) p
        JOIN pg_catalog.pg_class l ON l.oid = p.relid WHERE p.isleaf AND p.level > 0)
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (
      SELECT CASE WHEN pg_catalog.min(s.reltuples) < 0 THEN -1 ELSE pg_catalog.sum(s.reltuples)::bigint END AS tuples,
        pg_catalog.sum((s.relpages::bigint + COALESCE(t.relpages, 0)) *
          pg_catalog.current_setting('block_size')::bigint)::bigint AS bytes
      FROM (SELECT c.oid AS relid WHERE c.relkind = 'r'
        UNION ALL SELECT p.relid FROM pg_catalog.pg_partition_tree(CASE c.relkind WHEN 'p' THEN c.oid END) p
        WHERE p.isleaf OR p.level = 0) part
      JOIN pg_catalog.pg_class s ON s.oid = part.relid
      LEFT JOIN pg_catalog.pg_class t ON t.oid = s.reltoastrelid
      WHERE s.relkind <> 'p' OR NOT EXISTS (SELECT FROM pg_catalog.pg_inherits h WHERE h.inhparent = s.oid)
    ) size
    WHERE \(isTable) AND \(chosen) ORDER BY 2, 3
    """
  }

  /// The column numbers of an index in order, without those that it merely INCLUDEs.
  private static func keyColumns(_ condition: String) -> String {
    """
    (SELECT pg_catalog.string_agg(k.attnum::text, ',' ORDER BY k.place) FROM pg_catalog.pg_index i
      CROSS JOIN LATERAL pg_catalog.unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, place)
      WHERE i.indrelid = c.oid AND i.indisvalid AND \(condition) AND k.place <= i.indnkeyatts)
    """
  }

  private func columns(
    _ chosen: String, deadline: Deadline
  ) throws(PostgresError) -> [UInt32: (file: UInt32, [TableDescription.Column])] {
    let contents = try typeContents(ofTables: chosen, deadline: deadline)
    // File and versions by one query, so of one moment: together they tell a rewrite.
    let text = """
      SELECT a.attrelid, c.relfilenode, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull, a.attgenerated,
        a.attidentity <> '', a.xmin
      FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE a.attnum > 0 AND NOT a.attisdropped AND \(Self.isTable) AND \(chosen)
      ORDER BY a.attrelid, a.attnum
      """
    var columns: [UInt32: (file: UInt32, [TableDescription.Column])] = [:]
    let all = try rows(text, deadline: deadline) { (row: inout CatalogueRow) throws(PostgresError) in
      let table: UInt32 = try row.number()
      let file: UInt32 = try row.number()
      var column = TableDescription.Column(
        number: try row.number(), name: try row.text(), type: try row.number(), typeModifier: try row.number(),
        isNotNull: try row.flag(), generated: Self.generated(try row.character()), isIdentity: try row.flag(),
        version: try row.number())
      column.contents = contents[column.type] ?? []
      return (table, file, column)
    }
    for (table, file, column) in all { columns[table, default: (file, [])].1.append(column) }
    return columns
  }

  private static func generated(_ code: UInt8) -> TableDescription.Column.Generated {
    switch code {
    case UInt8(ascii: "s"): .stored
    case UInt8(ascii: "v"): .virtual
    default: .no
    }
  }
}
