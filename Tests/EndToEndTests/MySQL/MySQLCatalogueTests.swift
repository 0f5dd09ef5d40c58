// SPDX-License-Identifier: Apache-2.0
internal import Glibc
import Support
import Testing

/// What the catalogue hides from an account or shows in between, and what a server does to every session.
@Suite(.waits) struct MySQLCatalogueTests {
  private static let tables =
    "CREATE TABLE t (id int PRIMARY KEY, v text); CREATE TABLE u (id int PRIMARY KEY, v text); "
    + "INSERT INTO t VALUES (1, 'a'), (2, 'b'); INSERT INTO u VALUES (1, 'c')"

  /// An account of this test alone, with all that is needed.
  private func account(_ replication: MySQLReplication, _ grants: String...) throws -> String {
    let user = "of_\(replication.name)"
    let server = replication.database.server
    try server.sql("CREATE USER \(user)@'%' IDENTIFIED BY '\(TestMySQL.password)'")
    for grant in grants + ["REPLICATION SLAVE, REPLICATION CLIENT ON *.*", "LOCK TABLES ON \(replication.name).*"] {
      try server.sql("GRANT \(grant) TO \(user)@'%'")
    }
    return user
  }

  /// A table that we may not read any more is hidden from us, and is not gone; the others go on.
  @Test(arguments: ["mysql-9.7", "mariadb-10.5"]) func aPrivilegeThatIsTakenAway(_ server: String) throws {
    let replication = try MySQLReplication(server)
    let name = replication.name
    let user = try account(replication, "SELECT ON \(name).*")
    let run = try MySQLRun(replication, Self.tables, ["database": ["user": user]])
    let mysql = run.server
    let grant = "GRANT SELECT ON `\(name)`.`t` TO '\(user)'@'%';"
    try mysql.sql("REVOKE SELECT ON \(name).* FROM \(user)@'%'; GRANT SELECT ON \(name).u TO \(user)@'%'")
    // Another look at the catalogue, while it runs and after it.
    try run.sql("CREATE TABLE w (id int PRIMARY KEY)")
    try mysql.sql("GRANT SELECT ON \(name).w TO \(user)@'%'")
    try run.sql("ALTER TABLE w COMMENT 'seen now'; INSERT INTO w VALUES (1); INSERT INTO t VALUES (3, 'd')")
    try expectLeftOut("t", saying: grant, run, othersHave: "1")
    run.kill9()
    let check = try SyncdProcess(["check"], configuration: replication.configuration(run.changes))
    #expect(check.waitForExit() == .status(1))
    #expect(check.output.contains("etcd has rows of \(name).t, which cannot be read any more"), "\(check.output)")
    #expect(check.output.contains("GRANT SELECT ON `\(name)`.* TO '\(user)'@'%';"), "\(check.output)")
    try run.sql("INSERT INTO w VALUES (2); UPDATE t SET v = 'e' WHERE id = 1")
    try run.start()
    try expectLeftOut("t", saying: grant, run, othersHave: "2")
    try mysql.sql(grant)
    try run.expectEqual()
    // Of a table that is really gone the keys go.
    try run.whileDown("DROP TABLE t")
    try run.expectEqual()
    #expect(try run.value("t", "1") == nil)
    run.stop()
    try mysql.sql("DROP USER \(user)@'%'")
  }

  /// What etcd has of the table stays, the log says once what to type, and a row of table w comes.
  private func expectLeftOut(
    _ table: String, saying grant: String, _ run: MySQLRun, othersHave key: String,
    location: SourceLocation = #_sourceLocation
  ) throws {
    let replication = run.replication
    let isSaid = run.syncd.waitForLine(containing: "may not read \(replication.name).\(table)", grant) != nil
    #expect(isSaid, "\(run.report)", sourceLocation: location)
    let isThere = try waitUntil(within: .seconds(20)) { try run.value("w", key) != nil }
    #expect(isThere, "\(run.report)", sourceLocation: location)
    #expect(try run.value(table, "1")?.contains("a") == true, sourceLocation: location)
    #expect(try run.value(table, "2") != nil && run.value(table, "3") == nil, sourceLocation: location)
  }

