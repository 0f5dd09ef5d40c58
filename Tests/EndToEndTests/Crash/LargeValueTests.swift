// SPDX-License-Identifier: Apache-2.0
import Foundation
import Support
import Testing

/// Values that the log leaves out and keys that are long: more than a request holds.
@Suite(.serialized, .waits) struct LargeValueTests {
  /// 24 MB of values, none of them in the log, in transactions of a few kilobytes; keys change along the way.
  @Test func S13_moreLeftOutThanARequestHolds() throws {
    let replication = try Replication()
    try replication.database.psql(
      """
      CREATE TABLE t (id int PRIMARY KEY, n int DEFAULT 0, body text);
      ALTER TABLE t ALTER body SET STORAGE EXTERNAL;
      INSERT INTO t SELECT g, 0, repeat(md5(g::text), 250) FROM generate_series(1, 3000) g;
      CREATE TABLE huge (id int PRIMARY KEY, n int DEFAULT 0, body text);
      ALTER TABLE huge ALTER body SET STORAGE EXTERNAL;
      INSERT INTO huge SELECT g, 0, repeat(md5(g::text), 40000) FROM generate_series(1, 4) g
      """)
    let syncd = try replication.start()
    try expectEqual(replication, syncd)
    let revision = try replication.etcd.revision
    try replication.database.psql("UPDATE t SET n = 1")
    try replication.database.psql(
      """
      BEGIN; UPDATE huge SET n = 1; UPDATE t SET id = id + 10000 WHERE id <= 400; UPDATE t SET n = 2 WHERE id > 10000;
      UPDATE huge SET id = id + 10; UPDATE huge SET n = 2; UPDATE t SET n = 3 WHERE id % 3 = 0; COMMIT
      """)
    for n in 1...5 { try replication.database.psql("UPDATE huge SET id = id + 10, n = n + \(n)") }
    try expectEqual(replication, syncd)
    #expect(!syncd.log.contains("dumped again"), "\(syncd.log.suffix(2000))")
    let history = try replication.history(from: revision + 1)
    let versions = history.filter { $0.version > 0 }.map { "\($0.key) \($0.text.prefix(60))" }
    #expect(Set(versions).count == versions.count, "a row version was put twice")
    #expect(syncd.terminate() == .status(0))
  }

  /// The old tuple brings what the new one leaves out; hashed and left-out columns are left out of the log as well.
  @Test func S13_identityFullAndTreatedColumns() throws {
    let replication = try Replication()
    try replication.database.psql(
      """
      CREATE TABLE f (id int PRIMARY KEY, tenant int NOT NULL, word text NOT NULL, n int, body text, secret text);
      ALTER TABLE f REPLICA IDENTITY FULL;
      ALTER TABLE f ALTER body SET STORAGE EXTERNAL, ALTER secret SET STORAGE EXTERNAL;
      INSERT INTO f SELECT g, g % 3, 'w/' || g, 0, repeat('b', 9000), repeat('s', 9000) FROM generate_series(1, 30) g
      """)
    let changes = [
      "tables": ["keys": #"{"public.f": [tenant, word]}"#, "columns": #"{exclude: ["public.f.secret"]}"#]
    ]
    let syncd = try replication.start(changes)
    let adjust = { (oracle: inout RowOracle) in
      oracle.keys = ["public.f": ["tenant", "word"]]
      oracle.excludedColumns = ["public.f.secret"]
    }
    #expect(try replication.differences(adjust).isEmpty, "\(syncd.log.suffix(2000))")
    try replication.database.psql(
      "UPDATE f SET n = 1 WHERE id < 10; UPDATE f SET tenant = 7 WHERE id < 5; UPDATE f SET word = word || '%', n = 2 WHERE id > 25; DELETE FROM f WHERE id = 20; UPDATE f SET id = id + 100"
    )
    let differences = try replication.differences(adjust)
    #expect(differences.isEmpty, "\(differences)\n\(syncd.log.suffix(2000))")
    #expect(syncd.terminate() == .status(0))
  }

  /// Keys of rows that are gone, removed at the end of a dump: more bytes of keys than a request holds.
  @Test func S03_longKeysThatHaveNoRow() throws {
    let replication = try Replication()
    try replication.database.psql(
      """
      CREATE TABLE words (word text PRIMARY KEY);
      INSERT INTO words SELECT (SELECT string_agg(md5((g * 100 + i)::text), '') FROM generate_series(1, 75) i)
      FROM generate_series(1, 1500) g
      """)
    let first = try replication.start()
    try expectEqual(replication, first)
    #expect(first.terminate() == .status(0))
    try replication.database.psql("SELECT pg_drop_replication_slot('\(replication.name)')", as: "postgres")
    try replication.database.psql("DELETE FROM words WHERE word > '3'")
    let second = try replication.start()
    try expectEqual(replication, second)
    #expect(second.terminate() == .status(0))
  }

  /// Prepared transactions come when they are committed, or not at all; TRUNCATE is one of the changes.
  @Test func S12_preparedTransactions() throws {
    let postgres = try TestPostgres(flags: ["-c", "max_prepared_transactions=5"])
    let replication = try Replication(postgres: postgres)
    try replication.database.psql(
      "CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (1, 1); CREATE TABLE u (id int PRIMARY KEY); INSERT INTO u VALUES (1)"
    )
    let syncd = try replication.start()
    try expectEqual(replication, syncd)
    try replication.database.psql("BEGIN; INSERT INTO t VALUES (2, 2); PREPARE TRANSACTION 'kept'")
    try replication.database.psql(
      "BEGIN; INSERT INTO t VALUES (3, 3); DELETE FROM t WHERE id = 1; PREPARE TRANSACTION 'dropped'")
    try replication.database.psql("INSERT INTO t VALUES (4, 4)")
    try expectEqual(replication, syncd)
    syncd.kill9()
    let again = try replication.start()
    try replication.database.psql(
      "ROLLBACK PREPARED 'dropped'; COMMIT PREPARED 'kept'; TRUNCATE u, t; INSERT INTO t VALUES (5, 5)")
    try expectEqual(replication, again)
    #expect(again.terminate() == .status(0))
    try postgres.server.stop()
  }
}
