// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

/// S31, S42: ways in, and doors that stay shut.
@Suite(.serialized, .waits) struct MySQLLoginTests {
  @discardableResult private func check(
    _ replication: MySQLReplication, _ database: [String: String], expecting status: Int32,
    location: SourceLocation = #_sourceLocation
  ) throws -> String {
    let changes = ["database": database.merging(["connection_retries": "1"]) { given, _ in given }]
    let check = try SyncdProcess(["check"], configuration: replication.configuration(changes))
    #expect(
      check.waitForExit() == .status(status), "\(database)\n\(check.output)\n\(check.log.suffix(1500))",
      sourceLocation: location)
    #expect(!check.log.contains("secret-") && !check.output.contains("secret-"), "a secret", sourceLocation: location)
    return check.output
  }

  private static let table = "CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)"

  private static func account(_ name: String, _ how: String) -> String {
    "CREATE USER \(name)@'%' IDENTIFIED \(how); "
      + "GRANT SELECT, LOCK TABLES, PROCESS, REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO \(name)@'%';\n"
  }

  /// With a cold cache the password goes to the server encrypted with its key; with a warm one it does not go at all.
  @Test func S31_cachingSHA2WithoutTLS() throws {
    let mysql = try TestMySQL()
    let replication = try MySQLReplication(mysql: mysql)
    try replication.database.sql(Self.table)
    let way = ["tls": "{mode: disable}"]
    try mysql.sql("FLUSH PRIVILEGES")
    try check(replication, way, expecting: 0)
    try check(replication, way, expecting: 0)
    try mysql.sql("FLUSH PRIVILEGES")
    try check(replication, ["tls": "{mode: require}"], expecting: 0)
    try check(replication, way.merging(["password": "secret-wrong"]) { $1 }, expecting: 1)
    // Another method than the one the server greets with, and no password at all.
    try mysql.sql(
      Self.account("older", "WITH sha256_password BY 'secret-older'") + Self.account("open", "BY ''")
        + Self.account("lengthy", "BY '\(String(repeating: "secret-long ", count: 15))'"))
    for tls in ["{mode: disable}", "{mode: require}"] {
      try check(replication, ["tls": tls, "user": "older", "password": "secret-older"], expecting: 0)
      try check(replication, ["tls": tls, "user": "open", "password": "\"\""], expecting: 0)
      let long = "\"" + String(repeating: "secret-long ", count: 15) + "\""
      try check(replication, ["tls": tls, "user": "lengthy", "password": long], expecting: 0)
    }
    try mysql.server.stop()
  }

  @Test(arguments: TestMySQL.mariaDBNames) func S31_methodsOfMariaDB(_ server: String) throws {
    let mysql = try TestMySQL(server)
    let replication = try MySQLReplication(mysql: mysql)
    try replication.database.sql(Self.table)
    try mysql.sql(
      "INSTALL SONAME 'auth_ed25519';\n" + Self.account("modern", "VIA ed25519 USING PASSWORD('secret-modern')")
        + Self.account("open", "BY ''"))
    try check(replication, ["user": "modern", "password": "secret-modern"], expecting: 0)
    try check(replication, ["user": "modern", "password": "secret-wrong"], expecting: 1)
    try check(replication, ["user": "open", "password": "\"\""], expecting: 0)
    if server == "mariadb-11.8" {
      try mysql.sql(
        "INSTALL SONAME 'auth_parsec';\n" + Self.account("newest", "VIA parsec USING PASSWORD('secret-newest')"))
      try check(replication, ["user": "newest", "password": "secret-newest"], expecting: 0)
    }
    try mysql.server.stop()
  }

  /// The password as it is, which servers ask for that hand it on to PAM or LDAP: not where others can read it.
  @Test func S31_passwordInClearText() throws {
    let files = Certificates.shared
    let plugin = try run(
      [
        Fixture.packageFolder + "/tools/servers.sh", "file", "mariadb-10.11", "mariadb-test",
        "usr/lib/mysql/plugin/auth_test_plugin.so",
      ], within: .seconds(300))
    let folder = plugin.split(separator: "/").dropLast().joined(separator: "/")
    let mysql = try TestMySQL(
      "mariadb-10.11", flags: ["--plugin-dir=/\(folder)", "--plugin-maturity=unknown"], certificates: files.folder)
    try mysql.sql(
      "INSTALL PLUGIN cleartext_plugin_server SONAME 'auth_test_plugin.so';\n"
        + Self.account("clear", "VIA cleartext_plugin_server USING 'secret-clear'"))
    let replication = try MySQLReplication(mysql: mysql)
    try replication.database.sql(Self.table)
    let login = ["user": "clear", "password": "secret-clear"]
    let socket = ["host": mysql.server.folder + "/s.sock"]
    let tls = ["tls": "{mode: verify-full, ca_path: \(files.path("ca.pem"))}"]
    try check(replication, login.merging(socket) { $1 }, expecting: 0)
    try check(replication, login.merging(tls) { $1 }, expecting: 0)
    try check(replication, login.merging(tls) { $1 }.merging(["password": "secret-wrong"]) { $1 }, expecting: 1)
    let output = try check(replication, login.merging(["tls": "{mode: disable}"]) { $1 }, expecting: 1)
    #expect(output.contains("mysql_clear_password") && output.contains("tls: {mode: require}"), "\(output)")
    try mysql.server.stop()
  }

  @Test(arguments: ["mysql-9.7", "mariadb-10.5", "mariadb-11.8"]) func S42_TLS(_ server: String) throws {
    let files = Certificates.shared
    let mysql = try TestMySQL(server, certificates: files.folder)
    try mysql.sql(
      Self.account("certified", "BY 'sync' REQUIRE X509") + Self.account("encrypted", "BY 'sync' REQUIRE SSL"))
    let replication = try MySQLReplication(mysql: mysql)
    try replication.database.sql(Self.table)
    func tls(_ mode: String, ca: String = "ca", client: Bool = false) -> String {
      let own = client ? ", certificate_path: \(files.path("client.pem")), key_path: \(files.path("client.key"))" : ""
      return "{mode: \(mode), ca_path: \(files.path("\(ca).pem"))\(own)}"
    }
    try check(replication, ["tls": tls("verify-full")], expecting: 0)
    try check(replication, ["tls": tls("verify-full"), "host": "localhost"], expecting: 0)
    try check(replication, ["tls": tls("verify-ca", ca: "other-ca")], expecting: 1)
    try check(replication, ["user": "encrypted", "tls": "{mode: prefer}"], expecting: 0)
    try check(replication, ["user": "encrypted", "tls": "{mode: disable}"], expecting: 1)
    try check(replication, ["user": "certified", "tls": tls("require")], expecting: 1)
    let syncd = try replication.start(["database": ["user": "certified", "tls": tls("verify-full", client: true)]])
    try replication.database.sql("INSERT INTO t VALUES (2)")
    let differences = try replication.differences()
    #expect(differences.isEmpty, "\(differences)\n\(syncd.log.suffix(2000))")
    #expect(syncd.terminate() == .status(0))
    try mysql.server.stop()
  }

  /// An account that is let in only with one certificate: with it from end to end, and without it an end that says so.
  @Test(arguments: ["mysql-9.7", "mariadb-10.11"]) func S42_clientCertificate(_ server: String) throws {
    let files = Certificates.shared
    let mysql = try TestMySQL(server, certificates: files.folder)
    try mysql.sql(
      Self.account("certified", "BY 'secret-word' REQUIRE SUBJECT '/CN=client' AND ISSUER '/CN=ca'")
        + Self.account("another", "BY 'secret-word' REQUIRE SUBJECT '/CN=another'"))
    let replication = try MySQLReplication(mysql: mysql)
    try replication.database.sql(Self.table)
    func changes(_ user: String, certificate: Bool) -> [String: [String: String]] {
      let own = ", certificate_path: \(files.path("client.pem")), key_path: \(files.path("client.key"))"
      let tls = "{mode: verify-full, ca_path: \(files.path("ca.pem"))\(certificate ? own : "")}"
      return ["database": ["user": user, "password": "secret-word", "tls": tls]]
    }
    for (user, certificate) in [("certified", false), ("another", true)] {
      let changes = changes(user, certificate: certificate)
      let refused = try replication.start(changes)
      #expect(refused.waitForExit() == .status(69), "\(refused.log.suffix(1500))")
      #expect(refused.lines.last?.contains("Access denied for user '\(user)'") == true, "\(refused.log.suffix(1500))")
      #expect(!refused.log.contains("secret-"))
      let output = try check(replication, changes["database"] ?? [:], expecting: 1)
      // The server says no more than that; what it can mean, we say.
      #expect(output.contains("certificate_path") == !certificate, "\(output)")
    }
    let syncd = try replication.start(changes("certified", certificate: true))
    #expect(try replication.waitUntilSyncing(), "\(syncd.log.suffix(2000))")
    try replication.database.sql("INSERT INTO t VALUES (2); DELETE FROM t WHERE id = 1")
    let differences = try replication.differences()
    #expect(differences.isEmpty, "\(differences)\n\(syncd.log.suffix(2000))")
    #expect(syncd.terminate() == .status(0))
    try mysql.server.stop()
  }

  @Test func S42_aServerWithoutTLS() throws {
    let mysql = try TestMySQL("mariadb-10.5")
    let replication = try MySQLReplication(mysql: mysql)
    try replication.database.sql(Self.table)
    try check(replication, ["tls": "{mode: prefer}"], expecting: 0)
    try check(replication, ["tls": "{mode: require}"], expecting: 1)
    try mysql.server.stop()
  }

  /// A server that insists on compression is obliged.
  @Test(arguments: ["zlib", "zstd"]) func compressionThatIsAskedFor(_ algorithm: String) throws {
    let replication = try MySQLReplication(mysql: try TestMySQL())
    let mysql = replication.database.server
    try replication.database.sql(
      "CREATE TABLE t (id int PRIMARY KEY, v mediumtext); INSERT INTO t VALUES (1, REPEAT('a', 9000))")
    // Other clients are let in again after a while.
    let insistence = try mysql.sqlInBackground(
      "SET GLOBAL protocol_compression_algorithms = '\(algorithm)'; DO SLEEP(4); "
        + "SET GLOBAL protocol_compression_algorithms = 'zlib,zstd,uncompressed'")
    _ = waitUntil(within: .milliseconds(500)) { false }
    let syncd = try replication.start()
    #expect(try replication.waitUntilSyncing(), "\(syncd.log.suffix(2000))")
    #expect(insistence.exit == nil && insistence.waitForExit(within: .seconds(20)) == .status(0))
    try replication.database.sql("INSERT INTO t VALUES (2, REPEAT('b', 90000)), (3, '')")
    let differences = try replication.differences()
    #expect(differences.isEmpty, "\(differences)\n\(syncd.log.suffix(2000))")
    #expect(syncd.terminate() == .status(0))
    try mysql.server.stop()
  }

  @Test(arguments: ["mysql-9.7", "mariadb-11.8"]) func unixSocket(_ server: String) throws {
    let replication = try MySQLReplication(server)
    try replication.database.sql(Self.table)
    let socket = replication.database.server.server.folder + "/s.sock"
    let syncd = try replication.start(["database": ["host": socket]])
    #expect(try replication.differences().isEmpty, "\(syncd.log.suffix(2000))")
    #expect(syncd.terminate() == .status(0))
  }
}