  /// One that we may not read in whole any more: its columns are not taken for all there are, whatever is done about
  /// a change of columns, and whether it is met at a look or by a question for what the log leaves out.
  @Test(arguments: zip(["mysql-9.7", "mariadb-10.11", "mysql-9.7"], ["redump", "redump", "keep"]))
  func columnsThatAreTakenAway(
    _ server: String, _ policy: String
  ) throws {
    let replication = try MySQLReplication(server)
    let name = replication.name
    try replication.database.sql(
      "CREATE TABLE t (id int PRIMARY KEY, v varchar(9) DEFAULT 'a'); CREATE TABLE w (id int PRIMARY KEY)")
    let user = try account(replication, "SELECT ON \(name).t", "SELECT ON \(name).w")
    let run = try MySQLRun(
      replication, "INSERT INTO t VALUES (1, 'a'), (2, 'b')",
      ["database": ["user": user], "tables": ["on_schema_change": policy]])
    try run.server.sql("REVOKE SELECT ON \(name).t FROM \(user)@'%'; GRANT SELECT (id) ON \(name).t TO \(user)@'%'")
    let minimal = "SET SESSION binlog_row_image = MINIMAL; "
    try run.sql(minimal + "INSERT INTO t (id) VALUES (3); INSERT INTO w VALUES (1)")
    let grant = "GRANT SELECT ON `\(name)`.`t` TO '\(user)'@'%';"
    try expectLeftOut("t", saying: grant, run, othersHave: "1")
    try run.whileDown(minimal + "INSERT INTO w VALUES (2); INSERT INTO t (id) VALUES (4)")
    try expectLeftOut("t", saying: grant, run, othersHave: "2")
    try run.server.sql(grant)
    try run.expectEqual()
    run.stop()
    try run.server.sql("DROP USER \(user)@'%'")
  }

  /// The catalogue shows such an account a table without the other columns.
  @Test(arguments: ["mysql-9.7", "mariadb-10.11"]) func columnsThatMayNotBeRead(_ server: String) throws {
    let replication = try MySQLReplication(server)
    let name = replication.name
    try replication.database.sql(Self.tables)
    let user = try account(replication, "SELECT ON \(name).u", "SELECT (id) ON \(name).t")
    let changes = ["database": ["user": user]]
    let refused = try replication.start(changes)
    #expect(refused.waitForExit() == .status(78), "\(refused.log.suffix(2000))")
    let grant = "GRANT SELECT ON `\(name)`.`t` TO '\(user)'@'%';"
    #expect(refused.lines.last?.contains(grant) == true, "\(refused.log.suffix(2000))")
    #expect(try replication.etcd.get(replication.key("t", "1")) == nil)
    try replication.database.server.sql(grant)
    let syncd = try replication.start(changes)
    let differences = try replication.differences()
    #expect(differences.isEmpty, "\(differences)\n\(syncd.log.suffix(2000))")
    #expect(syncd.terminate() == .status(0))
    try replication.database.server.sql("DROP USER \(user)@'%'")
  }

  private static let habits: [String: [String: String]] = [
    "mysql-9.7": [
      "sql_select_limit": "100", "max_join_size": "10", "completion_type": "'CHAIN'", "autocommit": "0",
      "max_execution_time": "1", "sql_quote_show_create": "0", "sql_generate_invisible_primary_key": "1",
      "show_gipk_in_create_table_and_information_schema": "0", "sql_mode": "'ANSI,PAD_CHAR_TO_FULL_LENGTH'",
    ],
    "mariadb-11.8": [
      "sql_select_limit": "100", "max_join_size": "10", "completion_type": "'CHAIN'", "autocommit": "0",
      "max_statement_time": "0.001", "sql_quote_show_create": "0", "idle_transaction_timeout": "1",
      "idle_readonly_transaction_timeout": "1", "sql_mode": "'ANSI,PAD_CHAR_TO_FULL_LENGTH'",
    ],
  ]

