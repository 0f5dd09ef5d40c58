// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

/// Other versions, other ways in, and an etcd that refuses.
@Suite(.serialized, .waits) struct ServerVarietyTests {
  private func expectEqual(
    _ replication: Replication, _ syncd: SyncdProcess, location: SourceLocation = #_sourceLocation
  ) throws {
    let differences = try replication.differences(within: .seconds(45))
    #expect(differences.isEmpty, "\(differences)\n\(syncd.log.suffix(2500))", sourceLocation: location)
  }

  private static let tables = """
    CREATE TABLE t (id int PRIMARY KEY, body text); INSERT INTO t SELECT g, 'old' FROM generate_series(1, 300) g
    """

  /// Rows through the dump, rows through the log, a transaction of several requests, a restart.
  private func exercise(_ replication: Replication, _ changes: [String: [String: String]] = [:]) throws {
    try replication.database.psql(Self.tables)
    let first = try replication.start(changes)
    try expectEqual(replication, first)
    try replication.database.psql(
      "UPDATE t SET body = 'new' WHERE id < 20; INSERT INTO t SELECT g, repeat('x', 400) FROM generate_series(301, 5300) g"
    )
    try expectEqual(replication, first)
    #expect(first.terminate() == .status(0), "\(first.log.suffix(1000))")
    try replication.database.psql("DELETE FROM t WHERE id BETWEEN 100 AND 200; UPDATE t SET id = -id WHERE id < 5")
    let second = try replication.start(changes)
    try expectEqual(replication, second)
    #expect(second.terminate() == .status(0), "\(second.log.suffix(1000))")
  }

  @Test func etcd34() throws {
    let etcd = try TestEtcd("etcd-3.4")
    try exercise(try Replication(etcd: etcd))
    try etcd.members[0].stop()
  }

  @Test(arguments: ["pg-13", "pg-17", "pg-18"])
  func otherPostgreSQL(_ server: String) throws {
    let postgres = try TestPostgres(server)
    try exercise(try Replication(postgres: postgres))
    try postgres.server.stop()
  }

  @Test func unixSocket() throws {
    let replication = try Replication()
    try exercise(replication, ["database": ["host": replication.database.postgres.server.folder]])
  }

  /// TLS to both sides, both verified, both asking for a certificate of ours.
  @Test func encryptedBothWays() throws {
    let files = Certificates.shared
    let postgres = try TestPostgres(certificates: files.folder)
    try postgres.psql(
      """
      CREATE TABLE hba (lines text); COPY hba FROM PROGRAM
        'sed -i "1i hostssl all sync 127.0.0.1/32 scram-sha-256 clientcert=verify-ca" "$PGDATA/pg_hba.conf" ; echo done';
      SELECT pg_reload_conf()
      """.replacing("$PGDATA", with: postgres.server.folder + "/data"), database: "postgres")
    let etcd = try TestEtcd(certificates: files.folder)
    let tls = ["certificate_path": files.path("client.pem"), "key_path": files.path("client.key")]
    func flow(_ more: [String: String]) -> String {
      "{" + tls.merging(more) { $1 }.map { "\($0): \"\($1)\"" }.joined(separator: ", ") + "}"
    }
    let changes = [
      "database": ["tls": flow(["mode": "verify-full", "ca_path": files.path("ca.pem")])],
      "etcd": [
        "tls": flow(["enabled": "true", "trusted_ca_path": files.path("ca.pem")]).replacing("\"true\"", with: "true")
      ],
    ]
    let replication = try Replication(postgres: postgres, etcd: etcd)
    try exercise(replication, changes)
    // Without a certificate of ours neither lets us in.
    let refused = try replication.start([
      "database": ["tls": "{mode: verify-full, ca_path: \"\(files.path("ca.pem"))\"}", "connection_retries": "1"],
      "etcd": changes["etcd"]!,
    ])
    #expect(refused.waitForExit() == .status(69), "\(refused.log.suffix(2000))")
    try postgres.server.stop()
    try etcd.members[0].stop()
  }

