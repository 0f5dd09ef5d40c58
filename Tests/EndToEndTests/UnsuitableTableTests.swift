// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

/// One table that cannot be followed is left out, with the line that mends it; the others go on.
@Suite(.waits) struct UnsuitableTableTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var spoil: String
    var mend: String
    /// What the log and `check` say.
    var text: String
  }

  private static let cases = [
    Case(
      testDescription: "a new table of another role",
      spoil: "CREATE TABLE n (id int PRIMARY KEY); INSERT INTO n VALUES (1); GRANT SELECT ON n TO sync",
      mend: "ALTER TABLE n OWNER TO sync", text: "does not own public.n"),
    Case(
      testDescription: "row-level security",
      spoil: "ALTER TABLE t ENABLE ROW LEVEL SECURITY; ALTER TABLE t FORCE ROW LEVEL SECURITY",
      mend: "ALTER TABLE t NO FORCE ROW LEVEL SECURITY", text: "policies of public.t may hide rows"),
    Case(
      testDescription: "no replica identity", spoil: "ALTER TABLE t REPLICA IDENTITY NOTHING",
      mend: "ALTER TABLE t REPLICA IDENTITY DEFAULT", text: "the replica identity of public.t"),
    Case(
      testDescription: "no privilege", spoil: "REVOKE ALL ON t FROM sync", mend: "GRANT ALL ON t TO sync",
      text: "may not read public.t"),
  ]

  @Test(arguments: cases) func othersGoOn(_ one: Case) throws {
    let (replication, first) = try running(
      "CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (1, 1); CREATE TABLE o (id int PRIMARY KEY)")
    let database = replication.database
    try database.psql(one.spoil, as: "postgres")
    #expect(first.waitForLine(containing: one.text, within: .seconds(35)) != nil, "\(first.log.suffix(2500))")
    try database.psql("INSERT INTO o VALUES (1)")
    try expectRow("1", replication, first)
    try database.psql("UPDATE t SET n = 2", as: "postgres")
    first.kill9()
    let check = try SyncdProcess(["check"], configuration: replication.configuration())
    #expect(check.waitForExit() == .status(1))
    #expect(check.output.contains(one.text), "\(check.output)")
    // What became of one table while nobody looked does not hold the others up either.
    let syncd = try replication.start()
    #expect(syncd.waitForLine(containing: one.text) != nil, "\(syncd.log.suffix(2500))")
    try database.psql("INSERT INTO o VALUES (2)", as: "postgres")
    try expectRow("2", replication, syncd)
    try database.psql(one.mend, as: "postgres")
    try expectEqual(replication, syncd)
    #expect(syncd.terminate() == .status(0))
  }

  private func expectRow(
    _ key: String, _ replication: Replication, _ syncd: SyncdProcess, location: SourceLocation = #_sourceLocation
  ) throws {
    let isThere = try waitUntil(within: .seconds(20)) { try replication.etcd.get(replication.key("o", key)) != nil }
    #expect(isThere, "\(syncd.log.suffix(2500))", sourceLocation: location)
  }

  /// A configuration that asks for what is not there is not begun with.
  @Test(arguments: cases) func theFirstRunIsRefused(_ one: Case) throws {
    let replication = try Replication()
    try replication.database.psql("CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (1, 1)")
    try replication.database.psql(one.spoil, as: "postgres")
    let refused = try replication.start()
    #expect(refused.waitForExit() == .status(78))
    #expect(refused.lines.last?.contains(one.text) == true, "\(refused.log.suffix(2000))")
    try replication.database.psql(one.mend, as: "postgres")
    let syncd = try replication.start()
    try expectEqual(replication, syncd)
  }

  /// What is missing in a publication that is kept by others does not hold up what it carries.
  @Test func aPublicationOfOthers() throws {
    let replication = try Replication()
    try replication.database.psql(
      "CREATE TABLE o (id int PRIMARY KEY); CREATE PUBLICATION theirs FOR TABLE o WITH (publish_via_partition_root)")
    let changes = [
      "database": ["postgres": "{slot: \(replication.name), publication: theirs, create_publication: false}"]
    ]
    let syncd = try replication.start(changes)
    try expectEqual(replication, syncd)
    try replication.database.psql("CREATE TABLE n (id int PRIMARY KEY); INSERT INTO n VALUES (1)")
    let line = try #require(syncd.waitForLine(containing: "does not carry public.n", within: .seconds(35)))
    try replication.database.psql("INSERT INTO o VALUES (1)")
    try expectRow("1", replication, syncd)
    let mend = #"ALTER PUBLICATION "theirs" ADD TABLE "public"."n";"#
    #expect(line.contains(mend.replacing("\"", with: "\\\"")), "\(line)")
    try replication.database.psql(mend)
    try expectEqual(replication, syncd)
  }
}
