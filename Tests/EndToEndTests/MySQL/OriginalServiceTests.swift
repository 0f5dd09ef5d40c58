// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

/// What the original service could not do with MySQL: each of its shortcomings is a test.
@Suite(.serialized, .waits) struct OriginalServiceTests {
  @Test(arguments: TestMySQL.names) func tablesAreAlteredWhileItRuns(_ server: String) throws {
    let run = try MySQLRun(
      on: server,
      """
      CREATE TABLE a (id int PRIMARY KEY, n int, gone int); INSERT INTO a VALUES (1, 1, 1), (2, 2, 2);
      CREATE TABLE b (id int PRIMARY KEY, e enum('x', 'y')); INSERT INTO b VALUES (1, 'x'), (2, 'y')
      """)
    try run.expectEqual()
    try run.sql(
      """
      ALTER TABLE a ADD COLUMN extra varchar(20) NOT NULL DEFAULT 'given' AFTER id; INSERT INTO a VALUES (3, 'x', 3, 3);
      ALTER TABLE a DROP COLUMN gone, CHANGE COLUMN n m bigint FIRST; INSERT INTO a VALUES (4, 4, 'y');
      """)
    try run.expectEqual()
    try run.sql(
      """
      ALTER TABLE b MODIFY e enum('new', 'y', 'x'); INSERT INTO b VALUES (3, 'new');
      ALTER TABLE b ADD s set('p', 'q') DEFAULT 'q'; UPDATE b SET s = 'p,q' WHERE id = 1
      """)
    try run.expectEqual()
    try run.sql(
      "ALTER TABLE a RENAME TO c; INSERT INTO c VALUES (5, 5, 'z'); DROP TABLE b; CREATE TABLE b (k int PRIMARY KEY)")
    try run.expectEqual()
    #expect(try run.value("a", "1") == nil)
    run.stop()
  }

  @Test(arguments: ["mysql-9.7", "mariadb-10.11"]) func followsMoreThanOneSchema(_ server: String) throws {
    let replication = try MySQLReplication(mysql: .shared(server), furtherSchemas: 2)
    let names = replication.database.names
    let make = names.map {
      "CREATE TABLE \($0).t (id int PRIMARY KEY, n text); INSERT INTO \($0).t VALUES (1, '\($0)')"
    }
    let run = try MySQLRun(replication, make.joined(separator: ";\n"))
    try run.expectEqual()
    try run.sql(
      "BEGIN; UPDATE \(names[1]).t SET n = 'b'; INSERT INTO \(names[2]).t VALUES (2, 'c'); DELETE FROM t; COMMIT")
    try run.expectEqual()
    #expect(try run.replication.etcd.get("/\(names[0])/\(names[1])/t/1")?.text == #"{"id":1,"n":"b"}"#)
    // Of a schema that is not named, nothing.
    let other = try run.server.createSchema()
    try other.sql("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)")
    try run.sql("INSERT INTO t VALUES (7, 'seven')")
    try run.expectEqual()
    run.stop()
  }

