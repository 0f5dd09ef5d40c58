// SPDX-License-Identifier: Apache-2.0
import MySQL
import Testing

@testable import Daemon

@Suite struct MySQLDumpArgumentsTests {
  private func arguments(
    _ maker: MySQLDumpProgram.Maker, version: [Int] = [9, 7, 4], host: String = "db", schemas: [String] = ["shop"],
    _ change: (inout DatabaseConfiguration) -> Void = { _ in }
  ) -> [String] {
    var database = DatabaseConfiguration()
    database.driver = .mysql
    database.password = Secret("geheim")
    change(&database)
    let program = MySQLDumpProgram(path: "/usr/bin/mysqldump", maker: maker, version: version)
    return MySQLDumpArguments(
      database: database, host: host, program: program,
      chosen: schemas.map { TableName($0, "t") } + [TableName(schemas[0], "-u")],
      others: [TableName(schemas[0], "other"), TableName("elsewhere", "x")]
    ).list(optionFile: "/dev/fd/3")
  }

  @Test func optionFileComesFirstAndHoldsThePassword() {
    for maker in [MySQLDumpProgram.Maker.mysql, .mariadb] {
      let list = arguments(maker)
      #expect(list.first == "--defaults-file=/dev/fd/3")
      #expect(!list.contains { $0.contains("geheim") })
      for option in ["--single-transaction", "--hex-blob", "--complete-insert", "--default-character-set=utf8mb4"] {
        #expect(list.contains(option))
      }
    }
    let file = MySQLDumpArguments.optionFile(password: "se\"c'r #\\et\n")
    #expect(String(decoding: file, as: UTF8.self) == "[client]\npassword=\"se\\\"c'r #\\\\et\\n\"\n")
  }

  /// One schema: its tables by name; a name that looks like an option is none. Several: all but the others.
  @Test func tablesOfOneSchemaAndOfSeveral() {
    #expect(arguments(.mysql).suffix(4) == ["--", "shop", "t", "-u"])
    let several = arguments(.mysql, schemas: ["shop", "stock"])
    #expect(several.suffix(5) == ["--ignore-table=shop.other", "--databases", "--", "shop", "stock"])
  }

  @Test func positionsAsEachToolWritesThem() {
    #expect(arguments(.mysql).contains("--source-data=2") && arguments(.mysql).contains("--set-gtid-purged=AUTO"))
    #expect(arguments(.mysql).contains("--column-statistics=0"))
    let old = arguments(.mysql, version: [5, 7, 44])
    #expect(old.contains("--master-data=2") && !old.contains("--column-statistics=0"))
    let maria = arguments(.mariadb, version: [10, 5, 23])
    #expect(maria.contains("--master-data=2") && maria.contains("--gtid"))
    #expect(!maria.contains { $0.contains("gtid-purged") || $0.contains("statistics") })
  }

  /// "localhost" would be a socket; an absolute path is one.
  @Test func hostsAndSockets() {
    let local = arguments(.mysql, host: "localhost") { $0.givenPort = 3307 }
    #expect(local[1...4] == ["--protocol=TCP", "--host=localhost", "--port=3307", "--user=sync"])
    let socket = arguments(.mariadb, host: "/run/mysqld/mysqld.sock")
    #expect(socket[1...2] == ["--protocol=SOCKET", "--socket=/run/mysqld/mysqld.sock"])
  }

  @Test(arguments: DatabaseTLSMode.allCases)
  func securityIsWhatTheConfigurationSays(_ mode: DatabaseTLSMode) {
    func tls(_ maker: MySQLDumpProgram.Maker) -> [String] {
      arguments(maker) {
        $0.tls.mode = mode
        $0.tls.caPath = "/ca.pem"
        $0.tls.keyPath = "/key.pem"
      }.filter { $0.contains("ssl") }
    }
    switch mode {
    case .disable:
      #expect(tls(.mysql) == ["--ssl-mode=DISABLED"] && tls(.mariadb) == ["--skip-ssl"])
    case .prefer, .require:
      #expect(tls(.mysql) == ["--ssl-mode=\(mode == .prefer ? "PREFERRED" : "REQUIRED")", "--ssl-key=/key.pem"])
      #expect(tls(.mariadb) == ["--ssl", "--skip-ssl-verify-server-cert", "--ssl-key=/key.pem"])
    case .verifyCA, .verifyFull:
      let word = mode == .verifyCA ? "VERIFY_CA" : "VERIFY_IDENTITY"
      #expect(tls(.mysql) == ["--ssl-mode=\(word)", "--ssl-ca=/ca.pem", "--ssl-key=/key.pem"])
      #expect(tls(.mariadb) == ["--ssl", "--ssl-verify-server-cert", "--ssl-ca=/ca.pem", "--ssl-key=/key.pem"])
    }
  }

  @Test(arguments: [
    ("mysqldump  Ver 9.7.4-2 for Linux on x86_64 ((Debian))", MySQLDumpProgram.Maker.mysql, [9, 7, 4]),
    ("mysqldump  Ver 8.0.36 for Linux on x86_64 (MySQL Community Server - GPL)", .mysql, [8, 0, 36]),
    ("mysqldump  Ver 10.13 Distrib 5.7.44, for Linux (x86_64)", .mysql, [5, 7, 44]),
    ("mariadb-dump.elf  Ver 10.19 Distrib 10.5.23-MariaDB, for debian-linux-gnu (x86_64)", .mariadb, [10, 5, 23]),
    ("/x/mariadb-dump from 11.8.9-MariaDB, client 10.20 for debian-linux-gnu (x86_64)\n", .mariadb, [11, 8, 9]),
  ])
  func versionsAreRead(_ text: String, _ maker: MySQLDumpProgram.Maker, _ version: [Int]) {
    #expect(
      MySQLDumpProgram(path: "p", versionText: text) == MySQLDumpProgram(path: "p", maker: maker, version: version))
    #expect(MySQLDumpProgram(path: "p", versionText: "p: usage") == nil)
  }
}
