// SPDX-License-Identifier: Apache-2.0
internal import MySQL

/// What a server's settings mean for us.
struct MySQLServerFindings {
  let facts: ServerFacts
  let database: DatabaseConfiguration

  private var isMariaDB: Bool { facts.version.flavor == .mariaDB }

  var isNewEnough: Bool { facts.version.number >= (isMariaDB ? 100_500 : 80_000) }

  func version(at peer: String) -> Finding {
    isNewEnough
      ? .ok("\(facts.version) at \(peer)")
      : .problem("\(facts.version) is too old", "an upgrade to MySQL 8.0, MariaDB 10.5 or later")
  }

  /// How a variable is set so that it stays: MariaDB has no SET PERSIST.
  private func set(_ assignment: String) -> String {
    isMariaDB
      ? "SET GLOBAL \(assignment); and write it in the server's configuration" : "SET PERSIST \(assignment);"
  }

  // MARK: The log

  /// - Parameter isApplying: it is a replica at work.
  func log(isApplying: Bool = false) -> [Finding] {
    guard facts.isLogging else {
      return [.problem("log_bin is OFF", "log_bin = binlog in the server's configuration, and restart the server")]
    }
    var findings = [
      facts.binlogFormat == "ROW"
        ? Finding.ok("binlog_format is ROW")
        : .problem("binlog_format is \(facts.binlogFormat)", set("binlog_format = 'ROW'"))
    ]
    if !facts.logsReplicatedChanges {
      let text = "log_replica_updates is OFF: what this server applies as a replica is not in its log"
      let mend = "log_slave_updates = ON in the server's configuration, and restart the server"
      findings.append(isApplying ? .problem(text + ", and it is a replica", mend) : .warning(text, mend))
    }
    let replacing =
      facts.version.flavor == .mariaDB && ["MINIMAL", "NOBLOB"].contains(facts.rowImage)
      ? "; a REPLACE that sets a column back to its default is not in this server's log, for its replicas neither" : ""
    findings.append(
      facts.rowImage == "FULL"
        ? .ok("binlog_row_image is FULL")
        : .warning(
          "binlog_row_image is \(facts.rowImage): what the log leaves out of a row is read from etcd or asked for by "
            + "key, which makes changes slower\(replacing)", set("binlog_row_image = 'FULL'")))
    findings.append(
      facts.rowMetadata == "FULL"
        ? .ok("binlog_row_metadata is FULL")
        : .warning(
          "binlog_row_metadata is \(facts.rowMetadata): column names follow from the statements in the log alone; "
            + "one that is not understood costs a dump of its tables", set("binlog_row_metadata = 'FULL'")))
    if facts.rowValueOptions.contains("PARTIAL_JSON") {
      findings.append(
        .warning(
          "binlog_row_value_options is PARTIAL_JSON: changed documents are put together with what etcd holds, "
            + "which makes updates slower", set("binlog_row_value_options = ''")))
    }
    return findings + retention()
  }

  private func retention() -> [Finding] {
    var findings: [Finding] = []
    let hours = facts.logKeptSeconds / 3600
    let isDays = isMariaDB && facts.version.number < 100_601
    let mend = set(isDays ? "expire_logs_days = 7" : "binlog_expire_logs_seconds = 604800")
    switch facts.logKeptSeconds {
    case 0: findings.append(.ok("the log is kept until it is purged by hand"))
    case ..<86_400:
      findings.append(
        .warning("the log is kept for \(hours) hours: after a longer stop everything is dumped again", mend))
    default: findings.append(.ok("the log is kept for \(hours) hours"))
    }
    if facts.logSpaceLimit > 0 {
      findings.append(
        .warning(
          "the log is kept up to \(facts.logSpaceLimit / 1_048_576) MiB: after a stop in which more is written "
            + "everything is dumped again", set("max_binlog_total_size = 0")))
    }
    return findings
  }

  // MARK: Positions