  @Test(arguments: ["mysql-9.7", "mariadb-11.8"]) func tablesAreChosen(_ server: String) throws {
    let replication = try MySQLReplication(server)
    let name = replication.name
    let run = try MySQLRun(
      replication,
      """
      CREATE TABLE orders (id int PRIMARY KEY, n int); CREATE TABLE order_lines (id int PRIMARY KEY, secret text);
      CREATE TABLE audit (id int PRIMARY KEY); CREATE TABLE keyless (n int); CREATE VIEW v AS SELECT * FROM orders;
      INSERT INTO orders VALUES (1, 1); INSERT INTO order_lines VALUES (1, 'x'); INSERT INTO audit VALUES (1)
      """,
      [
        "tables": [
          "include": #"["\#(name).order*"]"#, "exclude": "[\"/.*audit.*/\"]",
          "columns": "{exclude: [\"\(name).order_lines.secret\"]}",
        ]
      ])
    let chosen: (inout RowOracle) -> Void = {
      $0.tables = ["\(name).orders", "\(name).order_lines"]
      $0.excludedColumns = ["\(name).order_lines.secret"]
    }
    try run.expectEqual(chosen)
    try run.sql("INSERT INTO audit VALUES (2); INSERT INTO keyless VALUES (1); UPDATE order_lines SET secret = 'y'")
    try run.sql("INSERT INTO orders VALUES (2, 2); INSERT INTO order_lines VALUES (2, 'z')")
    try run.expectEqual(chosen)
    // Chosen later, it brings its old rows.
    run.stop()
    try run.start(["tables": ["include": #"["\#(name).orders", "\#(name).audit"]"#]])
    try run.sql("INSERT INTO audit VALUES (3)")
    try run.expectEqual { $0.tables = ["\(name).orders", "\(name).audit"] }
    run.stop()
  }

  @Test(arguments: TestMySQL.names) func keysOfSeveralColumns(_ server: String) throws {
    let run = try MySQLRun(
      on: server,
      """
      CREATE TABLE tenants (note text, place varchar(20), number int unsigned, day date,
                            PRIMARY KEY (number, place, day));
      INSERT INTO tenants VALUES ('a', 'hall/1', 4000000000, '2026-01-02'), ('b', '', 1, '2026-01-02')
      """)
    try run.expectEqual()
    #expect(try run.value("tenants", "4000000000", "hall/1", "2026-01-02") != nil)
    try run.sql(
      """
      UPDATE tenants SET note = 'c' WHERE number = 1; UPDATE tenants SET place = '%' WHERE number > 1;
      INSERT INTO tenants VALUES ('d', 'hall/1', 4000000000, '2026-01-02'); DELETE FROM tenants WHERE number = 1
      """)
    try run.expectEqual()
    run.stop()
  }

  @Test(arguments: TestMySQL.names) func enumSetAndBit(_ server: String) throws {
    let run = try MySQLRun(
      on: server,
      """
      CREATE TABLE t (id int PRIMARY KEY, e enum('small', 'it''s', 'grün') CHARACTER SET latin1, s set('a', 'b', 'c'),
                      b bit(12), one bit);
      INSERT INTO t VALUES (1, 'grün', 'c,a', b'101010101010', 1), (2, NULL, '', NULL, 0)
      """)
    try run.expectEqual()
    #expect(try run.value("t", "1") == #"{"id":1,"e":"grün","s":["a","c"],"b":2730,"one":1}"#)
    try run.sql("UPDATE t SET e = 'it''s', s = 'b', b = 1, one = 1; INSERT INTO t VALUES (3, 'small', NULL, 4095, 0)")
    try run.expectEqual()
    #expect(try run.value("t", "2") == #"{"id":2,"e":"it's","s":["b"],"b":1,"one":1}"#)
    run.stop()
  }

  /// The catalogues cannot show characters of four bytes.
  @Test(arguments: TestMySQL.names) func labelsBeyondTheCatalogue(_ server: String) throws {
    let tables = ["utf8mb4", "utf16", "utf32"].map { set in
      "CREATE TABLE \(set) (e enum('a', '😀', 'why?') CHARACTER SET \(set) PRIMARY KEY, "
        + "s set('b', '𝄞') CHARACTER SET \(set)); INSERT INTO \(set) VALUES ('a', 'b'), ('😀', '𝄞,b')"
    }
    let run = try MySQLRun(on: server, tables.joined(separator: "; "))
    #expect(try run.value("utf16", "😀") == #"{"e":"😀","s":["b","𝄞"]}"#, "\(run.report)")
    try run.expectEqual()
    for set in ["utf8mb4", "utf16", "utf32"] {
      try run.sql(
        "INSERT INTO \(set) VALUES ('why?', ''); UPDATE \(set) SET s = '𝄞' WHERE e <> 'a'; "
          + "DELETE FROM \(set) WHERE e = 'a'")
    }
    try run.expectEqual()
    #expect(try run.value("utf32", "😀") == #"{"e":"😀","s":["𝄞"]}"#, "\(run.report)")
    #expect(try run.value("utf32", "a") == nil)
    #expect(run.tableDumps == 3, "\(run.report)")
    run.stop()
  }
}
