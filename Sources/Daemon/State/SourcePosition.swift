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
