// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Daemon

@Suite struct SettingsTests {
  @Test func noTwoSettingsShareAPathOrAnEnvironmentVariable() {
    #expect(Set(Settings.all.map(\.path)).count == Settings.all.count)
    #expect(Set(Settings.all.map(\.environmentName)).count == Settings.all.count)
    #expect(Settings.byPath["database.tls.ca_path"]?.environmentName == "SYNC_DATABASE_TLS_CA_PATH")
    #expect(Settings.byPath["name"]?.environmentName == "SYNC_NAME")
  }

  @Test func sectionsAreThoseOfTheContract() {
    #expect(
      Settings.sections == [
        "database", "database.tls", "database.postgres", "database.mysql", "tables", "tables.columns", "etcd",
        "etcd.tls", "sync", "ha", "http",
      ])
  }

  /// The example of each setting is what its message tells an operator to write: it must be right.
  @Test(arguments: Settings.all.map(\.path))
  func theExampleIsRight(_ path: String) throws {
    let setting = try #require(Settings.byPath[path])
    try apply(setting.example, to: setting)
  }

  @Test(arguments: Settings.all.map(\.path).filter { $0 != "database.name" })
  func theDefaultReadsBackAsItself(_ path: String) throws {
    let setting = try #require(Settings.byPath[path])
    var expected = Configuration()
    if path == "database.port" { expected.database.givenPort = 5432 }
    #expect(try apply(setting.defaultText, to: setting) == expected)
  }

  @Test func nothingIsUnexplained() {
    #expect(Settings.all.allSatisfy { !$0.summary.isEmpty && !$0.expects.isEmpty })
  }

  @discardableResult
  private func apply(_ text: String, to setting: Setting) throws -> Configuration {
    let root = try #require(try YAMLParser.parse(Array("\(setting.leaf): \(text)".utf8)))
    guard case .mapping(let entries) = root.content else { return Configuration() }
    let environment = ["SYNC_DB_PASSWORD": "a", "SYNC_ETCD_PASSWORD": "b"]
    var configuration = Configuration()
    try setting.apply(try GivenValue(entries[0].value, environment: environment), &configuration)
    return configuration
  }
}
