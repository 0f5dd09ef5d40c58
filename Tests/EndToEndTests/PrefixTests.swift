// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

/// S40: whose the keys below a prefix are.
@Suite(.waits) struct PrefixTests {
  private static func replication(_ id: Int) throws -> Replication {
    let replication = try Replication()
    try replication.database.psql("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (\(id))")
    return replication
  }

  private func owner<Source>(_ replication: SourceReplication<Source>, _ prefix: String) throws -> String? {
    try replication.etcd.get("/_sync/owner/\(prefix)")?.text
  }

  /// The prefix is what the template says, whichever part of it says so.
  @Test func S40_samePrefixByAnotherTemplate() throws {
    let first = try Self.replication(1)
    let syncd = try first.start()
    #expect(try first.differences().isEmpty, "\(syncd.log.suffix(1500))")
    #expect(try owner(first, first.name) == first.name)
    let second = try Self.replication(2)
    for key in ["\(first.name)/{schema}/{table}/{key}", "\(first.name)/public/{table}/{key}"] {
      let changes = ["sync": ["key": "\"\(key)\""]]
      let check = try SyncdProcess(["check"], configuration: second.configuration(changes))
      #expect(check.waitForExit() == .status(1), "\(check.output)\n\(check.log)")
      let refused = try second.start(changes)
      #expect(refused.waitForExit() == .status(75), "\(refused.log.suffix(1500))")
      #expect(refused.lines.last?.contains("/\(first.name)/") == true, "\(refused.log.suffix(1500))")
    }
    #expect(try first.differences().isEmpty)
    #expect(try second.etcd.get(prefix: "/_sync/owner/\(second.name)").isEmpty)
    #expect(syncd.terminate() == .status(0))
  }

  /// Prefixes that end inside a name.
  @Test func S40_prefixesBesideEachOther() throws {
    let first = try Self.replication(1)
    let second = try Self.replication(2)
    func changes(_ mark: String) -> [String: [String: String]] {
      ["etcd": ["path": first.name], "sync": ["key": "\"{path}/\(mark){table}/{key}\""]]
    }
    let one = try first.start(changes("x_"))
    let other = try second.start(changes("y_"))
    func key(_ mark: String, _ id: Int) -> String { "/\(first.name)/\(mark)t/\(id)" }
    let areThere = try waitUntil(within: .seconds(30)) {
      try first.etcd.get(key("x_", 1)) != nil && first.etcd.get(key("y_", 2)) != nil
    }
    #expect(areThere, "\(one.log.suffix(1500))\n\(other.log.suffix(1500))")
    #expect(try owner(first, "\(first.name)/x_*") == first.name)
    let third = try Self.replication(3).start(changes("x_t"))
    #expect(third.waitForExit() == .status(75), "\(third.log.suffix(1500))")
    #expect(one.terminate() == .status(0))
    #expect(other.terminate() == .status(0))
  }

  /// Once its rows are elsewhere, a prefix is free for another replication; what an earlier version has marked by
  /// `etcd.path` alone is so too.
  @Test func S40_prefixThatWasLeft() throws {
    let first = try Self.replication(1)
    let earlier = try first.start()
    #expect(try first.differences().isEmpty, "\(earlier.log.suffix(1500))")
    #expect(earlier.terminate() == .status(0))
    try first.etcd.etcdctl(["put", "/_sync/owner/\(first.name)-path-alone", first.name])
    let path = "\(first.name)-another"
    let moved = try first.start(["etcd": ["path": path]])
    #expect(moved.waitForLine(containing: "following the log") != nil, "\(moved.log.suffix(1500))")
    #expect(try first.etcd.get("/\(path)/public/t/1") != nil)
    #expect(try first.etcd.get(prefix: first.rowsFolder).isEmpty)
    #expect(try owner(first, path) == first.name)
    #expect(try owner(first, first.name) == nil)
    #expect(try owner(first, "\(first.name)-path-alone") == nil)
    let second = try Self.replication(2)
    let next = try second.start(["etcd": ["path": first.name]])
    #expect(next.waitForLine(containing: "following the log") != nil, "\(next.log.suffix(1500))")
    #expect(try second.etcd.get("/\(first.name)/public/t/2") != nil)
    #expect(moved.terminate() == .status(0))
    #expect(next.terminate() == .status(0))
  }

  /// A configuration that is rolled out: the standby has it first, and claims nothing before it leads.
  @Test func S40_standbyWithAnotherPrefix() throws {
    let replication = try Self.replication(1)
    let leader = try replication.start()
    #expect(try replication.differences().isEmpty, "\(leader.log.suffix(1500))")
    let path = "\(replication.name)-another"
    let standby = try replication.start(["etcd": ["path": path]])
    #expect(standby.waitForLine(containing: "standing by") != nil, "\(standby.log.suffix(1500))")
    #expect(try owner(replication, path) == nil)
    #expect(leader.terminate() == .status(0))
    #expect(standby.waitForLine(containing: "following the log") != nil, "\(standby.log.suffix(1500))")
    #expect(try owner(replication, path) == replication.name)
    #expect(try owner(replication, replication.name) == nil)
    #expect(standby.terminate() == .status(0))
  }

  @Test(arguments: ["mysql-9.7", "mariadb-10.11"]) func S40_prefixThatWasLeftByMySQL(_ server: String) throws {
    let run = try MySQLRun(on: server, "CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)")
    try run.expectEqual()
    run.stop()
    let replication = run.replication
    // Within the old prefix, which no row of ours is below any more all the same.
    let path = "\(replication.name)/within"
    try run.start(["etcd": ["path": path]])
    #expect(run.syncd.waitForLine(containing: "following the log") != nil, "\(run.report)")
    #expect(try owner(replication, path) == replication.name)
    #expect(try owner(replication, replication.name) == nil)
    #expect(try replication.etcd.get(prefix: replication.rowsFolder).map(\.key) == ["/\(path)/\(replication.name)/t/1"])
    run.stop()
  }
}
