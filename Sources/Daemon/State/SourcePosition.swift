// SPDX-License-Identifier: Apache-2.0
package import Postgres

/// How far a source's log is followed: everything before it is in etcd.
package enum SourcePosition: Equatable, Sendable {
  case postgres(PostgresPosition)
  case mysql(MySQLPosition)

  /// As the checkpoint's `source` names it.
  var source: String {
    switch self {
    case .postgres: "postgresql"
    case .mysql: "mysql"
    }
  }

  var driver: DatabaseDriver {
    switch self {
    case .postgres: .postgres
    case .mysql: .mysql
    }
  }
}

package struct PostgresPosition: Equatable, Sendable {
  package var lsn: LSN
  package var timeline: Int
  package var systemIdentifier: String
  /// The slot to which `lsn` belongs.
  package var slot: String

  var members: JSONObject {
    JSONObject([
      ("lsn", .string("\(lsn)")), ("timeline", .number(timeline)), ("system_identifier", .string(systemIdentifier)),
    ])
  }

  init?(_ object: JSONObject, slot: String?) {
    guard let lsn = object["lsn"]?.text.flatMap(LSN.init), let timeline = object["timeline"]?.integer,
      let system = object["system_identifier"]?.text, let slot
    else { return nil }
    self.init(lsn: lsn, timeline: timeline, systemIdentifier: system, slot: slot)
  }

  package init(lsn: LSN, timeline: Int, systemIdentifier: String, slot: String) {
    self.lsn = lsn
    self.timeline = timeline
    self.systemIdentifier = systemIdentifier
    self.slot = slot
  }
}

/// A place between two transactions of a binary log. With GTIDs it is the set of transactions that are done, on
/// whichever server; file and offset say the same for the server with this UUID.
package struct MySQLPosition: Equatable, Sendable {
  /// The set of executed GTIDs (MySQL) or the last GTID of each domain (MariaDB); nil where GTIDs are off.
  package var gtid: String?
  package var file: String
  /// Bytes from the file's beginning.
  package var offset: UInt64
  /// `@@server_uuid`; MariaDB has none: there it is `server_id` in decimal.
  package var serverUUID: String

  package init(gtid: String?, file: String, offset: UInt64, serverUUID: String) {
    self.gtid = gtid
    self.file = file
    self.offset = offset
    self.serverUUID = serverUUID
  }

  var members: JSONObject {
    JSONObject([
      ("gtid", gtid.map { .string($0) } ?? .null), ("file", .string(file)), ("offset", .number(Int(clamping: offset))),
      ("server_uuid", .string(serverUUID)),
    ])
  }

  init?(_ object: JSONObject) {
    guard let file = object["file"]?.text, let offset = object["offset"]?.integer.flatMap(UInt64.init(exactly:)),
      let uuid = object["server_uuid"]?.text
    else { return nil }
    self.init(gtid: object["gtid"]?.text, file: file, offset: offset, serverUUID: uuid)
  }
}