  func positions() -> [Finding] {
    let mode = database.mysql.gtid
    if isMariaDB {
      if mode == .off { return [.ok("positions are files and offsets: database.mysql.gtid is off")] }
      return [
        facts.isGTIDStrict
          ? .ok("positions are GTIDs, gtid_strict_mode is ON")
          : .warning(
            "gtid_strict_mode is OFF: a GTID may be in the log twice, or out of order",
            set("gtid_strict_mode = ON"))
      ]
    }
    let turnOn =
      (["enforce_gtid_consistency = ON"] + ["OFF_PERMISSIVE", "ON_PERMISSIVE", "ON"].map { "gtid_mode = \($0)" })
      .map { "SET PERSIST \($0);" }.joined(separator: " ")
    switch (mode, facts.gtidMode) {
    case (.off, _): return [.ok("positions are files and offsets: database.mysql.gtid is off")]
    case (_, "ON"):
      return [
        facts.gtidConsistency == "ON"
          ? .ok("gtid_mode is ON")
          : .warning(
            "enforce_gtid_consistency is \(facts.gtidConsistency)", "SET PERSIST enforce_gtid_consistency = ON;")
      ]
    case (.on, _): return [.problem("gtid_mode is \(facts.gtidMode), and database.mysql.gtid is on", turnOn)]
    case (.auto, _):
      return [
        .warning(
          "gtid_mode is \(facts.gtidMode): positions are files and offsets of this one server, and lost with it", turnOn
        )
      ]
    }
  }

  // MARK: Tables

  /// What a chosen table's nature costs.
  static func doubts(of table: MySQLChosenTable, _ facts: ServerFacts) -> [Finding] {
    let description = table.description
    var findings: [Finding] = []
    let cascading = description.foreignKeys.filter(\.changesRows).map(\.parent.description)
    if !cascading.isEmpty, !facts.logsCascades {
      let parents = Set(cascading).sorted().joined(separator: ", ")
      findings.append(
        .warning(
          "rows of \(table.name) follow those of \(parents) by ON DELETE or ON UPDATE, and \(facts.version) does not "
            + "log that: such a change there costs a dump of \(table.name)",
          "ALTER TABLE \(description.identifier) … with foreign keys that RESTRICT, or tables.exclude: "
            + "[\"\(table.name)\"]"))
    }
    if !description.isTransactional {
      findings.append(
        .warning(
          "\(table.name) is of the engine \(description.engine), which has no transactions: what changes during its "
            + "dump may be counted twice, and half a statement may be seen",
          "ALTER TABLE \(description.identifier) ENGINE = InnoDB;"))
    }
    let generated = table.generatedColumns.sorted().map { "\"\(table.name).\($0)\"" }.joined(separator: ", ")
    if !generated.isEmpty, !facts.logsGeneratedColumns {
      findings.append(
        .warning(
          "\(facts.version) does not log the generated columns of an update: those of \(table.name) are asked for by "
            + "key, which makes updates slower", "tables: {columns: {exclude: [\(generated)]}}"))
    }
    let doubtful = description.definition.columns.filter(\.hasDoubtfulLabels).map(\.name)
    if !doubtful.isEmpty, facts.rowMetadata != "FULL" {
      findings.append(
        .warning(
          "labels of \(table.name) (\(doubtful.joined(separator: ", "))) have question marks in the catalogue, which "
            + "stand for themselves or for characters that it cannot show; only full metadata in the log has them",
          "SET \(facts.version.flavor == .mysql ? "PERSIST" : "GLOBAL") binlog_row_metadata = 'FULL';"))
    }
    let old: [ColumnType] = [.time, .dateTime, .timestamp]
    if description.definition.columns.contains(where: { old.contains($0.type) && $0.metadata > 0 }) {
      findings.append(
        .problem(
          "\(table.name) has times with fractions in MariaDB's old format, the length of which the log does not say",
          "SET GLOBAL mysql56_temporal_format = ON; ALTER TABLE \(description.identifier) FORCE;"))
    }
    return findings
  }
}
