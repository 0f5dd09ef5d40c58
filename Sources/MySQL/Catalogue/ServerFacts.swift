// SPDX-License-Identifier: Apache-2.0

/// What a replication client needs to know of a server, as it is set now. One query of its variables; whoever may not
/// see the log's position still gets this.
public struct ServerFacts: Hashable, Sendable {
  public var version: ServerVersion
  public var versionText: String
  /// MySQL's `server_uuid`; empty for MariaDB.
  public var serverUUID: String
  public var serverID: UInt32
  public var hostName: String
  public var port: Int
  public var isLogging: Bool
  /// `ROW`, `MIXED`, `STATEMENT`
  public var binlogFormat: String
  /// `FULL`, `MINIMAL`, `NOBLOB`, and MariaDB's `FULL_NODUP`
  public var rowImage: String
  /// `FULL`, `MINIMAL`, and MariaDB's `NO_LOG`; empty before it was there.
  public var rowMetadata: String
  /// MySQL: `PARTIAL_JSON` or empty.
  public var rowValueOptions: String
  /// MySQL: `ON`, `ON_PERMISSIVE`, `OFF_PERMISSIVE`, `OFF`; empty for MariaDB.
  public var gtidMode: String
  /// MySQL: `ON`, `WARN`, `OFF`.
  public var gtidConsistency: String
  public var gtidExecuted: String
  public var gtidPurged: String
  /// MariaDB: the last transaction of each domain in the log.
  public var gtidBinlogPosition: String
  /// MariaDB: the last transaction of each server in each domain.
  public var gtidBinlogState: String
  public var gtidCurrentPosition: String
  public var gtidDomainID: UInt32
  public var isGTIDStrict: Bool
  /// How long the log is kept, in seconds; zero: for ever.
  public var logKeptSeconds: Int
  /// MariaDB 11.4 and later: the most bytes of log that are kept; zero: no limit.
  public var logSpaceLimit: Int
  /// 1: names are kept in lower case; 2: they are compared so.
  public var lowerCaseTableNames: Int
  public var defaultEngine: String
  public var sqlMode: SQLMode
  /// The name of `collation_server`.
  public var serverCollation: String
  public var explicitDefaultsForTimestamp: Bool
  public var isReadOnly: Bool
  /// A replica that does not log what it applies has nothing to give.
  public var logsReplicatedChanges: Bool
  /// What a foreign key's cascade changes is in the log as rows: MySQL, since its cascades are done above InnoDB.
  public var logsCascades: Bool
  /// Bytes: no packet, and so no row and no event, of the server is longer.
  public var packetBytesMax: Int

  /// Of the rows that an update changes; of those that an INSERT makes they always are.
  public var logsGeneratedColumns: Bool { !version.isAtLeast(.mariaDB, 110_000) }

  private static let names = [
    "version", "server_uuid", "server_id", "hostname", "port", "log_bin", "binlog_format", "binlog_row_image",
    "binlog_row_metadata", "binlog_row_value_options", "gtid_mode", "enforce_gtid_consistency", "gtid_executed",
    "gtid_purged", "gtid_binlog_pos", "gtid_binlog_state", "gtid_current_pos", "gtid_domain_id", "gtid_strict_mode",
    "binlog_expire_logs_seconds", "binlog_expire_logs_auto_purge", "expire_logs_days", "max_binlog_total_size",
    "lower_case_table_names", "default_storage_engine", "sql_mode", "collation_server",
    "explicit_defaults_for_timestamp", "read_only", "log_slave_updates", "log_replica_updates", "max_allowed_packet",
    "innodb_native_foreign_keys",
  ]

  /// Names and values of the variables, those that the server has.
  public static let query =
    "SHOW GLOBAL VARIABLES WHERE Variable_name IN (\(names.map { SQLLiteral($0).description }.joined(separator: ", ")))"

