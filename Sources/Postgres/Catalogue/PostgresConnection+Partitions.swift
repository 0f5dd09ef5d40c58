// SPDX-License-Identifier: Apache-2.0
public import Wire

extension PostgresConnection {
  /// Whether a partition has brought rows into its tree: ATTACH PARTITION logs none of them, while those of a partition
  /// that was made as one came through the log. True when in doubt.
  public func bringsRows(partition: UInt32, deadline: Deadline) throws(PostgresError) -> Bool {
    let names = """
      SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = \(partition) AND c.relkind = 'r'
      """
    guard let name = try query(names, deadline: deadline).scalar else { return false }
    // A partition made as one has its row type from the transaction that entered it in pg_inherits; so have all those
    // above it. Rows at least as old as the youngest of these entries were there before.
    let text = """
      WITH RECURSIVE edge AS (
        SELECT inhrelid, inhparent, xmin AS since FROM pg_catalog.pg_inherits WHERE inhrelid = \(partition)
        UNION ALL
        SELECT i.inhrelid, i.inhparent, i.xmin FROM pg_catalog.pg_inherits i JOIN edge ON i.inhrelid = edge.inhparent
      ), tree AS (
        SELECT pg_catalog.min(pg_catalog.age(edge.since)) AS age, pg_catalog.bool_and(t.xmin = edge.since) AS is_made
        FROM edge JOIN pg_catalog.pg_type t ON t.typrelid = edge.inhrelid
      )
      SELECT EXISTS (SELECT FROM ONLY \(name) r, tree WHERE NOT tree.is_made OR pg_catalog.age(r.xmin) >= tree.age)
      """
    return try query(text, deadline: deadline).scalar != "f"
  }
}
