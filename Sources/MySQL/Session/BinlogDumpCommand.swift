// SPDX-License-Identifier: Apache-2.0

/// From where the binary log is wanted, and who asks.
public struct BinlogDumpCommand: Sendable, Equatable {
  public enum Start: Sendable, Equatable {
    /// A file and an offset in it; "" and 4 for the oldest there is.
    case file(String, position: UInt32)
    /// MySQL: what is not in this set, encoded.
    case gtidSet([UInt8])
    /// MariaDB: behind this position (`0-1-42,1-2-7`; empty for the very beginning), by `slave_connect_state`.
    case mariaDBPosition(String)
  }

  public var start: Start
  /// Ours among the replicas of this server: nobody else may have it.
  public var serverID: UInt32
  /// With nothing else to say for so long the server sends a heartbeat event. Nil: it never does.
  public var heartbeat: Duration?
  /// MySQL ends an older stream of the same UUID, and without one an older stream of the same server ID.
  public var replicaUUID: String?
  /// MariaDB: a position that the log does not have is an error, even if the log has later ones.
  public var isStrict = true
  /// The server ends the stream where its log ends instead of waiting.
  public var endsAtLogEnd = false

  public init(start: Start, serverID: UInt32, heartbeat: Duration? = .seconds(10), replicaUUID: String? = nil) {
    self.start = start
    self.serverID = serverID
    self.heartbeat = heartbeat
    self.replicaUUID = replicaUUID
  }

  /// Statements by which a session says what kind of replica it is. The variables are the user's own (`@name`), so any
  /// server takes all of them and looks at those that it knows.
  func settings(_ server: ServerVersion) -> [String] {
    // Checksums as the log has them: otherwise the server takes them off, or refuses.
    var settings = ["@master_binlog_checksum = @@global.binlog_checksum"]
    let nanoseconds = heartbeat.map {
      $0.components.seconds * 1_000_000_000 + $0.components.attoseconds / 1_000_000_000
    }
    if let nanoseconds { settings.append("@master_heartbeat_period = \(nanoseconds)") }
    switch server.flavor {
    case .mysql:
      settings.append("@source_binlog_checksum = @@global.binlog_checksum")
      if let nanoseconds { settings.append("@source_heartbeat_period = \(nanoseconds)") }
      if let replicaUUID {
        settings += ["@slave_uuid = \(Self.literal(replicaUUID))", "@replica_uuid = \(Self.literal(replicaUUID))"]
      }
    case .mariaDB:
      // MARIA_SLAVE_CAPABILITY_GTID: without it GTID events are turned into what old replicas know.
      settings.append("@mariadb_slave_capability = 4")
      if case .mariaDBPosition(let position) = start {
        settings.append("@slave_connect_state = \(Self.literal(position))")
        settings.append("@slave_gtid_strict_mode = \(isStrict ? 1 : 0)")
      }
    }
    return ["SET " + settings.joined(separator: ", ")]
  }

  private static func literal(_ text: String) -> String {
    "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "''") + "'"
  }
}
