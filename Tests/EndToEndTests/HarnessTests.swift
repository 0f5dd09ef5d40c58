// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

/// The measure itself: would the other tests notice?
@Suite(.waits) struct HarnessTests {
  @Test func oracleFindsWhatIsMissingExtraAndDifferent() throws {
    let replication = try Replication()
    try replication.database.psql(
      """
      CREATE TABLE plain (id int PRIMARY KEY, name text, data bytea, at timestamptz, amount numeric(12,2),
                          double int GENERATED ALWAYS AS (id * 2) STORED);
      INSERT INTO plain VALUES (1, 'a "b"' || chr(10), '\\x0001ff', '2026-01-02 03:04:05+02', 12.50);
      INSERT INTO plain (id) VALUES (2), (3);
      CREATE TABLE "odd / näme" (b text, a int, PRIMARY KEY (a, b));
      INSERT INTO "odd / näme" VALUES ('x/y%' || chr(9) || '"', 7);
      CREATE TABLE keyless (x int);
      """)
    let etcd = replication.etcd
    let first = replication.key("plain", "1")
    try etcd.etcdctl(
      ["put", first],
      input: #"{"id":1,"name":"a \"b\"\n","data":"AAH/","at":"2026-01-02T01:04:05+00:00","amount":12.50}"#)
    try etcd.etcdctl(["put", replication.key("plain", "2"), "{}"])
    try etcd.etcdctl(["put", replication.key("plain", "9"), "{}"])
    let odd = "/\(replication.name)/public/odd %2F näme/7/x%2Fy%25%09\""
    try etcd.etcdctl(["put", odd, #"{"b":"x/y%\t\"","a":7}"#])

    let differences = try replication.differences(within: .zero)
    #expect(differences.rows == 4)
    #expect(differences.missing == [replication.key("plain", "3")])
    #expect(differences.extra == [replication.key("plain", "9")])
    #expect(differences.different.map(\.key) == [replication.key("plain", "2")])
    #expect("\(differences)".hasPrefix("4 rows: 1 missing, 1 extra, 1 different"))
  }

  @Test func historyHoldsEveryPutAndDelete() throws {
    let replication = try Replication()
    let key = replication.key("t", "1")
    let etcd = replication.etcd
    let start = try etcd.revision
    try etcd.etcdctl(["put", key, "one"])
    try etcd.etcdctl(["put", key, "two"])
    try etcd.etcdctl(["del", key])
    let history = try etcd.history(folder: replication.rowsFolder, from: start + 1)
    #expect(history.map(\.text) == ["one", "two", ""])
    #expect(history.map(\.version) == [1, 2, 0])
    #expect(try etcd.get(key) == nil)
  }

  @Test func serversComeBackOnTheirData() throws {
    let postgres = try TestPostgres()
    let database = try postgres.createDatabase()
    try database.psql("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)")
    try postgres.server.kill9()
    #expect(throws: CommandError.self) { try database.psql("SELECT 1") }
    try postgres.server.restart()
    #expect(try database.rows("SELECT id, NULL, '' FROM t") == [["1", "", ""]])
    try postgres.server.stop()

    let etcd = try TestEtcd()
    try etcd.etcdctl(["put", "/a", "1"])
    try etcd.members[0].pause()
    #expect(throws: CommandError.self) { try etcd.etcdctl(["--command-timeout", "300ms", "get", "/a"]) }
    try etcd.members[0].resume()
    try etcd.members[0].kill9()
    try etcd.members[0].restart()
    #expect(try etcd.get("/a")?.text == "1")
  }

  @Test func clusterLivesOnWithTwoOfThree() throws {
    let cluster = try TestEtcd.cluster()
    try cluster.etcdctl(["put", "/a", "1"])
    try cluster.members[0].kill9()
    let isBack = waitUntil(within: .seconds(20)) {
      (try? cluster.etcdctl(["--command-timeout", "1s", "put", "/a", "2"])) != nil
    }
    #expect(isBack)
    try cluster.members[0].restart()
    #expect(try cluster.get("/a")?.text == "2")
  }
}
