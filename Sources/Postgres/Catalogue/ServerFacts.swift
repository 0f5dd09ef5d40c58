// SPDX-License-Identifier: Apache-2.0
public import Wire

/// What a replication client needs of a server, as it is set now.
public struct ServerFacts: Equatable, Sendable {
  /// `server_version_num`.
  public var version: Int
  public var versionText: String
  /// Must be `logical`.
  public var walLevel: String
  public var replicationSlotsMax: Int
  public var replicationSlotsUsed: Int
  public var walSendersMax: Int
  public var walSendersUsed: Int
  public var systemIdentifier: String
  /// As of the last checkpoint: after a promotion IDENTIFY_SYSTEM knows earlier.
  public var timeline: Int
  /// A standby.
  public var isInRecovery: Bool
  public var role: String
  public var database: String
  public var roleIsSuperuser: Bool
  /// The role has REPLICATION itself, or is a member of a managed service's role that gives it (`rds_replication`).
  public var roleMayReplicate: Bool
  /// The role may create publications here: CREATE on the database.
  public var roleMayCreate: Bool
}

extension PostgresConnection {
  public func serverFacts(deadline: Deadline) throws(PostgresError) -> ServerFacts {
    let text = """
      SELECT pg_catalog.current_setting('server_version_num'), pg_catalog.current_setting('server_version'),
        pg_catalog.current_setting('wal_level'),
        pg_catalog.current_setting('max_replication_slots'),
        (SELECT pg_catalog.count(*) FROM pg_catalog.pg_replication_slots),
        pg_catalog.current_setting('max_wal_senders'),
        (SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_replication),
        (SELECT system_identifier FROM pg_catalog.pg_control_system()),
        (SELECT timeline_id FROM pg_catalog.pg_control_checkpoint()),
        pg_catalog.pg_is_in_recovery(), r.rolname, pg_catalog.current_database(), r.rolsuper,
        r.rolreplication OR EXISTS (SELECT FROM pg_catalog.pg_roles m WHERE m.rolname = 'rds_replication'
          AND pg_catalog.pg_has_role(r.oid, m.oid, 'MEMBER')),
        pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE')
      FROM pg_catalog.pg_roles r WHERE r.rolname = CURRENT_USER
      """
    let facts = try rows(text, deadline: deadline) { (row: inout CatalogueRow) throws(PostgresError) in
      ServerFacts(
        version: try row.number(), versionText: try row.text(), walLevel: try row.text(),
        replicationSlotsMax: try row.number(), replicationSlotsUsed: try row.number(),
        walSendersMax: try row.number(), walSendersUsed: try row.number(),
        systemIdentifier: try row.text(), timeline: try row.number(), isInRecovery: try row.flag(),
        role: try row.text(), database: try row.text(), roleIsSuperuser: try row.flag(),
        roleMayReplicate: try row.flag(), roleMayCreate: try row.flag())
    }
    guard let first = facts.first else { throw unreadable("a catalogue query") }
    return first
  }
}
