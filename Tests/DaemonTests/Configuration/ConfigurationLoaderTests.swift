// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Daemon

/// Reads a text as if it were the file `c.yml`.
func load(
  _ text: String, environment: [String: String] = [:], commandLine: [String: String] = [:]
) throws(ConfigurationError) -> Configuration {
  try Configuration.load(Array(text.utf8), named: "c.yml", environment: environment, commandLine: commandLine)
}

/// The lines that a wrong text is refused with; none if it is taken.
func problems(of text: String, environment: [String: String] = [:]) -> [String] {
  do {
    _ = try load(text, environment: environment)
    return []
  } catch {
    return error.problems.map(\.description)
  }
}

@Suite struct ConfigurationLoaderTests {
  @Test func onlyTheNameOfTheDatabaseMustBeGiven() throws {
    var expected = Configuration()
    expected.database.names = ["shop"]
    #expect(try load("database: {name: shop}") == expected)
    #expect(problems(of: "") == ["c.yml: database.name: is missing; write under database: name: shop"])
    #expect(problems(of: "# nothing\n---\n") == problems(of: ""))
  }

  @Test func theDefaultsAreTheContract() throws {
    let configuration = try load("database: {name: shop}")
    #expect(configuration.database.driver == .postgres)
    #expect(configuration.database.port == 5432)
    #expect(configuration.database.hosts == ["localhost"])
    #expect(configuration.database.tls.mode == .prefer)
    #expect(configuration.etcd.endpoints.map(\.description) == ["localhost:2379"])
    #expect(configuration.etcd.requestBytesMax == 1_572_864)
    #expect(configuration.etcd.dialTimeout == .seconds(60))
    #expect(!configuration.etcd.usesTLS)
    #expect(configuration.sync.key.source == "{path}/{schema}/{table}/{key}")
    #expect(configuration.ha.leaseTTL == .seconds(10))
    #expect(configuration.http.listen == ListenAddress(host: "127.0.0.1", port: 9187))
  }

  @Test func commandLineBeforeEnvironmentBeforeFileBeforeDefault() throws {
    let text = "log_level: debug\ndatabase: {name: shop}\n"
    let environment = ["SYNC_LOG_LEVEL": "warning"]
    #expect(try load("database: {name: shop}").logLevel == .info)
    #expect(try load(text).logLevel == .debug)
    #expect(try load(text, environment: environment).logLevel == .warning)
    #expect(try load(text, environment: environment, commandLine: ["log_level": "error"]).logLevel == .error)
  }

  @Test func whatIsNotInForceIsNotRead() throws {
    let text = "database: {name: shop, password: \"${NOT_THERE}\", port: nonsense}"
    let configuration = try load(
      text, environment: ["SYNC_DATABASE_PASSWORD": "x", "SYNC_DATABASE_PORT": "15432"])
    #expect(configuration.database.port == 15432)
    #expect(try configuration.database.password.read() == "x")
  }

  @Test func theEnvironmentGivesListsAndMaps() throws {
    let configuration = try load(
      "",
      environment: [
        "SYNC_DATABASE_NAME": "shop", "SYNC_DATABASE_HOST": "a, b", "SYNC_TABLES_EXCLUDE": "[\"a.b\", '/x,y/']",
        "SYNC_TABLES_KEYS": "{\"public.events\": [tenant, id]}", "SYNC_HTTP_LISTEN": "",
      ])
    #expect(configuration.database.hosts == ["a", "b"])
    #expect(configuration.tables.selection.exclude.map(\.source) == ["a.b", "/x,y/"])
    #expect(configuration.tables.selection.keys(schema: "public", table: "events") == ["tenant", "id"])
    #expect(configuration.http.listen == nil)
  }

  @Test func aMistakeInTheEnvironmentNamesTheVariable() {
    #expect(
      problems(of: "database: {name: shop}", environment: ["SYNC_DATABASE_PORT": "0"]) == [
        "SYNC_DATABASE_PORT: database.port: \"0\" is not a port number from 1 to 65535; set SYNC_DATABASE_PORT=5432"
      ])
  }

  @Test func theDriverHasManyNames() throws {
    for (word, driver, port) in [
      ("pgx", DatabaseDriver.postgres, 5432), ("postgres", .postgres, 5432), ("postgresql", .postgres, 5432),
      ("mysql", .mysql, 3306), ("mariadb", .mysql, 3306),
    ] {
      for key in ["driver", "type"] {
        let database = try load("database: {\(key): \(word), name: shop}").database
        #expect(database.driver == driver)
        #expect(database.port == UInt16(port))
      }
    }
    #expect(try load("database: {type: pgx, driver: postgres, name: shop}").database.driver == .postgres)
  }

  @Test func oneOrMany() throws {
    let one = try load("database: {host: /run/postgresql, name: shop}").database
    #expect(one.hosts == ["/run/postgresql"])
    let many = try load("database: {driver: mysql, host: [a, '::1', '[fe80::1%eth0]'], name: [a, b]}").database
    #expect(many.hosts == ["a", "::1", "fe80::1%eth0"])
    #expect(many.names == ["a", "b"])
  }

  @Test func dumpIsAWordOrABoolean() throws {
    for (word, mode) in [
      ("true", DumpMode.initial), ("initial", .initial), ("false", .never), ("never", .never), ("always", .always),
      ("only", .only),
    ] {
      #expect(try load("database: {name: shop}\nsync: {dump: \(word)}").sync.dump == mode)
    }
  }

  @Test func whatAsksForTLSGetsIt() throws {
    let base = "database: {name: shop}\netcd: "
    #expect(try load(base + "{grpc_insecure: false}").etcd.usesTLS)
    #expect(try load(base + "{tls: {enabled: true}}").etcd.usesTLS)
    #expect(try load(base + "{endpoints: ['https://[::1]:2379/']}").etcd.usesTLS)
    #expect(try !load(base + "{endpoints: ['http://a:1', 'b:2']}").etcd.usesTLS)
  }

  @Test func pathsLoseTheSlashesAroundThem() throws {
    let etcd = try load("database: {name: shop}\netcd: {path: /prod/sync/, state_path: /_sync}").etcd
    #expect(etcd.path == "prod/sync")
    #expect(etcd.statePath == "_sync")
  }

  @Test func sectionsOfOthersAreNamedOnce() throws {
    let remarks = try load("database: {name: shop, debug: true}\nhomepage: {x: \"${NO}\"}\nserver:\n- a\n").remarks
    #expect(
      remarks == [
        ConfigurationRemark(level: .notice, text: "passed over in c.yml, not ours: homepage (line 2), server (line 3)"),
        ConfigurationRemark(level: .debug, text: "database.debug in c.yml means nothing here"),
      ])
  }

  @Test func anEnvironmentNameThatIsNearlyOursIsTold() throws {
    let remarks = try load("database: {name: shop}", environment: ["SYNC_DATABSE_USER": "x", "SYNC_OTHER": "y"]).remarks
    #expect(remarks.map(\.level) == [.warning])
    #expect(remarks.first?.text.contains("the nearest is SYNC_DATABASE_USER") == true)
  }

  @Test func theLastSentenceSaysWhereAndWhatToDo() {
    do {
      _ = try load("database:\n  name: shop\n  port: 0\n")
      Issue.record("taken")
    } catch {
      #expect(
        error.sentence
          == "The configuration is wrong at database.port (c.yml:3), so nothing was started; write: port: 5432")
    }
  }
}
