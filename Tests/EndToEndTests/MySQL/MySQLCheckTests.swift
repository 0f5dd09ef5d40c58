// SPDX-License-Identifier: Apache-2.0
internal import Foundation
import Support
import Testing

/// What `check` finds at MySQL and MariaDB, each with what to type to mend it.
@Suite(.serialized, .waits) struct MySQLCheckTests {
  private struct Findings {
    let process: SyncdProcess
    let exit: ChildProcess.Exit?
    var lines: [String] { process.output.split(separator: "\n").map(String.init) }
    var problems: [String] { lines.filter { $0.hasPrefix("problem") } }

    /// Statements that are said to mend something, in their order.
    var statements: [String] {
      var statements: [String] = []
      for line in lines {
        guard let start = line.range(of: "; type: ")?.upperBound else { continue }
        for part in line[start...].split(separator: ";") {
          let text = part.drop { $0 == " " }
          if text.hasPrefix("SET ") || text.hasPrefix("GRANT ") { statements.append("\(text);") }
        }
      }
      return statements
    }

    /// One line has all of these texts.
    func expect(_ texts: String..., location: SourceLocation = #_sourceLocation) {
      #expect(
        lines.contains { line in texts.allSatisfy(line.contains) }, "\(texts)\n\(process.output)\n\(process.log)",
        sourceLocation: location)
    }
  }

  private func check(
    _ replication: MySQLReplication, _ changes: [String: [String: String]] = [:], environment: [String: String] = [:]
  ) throws -> Findings {
    let process = try SyncdProcess(
      ["check"], configuration: replication.configuration(changes), environment: environment)
    return Findings(process: process, exit: process.waitForExit())
  }

  private static let table = "CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)"

  /// Settings of the server: everything is found at once, and what is said to be typed mends it.
  @Test func settingsOfMySQL() throws {
    let flags = [
      "--server-id=0", "--binlog-format=MIXED", "--binlog-row-image=MINIMAL", "--binlog-row-metadata=MINIMAL",
      "--gtid-mode=OFF", "--enforce-gtid-consistency=OFF", "--binlog-expire-logs-seconds=7200",
    ]
    let mysql = try TestMySQL("mysql-9.7", flags: flags)
    let replication = try MySQLReplication(mysql: mysql)
    try replication.database.sql(Self.table)
    let found = try check(replication)
    #expect(found.exit == .status(1))
    found.expect("problem", "server_id is 0", "SET PERSIST server_id = 1;")
    found.expect("problem", "binlog_format is MIXED", "SET PERSIST binlog_format = 'ROW';")
    found.expect("warning", "binlog_row_image is MINIMAL", "SET PERSIST binlog_row_image = 'FULL';")
    found.expect("warning", "binlog_row_metadata is MINIMAL", "SET PERSIST binlog_row_metadata = 'FULL';")
    found.expect("warning", "gtid_mode is OFF", "SET PERSIST gtid_mode = ON;")
    found.expect("warning", "kept for 2 hours", "SET PERSIST binlog_expire_logs_seconds = 604800;")
    #expect(found.problems.count == 2)
    try check(replication, ["database": ["mysql": "{gtid: on}"]]).expect(
      "problem", "gtid_mode is OFF, and database.mysql.gtid is on", "SET PERSIST gtid_mode = ON;")
    try mysql.sql(found.statements.joined(separator: "\n").dropLastSemicolon)
    let mended = try check(replication)
    #expect(mended.exit == .status(0) && mended.statements.isEmpty, "\(mended.process.output)")
    try mysql.server.stop()
  }

  @Test(arguments: ["mariadb-10.5", "mariadb-11.8"]) func settingsOfMariaDB(_ server: String) throws {
    let flags = [
      "--binlog-format=MIXED", "--binlog-row-image=MINIMAL", "--binlog-row-metadata=NO_LOG", "--gtid-strict-mode=OFF",
      server == "mariadb-10.5" ? "--expire-logs-days=1" : "--expire-logs-days=0.5",
    ]
    let mysql = try TestMySQL(server, flags: flags)
    let replication = try MySQLReplication(mysql: mysql)
    try replication.database.sql(Self.table)
    let found = try check(replication)
    #expect(found.exit == .status(1))
    let rest = "and write it in the server's configuration"
    found.expect("problem", "binlog_format is MIXED", "SET GLOBAL binlog_format = 'ROW'; \(rest)")
    found.expect("warning", "binlog_row_image is MINIMAL", "SET GLOBAL binlog_row_image = 'FULL'; \(rest)")
    found.expect("warning", "binlog_row_metadata is NO_LOG", "SET GLOBAL binlog_row_metadata = 'FULL'; \(rest)")
    found.expect("warning", "gtid_strict_mode is OFF", "SET GLOBAL gtid_strict_mode = ON; \(rest)")
    if server != "mariadb-10.5" {
      found.expect("warning", "kept for 12 hours", "SET GLOBAL binlog_expire_logs_seconds = 604800; \(rest)")
    }
    #expect(found.problems.count == 1)
    try mysql.sql(found.statements.joined(separator: "\n").dropLastSemicolon)
    let mended = try check(replication)
    #expect(mended.exit == .status(0) && mended.statements.isEmpty, "\(mended.process.output)")
    try mysql.server.stop()
  }

  @Test(arguments: ["mysql-9.7", "mariadb-10.5"]) func aLogThatIsOff(_ server: String) throws {
    let mysql = try TestMySQL(server, flags: server == "mysql-9.7" ? ["--disable-log-bin"] : ["--skip-log-bin"])
    let replication = try MySQLReplication(mysql: mysql)
    try replication.database.sql(Self.table)
    let found = try check(replication)
    #expect(found.exit == .status(1))
    found.expect("problem", "log_bin is OFF", "log_bin = binlog in the server's configuration, and restart")
    try mysql.server.stop()
  }

  /// The account may do nothing: every privilege is named with its GRANT, and those are all that is needed.
  @Test(arguments: TestMySQL.names) func privileges(_ server: String) throws {
    let mysql = try TestMySQL.shared(server)
    let replication = try MySQLReplication(mysql: mysql)
    try replication.database.sql(Self.table)
    let user = "poor_\(replication.name)"
    // One table at least must be seen: of a schema in which we may do nothing only its name is known.
    try mysql.sql(
      "CREATE USER \(user)@'%' IDENTIFIED BY 'sync' WITH MAX_USER_CONNECTIONS 3; "
        + "GRANT INSERT ON \(replication.name).* TO \(user)@'%'")
    let changes = ["database": ["user": user]]
    let found = try check(replication, changes)
    #expect(found.exit == .status(1))
    let monitor = mysql.isMariaDB ? "BINLOG MONITOR" : "REPLICATION CLIENT"
    let locked = mysql.isMariaDB ? [] : ["LOCK TABLES ON `\(replication.name)`.*"]
    let expected =
      ["REPLICATION SLAVE ON *.*", "\(monitor) ON *.*", "SELECT ON `\(replication.name)`.*"] + locked
    found.expect("may have 3 connections at a time", "ALTER USER '\(user)'@'%' WITH MAX_USER_CONNECTIONS 10;")
    try mysql.sql("ALTER USER '\(user)'@'%' WITH MAX_USER_CONNECTIONS 4")
    #expect(found.statements == expected.map { "GRANT \($0) TO '\(user)'@'%';" }, "\(found.process.output)")
    #expect(try replication.etcd.get(prefix: replication.stateFolder).isEmpty)
    try mysql.sql(found.statements.joined(separator: "\n").dropLastSemicolon)
    let mended = try check(replication, changes)
    #expect(mended.exit == .status(0) && mended.statements.isEmpty, "\(mended.process.output)")
    let syncd = try replication.start(changes)
    let differences = try replication.differences()
    #expect(differences.isEmpty, "\(differences)\n\(syncd.log.suffix(2000))")
    #expect(syncd.terminate() == .status(0))
    try mysql.sql("DROP USER \(user)@'%'")
  }

  @Test(arguments: ["mysql-9.7", "mariadb-10.11"]) func tables(_ server: String) throws {
    let replication = try MySQLReplication(server)
    let name = replication.name
    try replication.database.sql(
      """
      CREATE TABLE parent (id int PRIMARY KEY); CREATE TABLE keyless_one (x int);
      CREATE TABLE child (id int PRIMARY KEY, p int, FOREIGN KEY (p) REFERENCES parent (id) ON DELETE CASCADE);
      CREATE TABLE flat (id int PRIMARY KEY) ENGINE = MyISAM
      """)
    let found = try check(replication)
    #expect(found.exit == .status(1) && found.problems.count == 1)
    found.expect("problem", "keyless_one has no primary key", "ALTER TABLE `\(name)`.`keyless_one` ADD PRIMARY KEY")
    found.expect("warning", "\(name).flat", "no transactions", "ALTER TABLE `\(name)`.`flat` ENGINE = InnoDB;")
    let cascade = found.lines.filter { $0.contains("child") && $0.contains("ON DELETE") }
    if server == "mysql-9.7" {
      #expect(cascade.isEmpty, "this server logs the rows")
    } else {
      found.expect("warning", "\(name).child follow those of \(name).parent", "ALTER TABLE `\(name)`.`child`")
    }
    let skipping = try check(replication, ["tables": ["without_key": "skip"]])
    #expect(skipping.exit == .status(0))
    skipping.expect("warning", "keyless_one", "left out", "ADD PRIMARY KEY")
  }

  /// The dump tool is asked for and is not on this machine, or is the other maker's.
  @Test(arguments: ["mysql-9.7", "mariadb-10.11"]) func aDumpToolThatIsMissing(_ server: String) throws {
    let replication = try MySQLReplication(server)
    try replication.database.sql(Self.table)
    let changes = ["database": ["mysql": "{dump: mysqldump}"]]
    let found = try check(replication, changes, environment: ["PATH": "/nonexistent"])
    #expect(found.exit == .status(1), "\(found.process.output)")
    found.expect("problem", "mysqldump", "type: database: {mysql: {dump: native}}")
    #expect(try check(replication, environment: ["PATH": "/nonexistent"]).exit == .status(0))
  }
}

extension String {
  /// The client's input is ended by one of its own.
  fileprivate var dropLastSemicolon: String { last == ";" ? String(dropLast()) : self }
}
