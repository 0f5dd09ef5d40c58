// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

/// The command line as a person or a service manager meets it: exit status and last words.
@Suite(.serialized, .waits) struct CommandTests {
  @Test(arguments: [
    ("databse:\n  host: x\n", "database"),
    ("database:\n  hots: x\n", "host"),
    ("database:\n  port: many\n", "port"),
    ("etcd:\n  dial_timeout: soon\n", "dial_timeout"),
    ("tables: [not, a, section]\n", "tables"),
    ("database: {host: [\n", "line"),
  ])
  func wrongConfigurationExits78(_ text: String, _ named: String) throws {
    let syncd = try SyncdProcess(configuration: text)
    #expect(syncd.waitForExit() == .status(78), "\(syncd.log)")
    #expect(syncd.log.contains(named), "\(syncd.log)")
    #expect(syncd.lines.last?.contains("config-") == true, "the last line names the file: \(syncd.log)")
  }

  @Test func missingFileExits78() throws {
    let syncd = try SyncdProcess(["--config-file", "/does/not/exist.yml"])
    #expect(syncd.waitForExit() == .status(78), "\(syncd.log)")
  }

  @Test func wrongUsageExits64() throws {
    for arguments in [["--no-such-option"], ["no-such-command"]] {
      #expect(try SyncdProcess(arguments).waitForExit() == .status(64))
    }
  }

  @Test func versionSaysWhatItIs() throws {
    let syncd = try SyncdProcess(["version"])
    #expect(syncd.waitForExit() == .status(0))
    #expect(!syncd.output.isEmpty)
  }

  @Test func unreachableServersExit69() throws {
    let replication = try Replication()
    try replication.database.psql("CREATE TABLE t (id int PRIMARY KEY)")
    // Port 1 of this machine: nobody listens there.
    for changes in [
      ["database": ["port": "1", "connection_retries": "1"]],
      ["etcd": ["endpoints": #"["127.0.0.1:1"]"#, "dial_timeout": "2s"], "database": ["connection_retries": "1"]],
      ["database": ["password": "not-the-password", "connection_retries": "1"]],
    ] {
      let syncd = try replication.start(changes)
      #expect(syncd.waitForExit(within: .seconds(60)) == .status(69), "\(changes)\n\(syncd.log.suffix(2000))")
      #expect(!syncd.log.contains("not-the-password"), "a secret in the log")
    }
  }

  @Test func syncDisabledExits0() throws {
    let syncd = try SyncdProcess(configuration: "database:\n  name: shop\nsync:\n  enabled: false\n")
    #expect(syncd.waitForExit() == .status(0), "\(syncd.log)")
  }

  @Test func checkChangesNothing() throws {
    let replication = try Replication()
    try replication.database.psql("CREATE TABLE t (id int PRIMARY KEY)")
    let check = try SyncdProcess(["check"], configuration: replication.configuration())
    #expect(check.waitForExit() == .status(0), "\(check.output)\n\(check.log)")
    #expect(try replication.database.rows("SELECT 1 FROM pg_publication").isEmpty)
    #expect(
      try replication.database.rows(
        "SELECT 1 FROM pg_replication_slots WHERE slot_name = '\(replication.name)'"
      ).isEmpty)
    #expect(try replication.etcd.get(prefix: "/_sync/\(replication.name)/").isEmpty)
  }

  @Test func checkNamesATableWithoutKey() throws {
    let replication = try Replication()
    try replication.database.psql("CREATE TABLE keyless_one (x int)")
    let check = try SyncdProcess(["check"], configuration: replication.configuration())
    #expect(check.waitForExit() == .status(1), "\(check.output)\n\(check.log)")
    #expect(check.output.contains("keyless_one"), "\(check.output)")
  }

  /// Two rows with one key from `tables.keys` would be one key in etcd. A deferrable constraint is not enough: the log
  /// shows both rows with the key before one of them gives it up.
  @Test func checkNamesAKeyThatNothingMakesUnique() throws {
    let replication = try Replication()
    try replication.database.psql(
      "CREATE TABLE t (x int NOT NULL, y int UNIQUE DEFERRABLE); ALTER TABLE t REPLICA IDENTITY FULL")
    let configuration = replication.configuration(["tables": ["keys": #"{"public.t": [x]}"#]])
    let warned = try SyncdProcess(["check"], configuration: configuration)
    #expect(warned.waitForExit() == .status(0), "\(warned.output)\n\(warned.log)")
    #expect(warned.output.contains(#"CREATE UNIQUE INDEX ON "public"."t" ("x");"#), "\(warned.output)")
    try replication.database.psql(#"CREATE UNIQUE INDEX ON "public"."t" ("x");"#)
    let accepted = try SyncdProcess(["check"], configuration: configuration)
    #expect(accepted.waitForExit() == .status(0), "\(accepted.output)\n\(accepted.log)")
    #expect(!accepted.output.contains("CREATE UNIQUE INDEX"), "\(accepted.output)")
  }

  /// What `run` would not go on from: bytes of somebody else, a later version's, another source's.
  @Test func checkRefusesTheCheckpointThatRunRefuses() throws {
    let replication = try Replication()
    try replication.database.psql("CREATE TABLE t (id int PRIMARY KEY)")
    let other = try MySQLRun(on: "mysql-9.7", "CREATE TABLE t (id int PRIMARY KEY)")
    other.stop()
    for checkpoint in ["junk", #"{"format":2}"#, try other.checkpoint()] {
      try replication.etcd.etcdctl(["put", replication.stateFolder + "checkpoint", checkpoint])
      let check = try SyncdProcess(["check"], configuration: replication.configuration())
      #expect(check.waitForExit() == .status(1), "\(check.output)\n\(check.log)")
      let problem = check.output.split(separator: "\n").first { $0.hasPrefix("problem") }
      #expect(problem?.contains(replication.stateFolder + "checkpoint is ") == true, "\(check.output)")
      #expect(problem?.contains("type: ") == true, "\(check.output)")
      let run = try replication.start()
      #expect(run.waitForExit() == .status(78), "\(run.log.suffix(1500))")
      #expect(run.lines.last?.contains(replication.stateFolder + "checkpoint is ") == true, "\(run.log.suffix(1500))")
    }
  }

  @Test func checkNamesTheSettingThatIsMissing() throws {
    let postgres = try TestPostgres(flags: ["-c", "wal_level=replica"])
    let replication = try Replication(postgres: postgres)
    try replication.database.psql("CREATE TABLE t (id int PRIMARY KEY)")
    let check = try SyncdProcess(["check"], configuration: replication.configuration())
    #expect(check.waitForExit() == .status(1), "\(check.output)\n\(check.log)")
    #expect(check.output.contains("wal_level"), "\(check.output)")
    #expect(check.output.contains("replica"), "\(check.output)")
    #expect(check.output.lowercased().contains("alter system"), "\(check.output)")
  }
}
