// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

/// A daemon that follows a schema of MySQL or MariaDB, and the next one after it has ended.
final class MySQLRun {
  let replication: MySQLReplication
  let changes: [String: [String: String]]
  private(set) var syncd: SyncdProcess

  /// Makes the tables, starts the daemon, and waits until it has dumped them and follows the log.
  init(
    _ replication: MySQLReplication, _ tables: String, _ changes: [String: [String: String]] = [:],
    location: SourceLocation = #_sourceLocation
  ) throws {
    self.replication = replication
    self.changes = changes
    try replication.database.sql(tables)
    syncd = try replication.start(changes)
    #expect(try replication.waitUntilSyncing(within: .seconds(60)), "\(report)", sourceLocation: location)
  }

  convenience init(
    on server: String = "mysql-9.7", _ tables: String, _ changes: [String: [String: String]] = [:],
    location: SourceLocation = #_sourceLocation
  ) throws {
    try self.init(MySQLReplication(server), tables, changes, location: location)
  }

  var server: TestMySQL { replication.database.server }

  func sql(_ statements: String) throws { try replication.database.sql(statements) }

  /// Every row is compared with every key, to the byte.
  func expectEqual(
    within limit: Duration = .seconds(45), location: SourceLocation = #_sourceLocation,
    _ adjust: (inout RowOracle) -> Void = { _ in }
  ) throws {
    let differences = try replication.differences(within: limit, adjust)
    #expect(differences.isEmpty, "\(differences)\n\(report)", sourceLocation: location)
  }

  func value(_ table: String, _ components: String...) throws -> String? {
    try replication.etcd.get(replication.key(table, components))?.text
  }

  /// Ends as it is asked to.
  func stop(location: SourceLocation = #_sourceLocation) {
    #expect(syncd.terminate() == .status(0), "\(report)", sourceLocation: location)
  }

  func kill9() { syncd.kill9() }

  func start(_ changes: [String: [String: String]]? = nil) throws {
    syncd = try replication.start(changes ?? self.changes)
  }

  /// Stops, lets the statements happen, and starts again.
  func whileDown(_ statements: String, location: SourceLocation = #_sourceLocation) throws {
    stop(location: location)
    try sql(statements)
    try start()
  }

  /// The position that etcd holds.
  func checkpoint() throws -> String {
    try replication.etcd.get(replication.stateFolder + "checkpoint")?.text ?? ""
  }

  /// How often this daemon has dumped a table by itself.
  var tableDumps: Int { syncd.lines.count { $0.contains("table dumped") } }

  var report: String { String(syncd.log.suffix(2500)) }
}
