// SPDX-License-Identifier: Apache-2.0
import Foundation
import Support
import Testing

/// S25: a transaction above 4 GiB, and transactions behind it in the same file, whose positions have more than 32 bits.
///
/// It takes minutes and some 15 GB of disk space: only with `SYNC_LARGE=1` (`make large`).
@Suite(.serialized, .waits, .enabled(if: ProcessInfo.processInfo.environment["SYNC_LARGE"] == "1"))
struct MySQLLargeLogTests {
  /// Of the rows whose images, before and after, make the log large: each event is above 32 MiB.
  private static let bodySize = 17_000_000
  private static let updates = 130
  /// Transactions behind the large one, and rows of each.
  private static let followers = 8
  private static let rowsOfEach = 6000
  private static let limit = UInt64(UInt32.max)

  @Test(arguments: ["mysql-9.7", "mariadb-10.11"], ["auto", "off"]) func S25_above4GiB(
    _ server: String, _ gtid: String
  ) throws {
    let mysql = try TestMySQL(server, flags: ["--max-allowed-packet=67108864"])
    let replication = try MySQLReplication(mysql: mysql, etcd: TestEtcd())
    let body = "REPEAT('x', \(Self.bodySize))"
    let run = try MySQLRun(
      replication,
      """
      CREATE TABLE t (id int PRIMARY KEY, body longblob, n int); CREATE TABLE s (id int PRIMARY KEY, word text);
      INSERT INTO t VALUES (1, \(body), 0), (2, \(body), 0)
      """,
      [
        "database": ["mysql": "{gtid: \(gtid)}"],
        "tables": ["columns": "{exclude: [\"\(replication.name).t.body\"]}"],
      ])
    let withoutBody: (inout RowOracle) -> Void = { $0.excludedColumns = ["\(replication.name).t.body"] }
    try run.expectEqual(withoutBody)
    let file = try #require(try mysql.logFiles().last)
    // A log that is read while it is written would be behind us before we look.
    run.stop()
    try writeLargeTransaction(mysql, replication.database)
    try run.start()

    var peaks: [Int] = []
    let isWithin = { (checkpoint: String) in checkpoint.contains(#""applied":"#) }
    let isBehind = { (checkpoint: String) in Self.offset(checkpoint) > Self.limit && checkpoint.contains(file) }
    for isThere in [isWithin, isBehind] {
      let isReached = try waitUntil(within: .seconds(400)) { try isThere(run.checkpoint()) }
      #expect(isReached, "\(run.report)")
      peaks.append(Self.peak(run.syncd))
      run.kill9()
      let checkpoint = try run.checkpoint()
      #expect(isThere(checkpoint), "\(checkpoint)")
      try run.start()
    }
    try run.expectEqual(within: .seconds(400), withoutBody)
    peaks.append(Self.peak(run.syncd))
    try run.sql("UPDATE t SET n = -1 WHERE id = 2; DELETE FROM s WHERE id < 10")
    try run.expectEqual(withoutBody)
    let puts = try replication.etcd.history(folder: replication.key("s", ""), from: 1).filter { $0.version > 0 }
    #expect(Set(puts.map(\.key)).count == puts.count, "no row is put twice")
    print("S25 \(server), gtid \(gtid): VmHWM \(peaks) kB, \(try mysql.rows("SHOW BINARY LOGS").map { $0[1] }) bytes")
    #expect(peaks.allSatisfy { $0 < 300_000 }, "\(peaks) kB")
    run.stop()
    try mysql.server.stop()
    try replication.etcd.members[0].stop()
    try FileManager.default.removeItem(atPath: mysql.server.folder + "/data")
  }

  /// A file is larger than `max_binlog_size` only by the transactions of one group: the others are made to be in it.
  private func writeLargeTransaction(_ mysql: TestMySQL, _ schema: TestSchema) throws {
    let large = (1...Self.updates).map { number in
      let rows = number % 10 == 0 ? Self.insert(number) : ""
      return "UPDATE t SET n = \(number) WHERE id = \(number % 2 + 1);\n" + rows
    }.joined()
    if mysql.isMariaDB {
      try mysql.sql(
        "SET GLOBAL binlog_commit_wait_count = \(Self.followers + 1); SET GLOBAL binlog_commit_wait_usec = 100000000")
    }
    let writer = try schema.sqlInBackground("BEGIN;\n\(large)COMMIT")
    let isCommitting = try waitUntil(within: .seconds(200)) {
      let committing = "SELECT id FROM information_schema.processlist WHERE info = 'COMMIT'"
      return try !mysql.rows(committing).isEmpty || writer.exit != nil
    }
    #expect(isCommitting)
    let others = try (1...Self.followers).map { number in
      try schema.sqlInBackground("BEGIN;\n\(Self.insert(1000 + number))COMMIT")
    }
    for session in [writer] + others {
      let exit = session.waitForExit(within: .seconds(200))
      #expect(exit == .status(0), "\(String(decoding: session.errors, as: UTF8.self))")
    }
    if mysql.isMariaDB { try mysql.sql("SET GLOBAL binlog_commit_wait_count = 0") }
  }

  private static func insert(_ number: Int) -> String {
    // Long enough for the large transaction to need a request every few hundred MB.
    let word = String(repeating: "w", count: 80)
    let rows = (0..<rowsOfEach).map { "(\(number * 10000 + $0), '\(word)')" }.joined(separator: ",")
    return "INSERT INTO s VALUES \(rows);\n"
  }

  private static func offset(_ checkpoint: String) -> UInt64 {
    checkpoint.firstMatch(of: /"offset":(\d+)/).flatMap { UInt64($0.1) } ?? 0
  }

  /// The most memory that it has had, in kB.
  private static func peak(_ syncd: SyncdProcess) -> Int {
    let status = (try? String(contentsOfFile: "/proc/\(syncd.process.pid)/status", encoding: .utf8)) ?? ""
    return status.firstMatch(of: /VmHWM:\s+(\d+)/).flatMap { Int($0.1) } ?? .max
  }
}
