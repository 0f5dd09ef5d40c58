// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// A PostgreSQL server with the role `sync`, password `sync`, that may log in and replicate and owns what it makes.
public struct TestPostgres: Sendable {
  public static let role = "sync"
  public static let password = "sync"

  public let server: TestServer

  /// The server that the tests of this run share; each takes a database of its own.
  public static func shared(_ name: String = "pg-15") throws -> TestPostgres {
    TestPostgres(server: try TestServer.shared(name) { try TestPostgres(server: $0).createRole() })
  }

  private init(server: TestServer) { self.server = server }

  /// A server for one test alone, to be stopped, killed or configured.
  public init(_ name: String = "pg-15", flags: [String] = [], certificates: String? = nil) throws {
    server = try TestServer(name, flags: flags, certificates: certificates)
    try createRole()
  }

  /// A standby of another server. It listens on its socket only, so that both can be hosts of one port.
  public init(standbyOf primary: TestPostgres) throws {
    let first = primary.server
    server = try TestServer(first.name, port: first.port, flags: ["-c", "listen_addresses="]) { folder in
      try run([
        TestServer.program("pg_basebackup", of: first.name), "-h", first.folder, "-p", "\(first.port)", "-U",
        "postgres",
        "-D", folder + "/data", "-R", "-X", "stream", "-c", "fast",
      ])
    }
  }

  /// From now on it is a primary.
  public func promote() throws { try psql("SELECT pg_promote()", database: "postgres") }

  private func createRole() throws {
    try psql("CREATE ROLE \(Self.role) LOGIN REPLICATION PASSWORD '\(Self.password)'", database: "postgres")
  }

  public func createDatabase() throws -> TestDatabase {
    let name = "test_\(TestServer.nextNumber())"
    try psql("CREATE DATABASE \(name) OWNER \(Self.role)", database: "postgres")
    return TestDatabase(postgres: self, name: name)
  }

  /// What psql prints, unaligned and without headings: fields are parted by U+001F, records by U+001E.
  ///
  /// Each statement commits for itself. The session prints values as `row_to_json` must for the contract.
  @discardableResult
  public func psql(_ sql: String, database: String, as role: String = "postgres") throws -> String {
    try run(command(database, role), environment: Self.session, input: sql + ";\n")
  }

  func psqlInBackground(_ sql: String, database: String, as role: String) throws -> ChildProcess {
    try ChildProcess(command(database, role), environment: Self.session, input: Array((sql + ";\n").utf8))
  }

  private static let session = [
    "PGOPTIONS": "-c TimeZone=UTC -c DateStyle=ISO -c IntervalStyle=postgres -c extra_float_digits=1",
    "PGCLIENTENCODING": "UTF8",
  ]

  private func command(_ database: String, _ role: String) throws -> [String] {
    [
      try TestServer.program("psql", of: server.name), "-qXAt", "-v", "ON_ERROR_STOP=1", "-F", "\u{1F}", "-R", "\u{1E}",
      "-h", server.folder, "-p", "\(server.port)", "-U", role, "-d", database, "-f", "-",
    ]
  }
}

extension TestPostgres {
  /// The same database as another server has it.
  public func database(as other: TestDatabase) -> TestDatabase { TestDatabase(postgres: self, name: other.name) }
}

/// A database for one test. With it go its replication slots.
public final class TestDatabase: Sendable {
  public let postgres: TestPostgres
  public let name: String

  init(postgres: TestPostgres, name: String) {
    self.postgres = postgres
    self.name = name
  }

  deinit {
    _ = try? postgres.psql(
      """
      SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE database = '\(name)' AND active;
      SELECT pg_sleep(0.1);
      SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = '\(name)' AND NOT active;
      DROP DATABASE IF EXISTS \(name)
      """, database: "postgres")
  }

  /// Runs statements as the role `sync`, or as the superuser; each commits for itself unless they say BEGIN.
  @discardableResult
  public func psql(_ sql: String, as role: String = TestPostgres.role) throws -> String {
    try postgres.psql(sql, database: name, as: role)
  }

  /// Starts statements and returns at once; the exit of the process is that of psql.
  public func psqlInBackground(_ sql: String) throws -> ChildProcess {
    try postgres.psqlInBackground(sql, database: name, as: TestPostgres.role)
  }

  /// The rows of one query, each as its fields' texts.
  public func rows(_ sql: String) throws -> [[String]] {
    var text = try psql(sql)
    guard !text.isEmpty else { return [] }
    if text.hasSuffix("\n") { text.removeLast() }
    return text.split(separator: "\u{1E}", omittingEmptySubsequences: false).map {
      $0.split(separator: "\u{1F}", omittingEmptySubsequences: false).map(String.init)
    }
  }
}