  /// S36: tokens that expire, an auth store that changes under a token, a permission that is taken away and given back.
  @Test func S36_authentication() throws {
    var etcd = try TestEtcd(flags: ["--auth-token-ttl", "2"])
    for command in [
      "user add root:secret-root", "user add app:secret-app", "role add app", "user grant-role app app",
      "role grant-permission app --prefix=true readwrite /", "user grant-role root root", "auth enable",
    ] {
      try etcd.etcdctl(command.split(separator: " ").map(String.init))
    }
    etcd.arguments = ["--user", "root:secret-root"]
    let replication = try Replication(etcd: etcd)
    try replication.database.psql(Self.tables)
    let syncd = try replication.start(["etcd": ["username": "app", "password": "secret-app"]])
    try expectEqual(replication, syncd)
    // The token is over by now.
    _ = waitUntil(within: .seconds(3)) { false }
    try replication.database.psql("INSERT INTO t VALUES (1000, 'after the token')")
    try expectEqual(replication, syncd)
    try etcd.etcdctl(["role", "add", "another"])
    try replication.database.psql("INSERT INTO t VALUES (1001, 'after the store changed')")
    try expectEqual(replication, syncd)
    try etcd.etcdctl(["role", "revoke-permission", "app", "/", "--prefix=true"])
    try replication.database.psql("INSERT INTO t VALUES (1002, 'not permitted')")
    #expect(syncd.waitForLine(containing: "permission denied") != nil, "\(syncd.log.suffix(2000))")
    try etcd.etcdctl(["role", "grant-permission", "app", "--prefix=true", "readwrite", "/"])
    try expectEqual(replication, syncd)
    #expect(!syncd.log.contains("secret-app"))
    #expect(syncd.terminate() == .status(0))
    try etcd.members[0].stop()
  }

  /// S37: no space, and space again: nothing is lost, and the source does not lose patience.
  @Test func S37_quotaReachedThenSpace() throws {
    let etcd = try TestEtcd(flags: ["--quota-backend-bytes", "\(6 << 20)"])
    let postgres = try TestPostgres(flags: ["-c", "wal_sender_timeout=2s"])
    let replication = try Replication(postgres: postgres, etcd: etcd)
    try replication.database.psql("CREATE TABLE t (id int PRIMARY KEY, body text); INSERT INTO t VALUES (0, '')")
    let syncd = try replication.start()
    try expectEqual(replication, syncd)
    let sender = "SELECT pid FROM pg_stat_replication"
    let before = try postgres.psql(sender, database: "postgres")
    for round in 0..<30 {
      try replication.database.psql(
        "INSERT INTO t VALUES (1, '') ON CONFLICT (id) DO UPDATE SET body = repeat(md5('\(round)'), 12000)")
    }
    #expect(syncd.waitForLine(containing: "space exceeded") != nil, "\(syncd.log.suffix(2000))")
    _ = waitUntil(within: .seconds(3)) { false }
    try etcd.etcdctl(["compact", "\(try etcd.revision)"])
    try etcd.etcdctl(["defrag"])
    try etcd.etcdctl(["alarm", "disarm"])
    try expectEqual(replication, syncd)
    #expect(try postgres.psql(sender, database: "postgres") == before, "\(syncd.log.suffix(2000))")
    #expect(syncd.terminate() == .status(0))
    try postgres.server.stop()
    try etcd.members[0].stop()
  }

  /// S07: more is written while etcd stands still than a batch holds, so that we stop reading.
  @Test func S07_fullBatchWhileEtcdStandsStill() throws {
    let postgres = try TestPostgres(flags: ["-c", "wal_sender_timeout=2s"])
    let etcd = try TestEtcd()
    let replication = try Replication(postgres: postgres, etcd: etcd)
    try replication.database.psql(Self.tables)
    let syncd = try replication.start(["etcd": ["request_timeout": "3s"]])
    try expectEqual(replication, syncd)
    let sender = "SELECT pid FROM pg_stat_replication"
    let before = try postgres.psql(sender, database: "postgres")
    try etcd.members[0].pause()
    for round in 1...8 {
      try replication.database.psql(
        "INSERT INTO t SELECT g, repeat('y', 2000) FROM generate_series(\(round * 1000), \(round * 1000 + 999)) g")
      _ = waitUntil(within: .seconds(1)) { false }
    }
    #expect(try postgres.psql(sender, database: "postgres") == before, "\(syncd.log.suffix(2000))")
    try etcd.members[0].resume()
    try expectEqual(replication, syncd)
    #expect(syncd.terminate() == .status(0))
    try postgres.server.stop()
    try etcd.members[0].stop()
  }
}
