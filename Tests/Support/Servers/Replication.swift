// SPDX-License-Identifier: Apache-2.0

/// What one end-to-end test works with: a database, a prefix in etcd, and a configuration that joins them.
///
///     let replication = try Replication()
///     try replication.database.psql("CREATE TABLE …")
///     let syncd = try replication.start()
///     #expect(try replication.differences().isEmpty)
public final class Replication: Sendable {
  public let database: TestDatabase
  public let etcd: TestEtcd
  /// Names the replication, its slot, and the first part of its rows' keys.
  public let name: String

  /// On servers that other tests use at the same time, unless servers are given.
  public init(postgres: TestPostgres? = nil, etcd: TestEtcd? = nil) throws {
    database = try (postgres ?? TestPostgres.shared()).createDatabase()
    self.etcd = try etcd ?? TestEtcd.shared()
    name = database.name
  }

  public var stateFolder: String { "/_sync/\(name)/" }
  public var rowsFolder: String { "/\(name)/" }

  /// The configuration as YAML: section, then key, then the value as YAML has it. `changes` win over the usual.
  public func configuration(_ changes: [String: [String: String]] = [:]) -> String {
    let endpoints = etcd.endpoints.map { "\"\($0)\"" }.joined(separator: ", ")
    var sections: [String: [String: String]] = [
      "database": [
        "driver": "pgx", "host": "127.0.0.1", "port": "\(database.postgres.server.port)", "user": TestPostgres.role,
        "password": TestPostgres.password, "name": database.name, "retry_period": "200ms",
        "postgres": "{slot: \(name), publication: \(name)}",
      ],
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
  public func start(_ changes: [String: [String: String]] = [:]) throws -> SyncdProcess {
    try SyncdProcess(configuration: configuration(changes))
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

  /// Waits until the checkpoint says that the dump is over: before that, a crash may put a row again.
  public func waitUntilSyncing(within limit: Duration = .seconds(30)) throws -> Bool {
    try waitUntil(within: limit) {
      try etcd.get(stateFolder + "checkpoint")?.text.contains(#""phase":"sync""#) == true
    }
  }

  /// The key of a row of schema public.
  public func key(_ table: String, _ components: String...) -> String {
    "/\(name)/public/\(table)/" + components.map(RowOracle.escaped).joined(separator: "/")
  }
}
