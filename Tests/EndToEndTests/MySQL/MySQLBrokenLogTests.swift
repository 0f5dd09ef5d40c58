// SPDX-License-Identifier: Apache-2.0
import Foundation
import Support
import Testing

/// S26, S29: a log in which changes are missing, and one whose bytes are not those that were written.
@Suite(.waits) struct MySQLBrokenLogTests {
  /// For statements of engines without transactions.
  private static let smallCache = ["--max-binlog-stmt-cache-size=4096", "--binlog-stmt-cache-size=4096"]

  private static let tables = """
    CREATE TABLE m (id int PRIMARY KEY, body text) ENGINE = MyISAM; CREATE TABLE t (id int PRIMARY KEY, body text);
    INSERT INTO m VALUES (1, 'one'); INSERT INTO t VALUES (1, 'one')
    """

  /// A statement that is larger than the server's cache fails and leaves its rows in the table; the log says only that
  /// something is missing.
  @Test(arguments: ["mysql-9.7", "mariadb-10.11"], ["auto", "off"]) func S29_incident(
    _ server: String, _ gtid: String
  ) throws {
    let mysql = try TestMySQL(server, flags: Self.smallCache)
    let run = try MySQLRun(
      MySQLReplication(mysql: mysql), Self.tables, ["database": ["mysql": "{gtid: \(gtid)}"]])
    try run.expectEqual()
    try incident(run, 2)
    try run.sql("INSERT INTO t VALUES (2, 'behind it')")
    try run.expectEqual()
    #expect(try dumps(run) == 2, "every chosen table, once: \(run.report)")
    run.stop()
    try incident(run, 4)
    try run.sql("UPDATE t SET body = 'behind the second' WHERE id = 2")
    try run.start()
    try run.expectEqual()
    #expect(try dumps(run) == 3, "\(run.report)")
    // Who comes back to a log with incidents that are behind him does not stop at them.
    try run.whileDown("INSERT INTO t VALUES (3, 'three')")
    try run.sql("DELETE FROM m WHERE id = 1")
    try run.expectEqual()
    #expect(try dumps(run) == 3, "\(run.report)")
    run.stop()
    try mysql.server.stop()
  }

  private func incident(_ run: MySQLRun, _ id: Int) throws {
    #expect(throws: CommandError.self) {
      try run.sql("INSERT INTO m VALUES (\(id), REPEAT('y', 20000)), (\(id + 1), REPEAT('z', 20000))")
    }
    #expect(try run.replication.database.rows("SELECT id FROM m WHERE id = \(id)").count == 1)
  }

  /// How often table t has been dumped: no statement touches its first row.
  private func dumps(_ run: MySQLRun) throws -> Int {
    let key = run.replication.key("t", "1")
    return try run.replication.history().filter { $0.key == key && $0.version > 0 }.count
  }

  /// One row that is larger than the cache leaves the first half of an event in the log.
  @Test(arguments: ["mysql-9.7", "mariadb-10.11"]) func S26_eventThatTheServerHasCutOff(_ server: String) throws {
    let mysql = try TestMySQL(server, flags: Self.smallCache)
    let run = try MySQLRun(MySQLReplication(mysql: mysql), Self.tables)
    try run.expectEqual()
    #expect(throws: CommandError.self) { try run.sql("UPDATE m SET body = REPEAT('q', 9000)") }
    for id in 2...20 { try run.sql("INSERT INTO t VALUES (\(id), REPEAT('x', 1000))") }
    try run.expectEqual(within: .seconds(60))
    try run.sql("DELETE FROM t WHERE id = 2")
    try run.expectEqual()
    run.stop()
    try mysql.server.stop()
  }

  /// A byte of a row is another one on the server's disk. Whether it verifies its log itself is its operator's choice;
  /// either way nothing of it reaches etcd, and what it said is read from the table.
  @Test(arguments: ["mysql-9.7", "mariadb-10.11"], ["OFF", "ON"]) func S26_wrongChecksum(
    _ server: String, _ verified: String
  ) throws {
    let mysql = try TestMySQL(server)
    let run = try MySQLRun(MySQLReplication(mysql: mysql), Self.tables)
    try run.expectEqual()
    run.stop()
    try mysql.sql("SET GLOBAL \(mysql.isMariaDB ? "master" : "source")_verify_checksum = \(verified)")
    try run.sql("INSERT INTO t VALUES (2, 'two')")
    let file = try #require(try mysql.logFiles().last)
    try run.sql("INSERT INTO t VALUES (3, 'a word that becomes another')")
    try damage("a word that becomes another", in: "\(mysql.server.folder)/data/\(file)")
    try run.sql("INSERT INTO t VALUES (4, 'four')")
    // For the GTID of a place in it MariaDB reads a file from its beginning, and says which one it cannot read only by
    // answering nothing.
    if mysql.isMariaDB, verified == "ON" {
      let early = try run.replication.start()
      #expect(early.waitForExit() == .status(69), "\(early.log.suffix(1500))")
      #expect(early.lines.last?.contains("FLUSH BINARY LOGS") == true, "\(early.log.suffix(1500))")
      try mysql.flushLog()
    }

    try run.start(["sync": ["on_lost_position": "stop"]])
    #expect(run.syncd.waitForExit(within: .seconds(60)) == .status(74), "\(run.report)")
    let last = run.syncd.lines.last ?? ""
    #expect(last.contains("on_lost_position"), "\(last)")
    // Where the server has looked, it says what it pleases.
    if verified == "OFF" {
      #expect(last.contains(file) && last.contains("checksum") && last.contains("Write_rows"), "\(last)")
    }
    try run.start()
    try run.expectEqual(within: .seconds(60))
    try run.sql("INSERT INTO t VALUES (5, 'five')")
    try run.expectEqual()
    let key = run.replication.key("t", "3")
    let words = try run.replication.history().filter { $0.key == key }.map(\.text)
    #expect(words == [#"{"id":3,"body":"a word that becomes another"}"#], "\(run.report)")
    run.stop()
    try mysql.server.stop()
  }

  /// Turns a letter of `word` into its neighbour.
  private func damage(_ word: String, in path: String) throws {
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
    defer { try? file.close() }
    let bytes = try #require(try file.readToEnd())
    let place = try #require(bytes.range(of: Data(word.utf8), options: .backwards)?.lowerBound)
    try file.seek(toOffset: UInt64(place))
    try file.write(contentsOf: [bytes[place] ^ 1])
  }
}
