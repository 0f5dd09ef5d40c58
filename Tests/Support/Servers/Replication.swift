// SPDX-License-Identifier: Apache-2.0

/// What one end-to-end test works with: a database, a prefix in etcd, and a configuration that joins them.
///
/// `Replication` has a database of PostgreSQL, `MySQLReplication` a schema of MySQL or MariaDB.
///
///     let replication = try Replication()
///     try replication.database.psql("CREATE TABLE …")
///     let syncd = try replication.start()
///     #expect(try replication.differences().isEmpty)
public final class SourceReplication<Source: SourceDatabase>: Sendable {
  public let database: Source
  public let etcd: TestEtcd
  /// Names the replication, its slot, and the first part of its rows' keys.
  public let name: String
  /// The first revision of etcd that it can have written.
  private let firstRevision: Int

  /// On an etcd that other tests use at the same time, unless one is given.
  init(_ database: Source, etcd: TestEtcd?) throws {
    self.database = database
    self.etcd = try etcd ?? TestEtcd.shared()
    name = database.name
    firstRevision = try self.etcd.revision + 1
  }

  public var stateFolder: String { "/_sync/\(name)/" }
  public var rowsFolder: String { "/\(name)/" }

  /// The configuration as YAML: section, then key, then the value as YAML has it. `changes` win over the usual.
  public func configuration(_ changes: [String: [String: String]] = [:]) -> String {
    let endpoints = etcd.endpoints.map { "\"\($0)\"" }.joined(separator: ", ")
    var sections: [String: [String: String]] = [
      "database": database.configuration,
      "etcd": ["endpoints": "[\(endpoints)]", "path": name],
      "http": ["listen": "\"\""],
    ]
    for (section, values) in changes { sections[section, default: [:]].merge(values) { _, new in new } }
    var text = "name: \(name)\nlog_level: debug\n"
    for (section, values) in sections.sorted(by: { $0.key < $1.key }) {
      text += "\(section):\n"
      for (key, value) in values.sorted(by: { $0.key < $1.key }) { text += "  \(key): \(value)\n" }
    }
    return text
  }

  /// Starts the daemon.
  public func start(
    _ changes: [String: [String: String]] = [:], environment: [String: String] = [:]
  ) throws -> SyncdProcess {
    try SyncdProcess(configuration: configuration(changes), environment: environment)
  }

  public var oracle: RowOracle { RowOracle(path: name) }

  /// Compares every row with every key until they are equal or `limit` has passed; answers the last comparison.
  public func differences(
    within limit: Duration = .seconds(30), _ adjust: (inout RowOracle) -> Void = { _ in }
  ) throws -> RowDifferences {
    var oracle = oracle
    adjust(&oracle)
    var last = try oracle.compare(database, with: etcd)
    _ = try waitUntil(within: limit) {
      if !last.isEmpty { last = try oracle.compare(database, with: etcd) }
      return last.isEmpty
    }
    return last
  }

  /// Every put and delete of a row, from `revision` or the beginning to now, in order. A delete has version 0.
  public func history(from revision: Int? = nil) throws -> [TestEtcd.KeyValue] {
    try etcd.history(folder: rowsFolder, from: revision ?? firstRevision)
  }

  /// Waits until the checkpoint says that the dump is over: before that, a crash may put a row again.
  public func waitUntilSyncing(within limit: Duration = .seconds(30)) throws -> Bool {
    try waitUntil(within: limit) {
      try etcd.get(stateFolder + "checkpoint")?.text.contains(#""phase":"sync""#) == true
    }
  }

  /// The key of a row of schema public, or of the first MySQL schema.
  public func key(_ table: String, _ components: String...) -> String { key(table, components) }

  public func key(_ table: String, _ components: [String]) -> String {
    oracle.key(database.defaultSchema, table, components)
  }
}

public typealias Replication = SourceReplication<TestDatabase>

extension Replication {
  /// From PostgreSQL, on servers that other tests use at the same time, unless servers are given.
  public convenience init(postgres: TestPostgres? = nil, etcd: TestEtcd? = nil) throws {
    try self.init((postgres ?? TestPostgres.shared()).createDatabase(), etcd: etcd)
  }
}

public typealias MySQLReplication = SourceReplication<TestSchema>

extension MySQLReplication {
  /// From MySQL or MariaDB, on servers that other tests use at the same time, unless servers are given.
  public convenience init(_ server: String = "mysql-9.7", log: TestMySQL.Log = .full, etcd: TestEtcd? = nil) throws {
    try self.init(mysql: TestMySQL.shared(server, log: log), etcd: etcd)
  }

  /// From a server of its own; `furtherSchemas` is how many it has besides the first.
  public convenience init(mysql: TestMySQL, furtherSchemas: Int = 0, etcd: TestEtcd? = nil) throws {
    try self.init(mysql.createSchema(further: furtherSchemas), etcd: etcd)
  }
}
