// SPDX-License-Identifier: Apache-2.0
public import Wire

/// Who the server is, and how far its log reaches.
public struct SystemIdentity: Equatable, Sendable {
  /// The same for a primary and its standbys, different for every initdb.
  public var systemIdentifier: String
  /// Goes up with each promotion of a standby.
  public var timeline: Int
  public var flushed: LSN
  public var database: String?
}

extension PostgresConnection {
  /// `IDENTIFY_SYSTEM`, on a replication connection.
  public func identifySystem(deadline: Deadline) throws(PostgresError) -> SystemIdentity {
    let result = try query("IDENTIFY_SYSTEM", deadline: deadline)
    guard result.rows.count == 1, let identifier = result.value(row: 0, "systemid"),
      let timeline = result.value(row: 0, "timeline").flatMap({ Int($0) }),
      let flushed = result.value(row: 0, "xlogpos").flatMap({ LSN($0) })
    else { throw unreadable("IDENTIFY_SYSTEM") }
    return SystemIdentity(
      systemIdentifier: identifier, timeline: timeline, flushed: flushed, database: result.value(row: 0, "dbname"))
  }

  /// `SHOW name`, which a replication connection takes too.
  public func show(_ parameter: String, deadline: Deadline) throws(PostgresError) -> String {
    let result = try query("SHOW \(SQLIdentifier(parameter))", deadline: deadline)
    guard let value = result.scalar else { throw unreadable("SHOW") }
    return value
  }
}
