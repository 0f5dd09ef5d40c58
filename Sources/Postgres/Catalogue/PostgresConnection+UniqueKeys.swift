// SPDX-License-Identifier: Apache-2.0
internal import Wire

extension PostgresConnection {
  /// The column numbers of every index that is unique for all rows at each moment, by table: neither deferrable nor
  /// partial, and without expressions (which `indkey` has as 0).
  func uniqueKeys(deadline: Deadline) throws(PostgresError) -> [UInt32: [[Int16]]] {
    let text = """
      SELECT i.indrelid, pg_catalog.string_agg(k.attnum::text, ',' ORDER BY k.place)
      FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
      CROSS JOIN LATERAL pg_catalog.unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, place)
      WHERE i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL
        AND k.place <= i.indnkeyatts AND c.relkind IN ('r', 'p') AND c.relpersistence = 'p' AND NOT c.relispartition
      GROUP BY i.indexrelid, i.indrelid
      """
    var keys: [UInt32: [[Int16]]] = [:]
    let all = try rows(text, deadline: deadline) { (row: inout CatalogueRow) throws(PostgresError) in
      let table: UInt32 = try row.number()
      let columns: [Int16] = try row.numbers()
      return (table, columns)
    }
    for (table, columns) in all { keys[table, default: []].append(columns) }
    return keys
  }
}