  /// From the rows of `query`.
  public init(rows: [[String?]]) {
    var values: [String: String] = [:]
    for row in rows where row.count == 2 {
      if let name = row[0] { values[name.lowercased()] = row[1] ?? "" }
    }
    func text(_ name: String) -> String { values[name] ?? "" }
    func number(_ name: String) -> Int { Int(text(name)) ?? 0 }
    func isOn(_ name: String) -> Bool { ["ON", "1", "YES"].contains(text(name).uppercased()) }
    versionText = text("version")
    version = ServerVersion(versionText)
    serverUUID = text("server_uuid")
    serverID = UInt32(text("server_id")) ?? 0
    hostName = text("hostname")
    port = number("port")
    isLogging = isOn("log_bin")
    binlogFormat = text("binlog_format").uppercased()
    rowImage = text("binlog_row_image").uppercased()
    rowMetadata = text("binlog_row_metadata").uppercased()
    rowValueOptions = text("binlog_row_value_options").uppercased()
    gtidMode = text("gtid_mode").uppercased()
    gtidConsistency = text("enforce_gtid_consistency").uppercased()
    gtidExecuted = text("gtid_executed").filter { $0 != "\n" }
    gtidPurged = text("gtid_purged").filter { $0 != "\n" }
    gtidBinlogPosition = text("gtid_binlog_pos")
    gtidBinlogState = text("gtid_binlog_state")
    gtidCurrentPosition = text("gtid_current_pos")
    gtidDomainID = UInt32(text("gtid_domain_id")) ?? 0
    isGTIDStrict = isOn("gtid_strict_mode")
    // MariaDB's days may be fractions since they are another form of the seconds.
    let days = Double(text("expire_logs_days")) ?? 0
    let seconds = number("binlog_expire_logs_seconds")
    let isKept = values["binlog_expire_logs_auto_purge"] != nil && !isOn("binlog_expire_logs_auto_purge")
    logKeptSeconds = isKept ? 0 : seconds > 0 ? seconds : Int(min(max(days, 0), 10_000) * 86_400)
    logSpaceLimit = number("max_binlog_total_size")
    lowerCaseTableNames = number("lower_case_table_names")
    defaultEngine = text("default_storage_engine")
    sqlMode = SQLMode(text("sql_mode"))
    serverCollation = text("collation_server")
    explicitDefaultsForTimestamp = isOn("explicit_defaults_for_timestamp")
    isReadOnly = isOn("read_only")
    logsReplicatedChanges = isOn("log_replica_updates") || isOn("log_slave_updates")
    logsCascades = values["innodb_native_foreign_keys"] != nil && !isOn("innodb_native_foreign_keys")
    packetBytesMax = number("max_allowed_packet")
  }
}

/// A file of the binary log, `SHOW BINARY LOGS`.
public struct BinaryLogFile: Hashable, Sendable {
  public var name: String
  /// Bytes.
  public var size: UInt64

  public static let query = "SHOW BINARY LOGS"

  public init?(row: [String?]) {
    guard row.count >= 2, let name = row[0], let size = row[1].flatMap({ UInt64($0) }) else { return nil }
    self.name = name
    self.size = size
  }
}

/// Where the server writes now.
public struct BinaryLogStatus: Hashable, Sendable {
  public var file: String
  public var position: UInt64
  /// MySQL: the transactions in the log and before it; of the same moment as the position.
  public var gtidExecuted: String

  /// "SHOW MASTER STATUS … was removed in MySQL 8.4."
  public static func query(_ version: ServerVersion) -> String {
    version.isAtLeast(.mysql, 80_200) ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS"
  }

  /// From the only row; there is none where nothing is logged.
  public init?(row: [String?]) {
    guard row.count >= 2, let file = row[0], let position = row[1].flatMap({ UInt64($0) }) else { return nil }
    self.file = file
    self.position = position
    gtidExecuted = row.count > 4 ? (row[4] ?? "").filter { $0 != "\n" } : ""
  }
}

/// A replica that has registered, and follows now.
public struct ConnectedReplica: Hashable, Sendable {
  public var serverID: UInt32
  public var host: String

  public static func query(_ version: ServerVersion) -> String {
    if version.isAtLeast(.mysql, 80_022) { return "SHOW REPLICAS" }
    return version.isAtLeast(.mariaDB, 100_501) ? "SHOW REPLICA HOSTS" : "SHOW SLAVE HOSTS"
  }

  public init?(row: [String?]) {
    guard row.count >= 2, let id = row[0].flatMap({ UInt32($0) }) else { return nil }
    serverID = id
    host = row[1] ?? ""
  }
}