  /// New sessions are given limits and habits: ours have none of them.
  @Test(arguments: ["mysql-9.7", "mariadb-11.8"]) func habitsOfTheServer(_ server: String) throws {
    let mysql = try TestMySQL(server)
    let replication = try MySQLReplication(mysql: mysql)
    let rows = (1...1000).map { "(\($0), '{\"n\": \($0)}', 'x')" }.joined(separator: ",")
    let key = server == "mysql-9.7" ? "" : " PRIMARY KEY"
    try replication.database.sql(
      (server == "mysql-9.7" ? "SET SESSION sql_generate_invisible_primary_key = 1; " : "")
        + "CREATE TABLE t (id int\(key), j json, c char(9)); INSERT INTO t VALUES \(rows)")
    let names = Self.habits[server, default: [:]].keys.sorted()
    let before = try names.map { try mysql.rows("SELECT @@GLOBAL.\($0)")[0][0] }
    for name in names { try mysql.sql("SET GLOBAL \(name) = \(Self.habits[server]![name]!)") }
    let folder = try TestServer.program("mysqldump", of: server).dropLast("/mysqldump".count)
    let tool = try SyncdProcess(
      ["check"], configuration: replication.configuration(["database": ["mysql": "{dump: mysqldump}"]]),
      environment: ["PATH": "\(folder):/usr/bin:/bin"])
    #expect(tool.waitForExit() == .status(1))
    #expect(tool.output.contains("sql_select_limit is 100"), "\(tool.output)")
    let refused = try replication.start(["database": ["mysql": "{dump: mysqldump}"]])
    #expect(refused.waitForExit() == .status(69), "\(refused.log.suffix(2000))")
    #expect(refused.log.contains("SET GLOBAL sql_select_limit"), "\(refused.log.suffix(2000))")
    let syncd = try replication.start()
    #expect(try replication.waitUntilSyncing(within: .seconds(60)), "\(syncd.log.suffix(2000))")
    // The test's own sessions are to see all rows.
    for (name, value) in zip(names, before) {
      try mysql.sql("SET GLOBAL \(name) = \(value.allSatisfy { $0.isNumber || $0 == "." } ? value : "'\(value)'")")
    }
    let differences = try replication.differences()
    #expect(differences.isEmpty, "\(differences)\n\(syncd.log.suffix(2000))")
    #expect(syncd.terminate() == .status(0))
    try mysql.server.stop()
  }

  /// The catalogue is read by several queries. Tables whose definitions change places in between were never without a
  /// key.
  @Test(arguments: ["mysql-9.7", "mariadb-10.11"]) func tablesThatSwapWhileItStarts(_ server: String) throws {
    let run = try MySQLRun(
      on: server,
      "CREATE TABLE a (i int PRIMARY KEY, v int); CREATE TABLE b (k varchar(9) PRIMARY KEY, w int); "
        + "INSERT INTO a VALUES (1, 1), (2, 2); INSERT INTO b VALUES ('x', 1)")
    run.stop()
    let swap = "RENAME TABLE a TO c, b TO a, c TO b; DO SLEEP(0.005); "
    let swaps = try run.replication.database.sqlInBackground(String(repeating: swap, count: 1200))
    var starts = 0
    while swaps.exit == nil {
      try run.start()
      starts += 1
      _ = run.syncd.waitForLine(containing: "following the log", within: .milliseconds(300))
      #expect(run.syncd.terminate() == .status(0), "\(run.report)")
      #expect(!run.syncd.log.contains("level=error"), "\(run.report)")
    }
    #expect(swaps.exit == .status(0) && starts > 5)
    try run.start()
    try run.expectEqual()
    run.stop()
  }

