// SPDX-License-Identifier: Apache-2.0
import Postgres
import Support
import Wire

/// The versions that the tests speak with: oldest, Debian's, failover slots, newest.
let serverNames = ["pg-13", "pg-15", "pg-17", "pg-18"]

extension TestDatabase {
  /// Options for this database over TCP as the role `sync`.
  func options(
    hosts: [String] = ["127.0.0.1"], user: String = TestPostgres.role, password: String? = TestPostgres.password,
    tlsMode: TLSMode = .disable, replication: Bool = false
  ) -> PostgresOptions {
    PostgresOptions(
      hosts: hosts, port: UInt16(postgres.server.port), user: user, database: name, tlsMode: tlsMode,
      replication: replication, parameters: [("application_name", "postgres tests")], password: { password })
  }

  func open(replication: Bool = false, loop: PollLoop? = nil) throws -> PostgresConnection {
    try PostgresConnection.open(
      options(replication: replication), loop: try loop ?? PollLoop(), deadline: .after(.seconds(20)))
  }
}

extension Deadline {
  /// Long enough for a busy machine.
  static var soon: Deadline { .after(.seconds(20)) }
}

/// Collects what a replication stream brings, as short texts.
struct RecordingSink: ReplicationSink {
  var lines: [String] = []
  var keepalives = 0
  var endLSN = LSN.zero
  var walEnd = LSN.zero
  var pauseAfter = Int.max
  private var fields: [FieldRange] = []

  init() {}

  mutating func receive(
    _ message: borrowing LogicalMessage, walStart: LSN, walEnd: LSN, serverTime: ServerTime
  ) throws(WireError) -> Flow {
    switch message {
    case .begin: lines.append("begin")
    case .commit(let commit):
      lines.append("commit")
      endLSN = commit.endLSN
    case .relation(let relation):
      let columns = try relation.columns().map(\.name).joined(separator: ",")
      lines.append("relation \(String(decoding: relation.relationName)) \(columns)")
    case .insert(let insert): lines.append("insert " + (try texts(insert.new)))
    case .update(let update):
      lines.append("update \(update.oldTuple) " + (try texts(update.old)) + " to " + (try texts(update.new)))
    case .delete(let delete): lines.append("delete \(delete.oldTuple) " + (try texts(delete.old)))
    case .truncate(let truncate): lines.append("truncate \(truncate.relationCount)")
    default: lines.append("other")
    }
    return lines.count >= pauseAfter ? .pause : .more
  }

  private mutating func texts(_ tuple: LogicalMessage.Tuple) throws(WireError) -> String {
    if tuple.columnCount == 0 { return "-" }
    try tuple.index(into: &fields)
    var values: [String] = []
    for field in fields {
      switch field.kind {
      case .null: values.append("null")
      case .unchanged: values.append("unchanged")
      case .text, .binary: values.append(String(decoding: tuple.bytes(field)))
      }
    }
    return values.joined(separator: "|")
  }

  mutating func keepalive(walEnd: LSN, replyRequested: Bool) throws(WireError) -> Flow {
    keepalives += 1
    self.walEnd = walEnd
    return .more
  }
}

/// Collects the lines of a COPY.
struct LineSink: CopySink {
  var lines: [String] = []
  var pauseEvery = Int.max

  mutating func receive(_ data: RawSpan) throws(Never) -> Flow {
    lines.append(String(decoding: data))
    return lines.count % pauseEvery == 0 ? .pause : .more
  }
}
