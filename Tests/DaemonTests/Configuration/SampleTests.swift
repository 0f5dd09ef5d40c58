// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Daemon

/// The configurations that the project ships, and the damage that can be done to them.
@Suite struct SampleTests {
  static let environment = ["SYNC_DB_PASSWORD": "hunter2"]

  private func load(_ name: String) throws -> Configuration {
    try Configuration.load(file: ProjectFile.path("sample/\(name)"), environment: SampleTests.environment)
  }

  @Test func contrail() throws {
    let configuration = try load("contrail.yml")
    #expect(configuration.database.driver == .mysql)
    #expect(configuration.database.port == 3306)
    #expect(configuration.database.user == "root")
    #expect(try configuration.database.password.read() == "example")
    #expect(configuration.database.names == ["contrail_test"])
    #expect(configuration.database.retryPeriod == .seconds(3))
    #expect(configuration.etcd.path == "contrail")
    #expect(!configuration.etcd.usesTLS)
    #expect(!configuration.etcd.password.isGiven)
    #expect(configuration.logLevel == .debug)
    #expect(configuration.remarks.map(\.level) == [.notice, .debug, .debug, .debug])
    for section in ["homepage", "server", "auth_type", "insecure", "client", "agent"] {
      #expect(configuration.remarks[0].text.contains(section))
    }
  }

  @Test func contrailPostgres() throws {
    let configuration = try load("contrail_postgres.yml")
    #expect(configuration.database.driver == .postgres)
    #expect(configuration.database.port == 5432)
    #expect(configuration.etcd.dialTimeout == .seconds(60))
    #expect(configuration.remarks.map(\.level) == [.debug])
  }

  /// Every line of our own samples says the default, or what the comment in the sample says.
  @Test func postgres() throws {
    var expected = Configuration()
    expected.database.givenPort = 5432
    expected.database.names = ["shop"]
    expected.database.password = Secret("hunter2")
    #expect(try load("postgres.yml") == expected)
  }

  @Test func mysql() throws {
    var expected = Configuration()
    expected.database.driver = .mysql
    expected.database.givenPort = 3306
    expected.database.names = ["shop"]
    expected.database.password = Secret("hunter2")
    #expect(try load("mysql.yml") == expected)
  }

  @Test(arguments: [("postgres.yml", "database.mysql."), ("mysql.yml", "database.postgres.")])
  func everyKeyIsThereAndExplained(_ name: String, _ otherDriver: String) throws {
    let text = String(decoding: try ProjectFile.bytes("sample/\(name)"), as: UTF8.self)
    var found: Set<String> = []
    var sections: [String] = []
    for line in text.split(separator: "\n") where !line.trimmed.hasPrefix("#") {
      let depth = line.prefix { $0 == " " }.count / 2
      let key = line.trimmed.prefix { $0 != ":" }
      sections = sections.prefix(depth) + [String(key)]
      let path = sections.joined(separator: ".")
      guard Settings.byPath[path] != nil else { continue }
      found.insert(path)
      let explained = ["database.port", "etcd.password"]
      #expect(line.contains(" # ") || explained.contains(path), "\(path) has no comment")
    }
    let expected = Set(Settings.all.map(\.path).filter { !$0.hasPrefix(otherDriver) })
    #expect(found == expected)
  }

  /// A file that is cut off anywhere is taken or refused, and what refuses it has a line and no secret. Our own samples
  /// are long for their comments: there every seventh byte must do.
  @Test(arguments: [("contrail.yml", 1), ("contrail_postgres.yml", 1), ("postgres.yml", 7), ("mysql.yml", 7)])
  func cutOffAnywhere(_ name: String, _ stride: Int) throws {
    let bytes = try ProjectFile.bytes("sample/\(name)")
    for end in Swift.stride(from: 0, through: bytes.count, by: stride) { check(Array(bytes[..<end])) }
  }

  /// Bytes replaced, inserted and removed at random, always the same way.
  @Test(arguments: ["contrail.yml", "contrail_postgres.yml", "postgres.yml", "mysql.yml"])
  func damagedAnywhere(_ name: String) throws {
    let bytes = try ProjectFile.bytes("sample/\(name)")
    let odd = Array("\0\t\n\r :-?[]{},#&*!|>'\"%@`~$\\/.0a\u{7F}é".utf8) + [0xFF, 0x80]
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
    for _ in 0..<250 {
      var damaged = bytes
      for _ in 0...random(3) {
        let place = random(damaged.count)
        switch random(3) {
        case 0: damaged[place] = odd[random(odd.count)]
        case 1: damaged.insert(odd[random(odd.count)], at: place)
        default: damaged.remove(at: place)
        }
      }
      check(damaged)
    }
  }

  private func check(_ bytes: [UInt8]) {
    do {
      _ = try Configuration.load(bytes, named: "c.yml", environment: SampleTests.environment)
    } catch {
      #expect(!error.problems.isEmpty)
      for problem in error.problems {
        let line = problem.description
        #expect(line.hasPrefix("c.yml") && !line.contains("hunter2") && !line.contains("\n"))
      }
    }
  }
}