  /// A table is to be dumped again and is dropped before the snapshot is taken: its keys go with it.
  @Test func aTableDroppedBeforeItIsDumped() throws {
    let run = try MySQLRun(
      on: "mariadb-10.11",
      "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY); CREATE TABLE m (id int PRIMARY KEY); "
        + "INSERT INTO a VALUES (1), (2); INSERT INTO b VALUES (1), (2)")
    run.syncd.process.send(signal: SIGSTOP)
    try run.sql("ALTER TABLE a ADD COLUMN z int; ALTER TABLE b ADD COLUMN z int")
    let holder = try run.replication.database.sqlInBackground(
      "LOCK TABLES a WRITE, m READ; DO SLEEP(1.2); UNLOCK TABLES")
    let isHeld = try waitUntil(within: .seconds(10)) {
      try run.server.rows("SELECT 1 FROM information_schema.processlist WHERE info LIKE 'DO SLEEP%'").count == 1
    }
    #expect(isHeld)
    run.syncd.process.send(signal: SIGCONT)
    #expect(
      run.syncd.waitForLine(containing: "tables to dump", ".a", ".b", within: .seconds(5)) != nil, "\(run.report)")
    try run.sql("DROP TABLE b")
    #expect(holder.waitForExit(within: .seconds(20)) == .status(0))
    try run.expectEqual()
    #expect(try run.value("b", "1") == nil, "\(run.report)")
    run.stop()
  }

  /// The first dump is interrupted, and a table that it had finished is dropped.
  @Test(arguments: ["mysql-9.7", "mariadb-10.11"]) func aTableDroppedAfterAnInterruptedDump(_ server: String) throws {
    let replication = try MySQLReplication(server)
    let rows = (1...1000).map { "(\($0), REPEAT('x', 200))" }.joined(separator: ",")
    let more = (0..<6).map { "INSERT INTO b SELECT id + \(1000 << $0), v FROM b" }.joined(separator: "; ")
    try replication.database.sql(
      "CREATE TABLE a (id bigint PRIMARY KEY); INSERT INTO a VALUES (1), (2); "
        + "CREATE TABLE b (id bigint PRIMARY KEY, v text); INSERT INTO b VALUES \(rows); \(more)")
    let first = try replication.start()
    let hasBegun = try waitUntil(within: .seconds(30)) { try replication.etcd.get(replication.key("b", "1")) != nil }
    #expect(hasBegun, "\(first.log.suffix(2000))")
    first.kill9()
    try replication.database.sql("DROP TABLE a; DELETE FROM b WHERE id > 1000")
    let syncd = try replication.start()
    let differences = try replication.differences(within: .seconds(60))
    #expect(differences.isEmpty, "\(differences)\n\(syncd.log.suffix(2000))")
    #expect(try replication.etcd.get(replication.key("a", "1")) == nil, "\(syncd.log.suffix(2000))")
    #expect(syncd.terminate() == .status(0))
  }

  /// A table without a key is left out for a while, and has its key again when another instance begins.
  @Test(arguments: ["mysql-9.7", "mariadb-10.11"], ["initial", "never"])
  func aTableThatIsLeftOutForAWhile(_ server: String, dump: String) throws {
    let run = try MySQLRun(
      on: server, "CREATE TABLE a (id int PRIMARY KEY, v int); CREATE TABLE b (id int PRIMARY KEY)",
      ["sync": ["dump": dump]])
    try run.sql("INSERT INTO a VALUES (1, 1), (2, 2), (3, 3)")
    try run.expectEqual()
    try run.sql("ALTER TABLE a DROP PRIMARY KEY")
    #expect(run.syncd.waitForLine(containing: "level=error", "no primary key") != nil, "\(run.report)")
    try run.sql("UPDATE a SET v = 9 WHERE id = 1; DELETE FROM a WHERE id = 2; INSERT INTO a VALUES (4, 4)")
    try run.sql("INSERT INTO b VALUES (1)")
    #expect(try waitUntil(within: .seconds(20)) { try run.value("b", "1") != nil }, "\(run.report)")
    run.kill9()
    try run.sql("ALTER TABLE a ADD PRIMARY KEY (id)")
    try run.start()
    try run.expectEqual()
    run.stop()
  }
}
