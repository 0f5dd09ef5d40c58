// SPDX-License-Identifier: Apache-2.0
public import Wire

/// A transaction that has written, or is prepared: a new slot waits for its end.
public struct RunningTransaction: Equatable, Sendable {
  /// Nil for a prepared transaction, which has no process.
  public var pid: Int32?
  /// Of a prepared transaction.
  public var gid: String?
  public var role: String?
  public var applicationName: String?
  public var seconds: Int
}

extension PostgresConnection {
  /// Who is in the way of a new slot, the oldest first. Asked on another connection than the one that waits.
  public func transactionsBlockingSlots(deadline: Deadline) throws(PostgresError) -> [RunningTransaction] {
    let seconds = { (column: String) in
      "COALESCE(EXTRACT(epoch FROM pg_catalog.now() - \(column))::bigint, 0)"
    }
    let text = """
      SELECT a.pid, NULL, a.usename, a.application_name, \(seconds("a.xact_start"))
      FROM pg_catalog.pg_stat_activity a
      WHERE a.backend_xid IS NOT NULL AND a.pid <> pg_catalog.pg_backend_pid()
      UNION ALL
      SELECT NULL, p.gid, p.owner, NULL, \(seconds("p.prepared")) FROM pg_catalog.pg_prepared_xacts p
      ORDER BY 5 DESC LIMIT 20
      """
    return try rows(text, deadline: deadline) { (row: inout CatalogueRow) throws(PostgresError) in
      RunningTransaction(
        pid: try row.optionalNumber(), gid: try row.optionalText(), role: try row.optionalText(),
        applicationName: try row.optionalText(), seconds: try row.number())
    }
  }
}
