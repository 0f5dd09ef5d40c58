// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

/// The measure itself: does the oracle of MySQL and MariaDB say what the contract says?
@Suite(.waits) struct MySQLHarnessTests {
  @Test(arguments: TestMySQL.names) func oracleSaysWhatTheContractSays(_ server: String) throws {
    let replication = try MySQLReplication(server)
    try replication.database.sql(EveryMySQLKind.schema(server))
    let rows = try replication.database.expectedRows(replication.oracle)
    let values = Dictionary(rows.map { ($0.key, $0.value) }) { first, _ in first }
    let tables = EveryMySQLKind.tables + EveryMySQLKind.furtherTables(server)
    for table in tables {
      #expect(values.keys.contains { $0.hasPrefix(replication.key(table, "")) }, "\(table) has no rows")
    }
    #expect(Set(rows.map { Array($0.key.utf8) }).count == rows.count)

    func has(_ table: String, _ components: String..., part: String) {
      let value = values[replication.key(table, components)]
      #expect(value?.contains(part) == true, "\(part)\n\(value ?? "no such key")")
    }
    has(
      "kinds", "3",
      part:
        #""u8":18446744073709551615,"d0":-9999999999,"d2":-9999999999.99,"d30":-99999999999999999999999999999999999."#)
    has("kinds", "3", part: #""b1":1,"b5":31,"b64":18446744073709551615,"y":2155,"fixed_bytes":"AP8AAAA=""#)
    has("kinds", "4", part: #""single":0.1,"double_":0.1,"fixed":0.125,"fixed_double":1.5,"#)
    has("kinds", "4", part: #""z4":42,"#)
    has("kinds", "7", part: #""single":1e-45,"double_":5e-324"#)
    has("kinds", "6", part: #""single":10000000000,"double_":1e15"#)
    has("kinds", "12", part: #""single":0.00001,"double_":0.00001"#)
    has("kinds", "15", part: #""single":123456.7,"double_":9.007199254740992e15"#)
    has("moments", "2", part: #"{"id":2,"n":0,"d":"0000-00-00","t0":"00:00:00","t1":"00:00:00.0","t3":"00:00:00.000""#)
    has("moments", "2", part: #""m0":"0000-00-00T00:00:00","m2":"0000-00-00T00:00:00.00","#)
    has("moments", "4", part: #""t0":"-838:59:59","t1":"-838:59:58.9","t3":"-00:00:00.001","t6":"-00:00:00.000001""#)
    has("moments", "4", part: #""m3":"2026-02-30T01:02:03.456""#)
    has("moments", "5", part: #""s4":"2026-03-29T01:30:00.5000+00:00""#)
    has("labels", "3", part: #""e":"","l":"blå","many":"label 300","u":"十","s":["one","für"],"ls":["grün","blå"]"#)
    has("labels", "4", part: #""e":"it's \"x\"""#)
    has("texts", "2", part: #""v_gbk":"你好世界啊\n\t\"\\'\u0000"#)
    has("texts", "2", part: #""c_sjis":"表ソ十ｱ""#)
    has("documents", "2", part: #""j":{},"k":[]"#)
    has("derived", "2", part: #""twice":4,"thrice":6,"loud":"WÖRD!","hidden":7,"last":null}"#)
    has("pair_key", "1", "%", "/", part: #"{"note":"y","b":"%","n":0,"a":1,"c":"/"}"#)
    #expect(values["/\(replication.name)/\(replication.name)/pair_key/1/%25/%2F"] != nil)
    #expect(values["/\(replication.name)/\(replication.name)/word_key/a%252Fb"] != nil)
    #expect(values["/\(replication.name)/\(replication.name)/we`ird %2F näme%25/1"] != nil)
  }

  @Test func serverComesBackOnItsData() throws {
    let mysql = try TestMySQL("mariadb-10.11", flags: TestMySQL.crashSafe)
    let schema = try mysql.createSchema(further: 1)
    try schema.sql("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)")
    try mysql.server.kill9()
    #expect(throws: CommandError.self) { try schema.sql("SELECT 1") }
    try mysql.server.restart()
    #expect(try schema.rows(#"SELECT id, NULL, '', 'a\tb\\\n' FROM t"#) == [["1", "NULL", "", "a\tb\\\n"]])
    let before = try mysql.logFiles()
    #expect(try mysql.purgeLogs())
    #expect(try Set(mysql.logFiles()).isDisjoint(with: before))
    try mysql.server.stop()
  }
}
