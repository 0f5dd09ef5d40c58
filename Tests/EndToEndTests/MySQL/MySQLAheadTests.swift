// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

/// The server is asked for what an INSERT leaves out, and answers of a time at which the row has gone on.
@Suite(.waits) struct MySQLAheadTests {
  private static let numbers = (1...25).map { "(\($0))" }.joined(separator: ",")

  /// More than requests hold: what comes before it is in etcd when what comes behind it is read.
  private static let apart =
    "INSERT INTO apart SELECT n + @n, REPEAT('u', 60000) FROM numbers; SET @n = @n + 100;"

  private static let tables =
    "CREATE TABLE numbers (n int PRIMARY KEY); INSERT INTO numbers VALUES \(numbers); "
    + "CREATE TABLE apart (id int PRIMARY KEY, body text);"

  /// The key that a row had is another row's by then.
  @Test(arguments: TestMySQL.names, [false, true])
  func S27_keysThatSwapLater(_ server: String, _ isKilled: Bool) throws {
    let run = try MySQLRun(
      on: server,
      """
      \(Self.tables)
      CREATE TABLE t (id int PRIMARY KEY, v int, tag varchar(9) DEFAULT 'none'); INSERT INTO t VALUES (1, 1, 'first')
      """)
    try run.expectEqual()
    run.stop()
    try run.sql(
      """
      SET SESSION binlog_row_image = MINIMAL; SET @n = 0; INSERT INTO t (id, v) VALUES (2, 2); \(Self.apart)
      BEGIN; UPDATE t SET id = -1 WHERE id = 1; UPDATE t SET id = 1 WHERE id = 2; UPDATE t SET id = 2 WHERE id = -1;
      COMMIT; \(Self.apart) UPDATE t SET v = 3 WHERE id = 1
      """)
    try run.start()
    if isKilled {
      // What was asked is in etcd, and nobody remembers that it was.
      #expect(try waitUntil(within: .seconds(30)) { try run.value("t", "2") != nil }, "\(run.report)")
      run.kill9()
      try run.start()
    }
    try run.expectEqual()
    #expect(run.tableDumps == 0, "\(run.report)")
    run.stop()
  }

  /// A row that has moved is asked for, and a later change of a part of its document is in the answer.
  @Test(arguments: ["FULL", "MINIMAL"]) func S27_documentsThatChangeLater(_ image: String) throws {
    let run = try MySQLRun(
      "\(Self.tables) CREATE TABLE t (id int PRIMARY KEY, j json, v int); INSERT INTO t VALUES (1, '[1, 2, 3]', 0)")
    try run.expectEqual()
    run.stop()
    try run.sql(
      """
      SET SESSION binlog_row_image = MINIMAL; SET @n = 0; UPDATE t SET id = 2; \(Self.apart)
      SET SESSION binlog_row_value_options = PARTIAL_JSON; SET SESSION binlog_row_image = \(image);
      UPDATE t SET j = JSON_REMOVE(j, '$[0]'); \(Self.apart) UPDATE t SET v = 1
      """)
    try run.start()
    try run.expectEqual()
    #expect(run.tableDumps == 0, "\(run.report)")
    run.stop()
  }
}
