// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// A MySQL or MariaDB server with the account `sync`, password `sync`, that has what the daemon asks for and no more:
/// statements of tests run as root, over the socket.
public struct TestMySQL: Sendable {
  public static let role = "sync"
  public static let password = "sync"

  /// Each version that the tests install.
  public static let names = ["mysql-9.7", "mariadb-10.5", "mariadb-10.11", "mariadb-11.8"]
  public static let mariaDBNames = names.filter { $0.hasPrefix("mariadb") }

  /// Flags under which nothing that was committed is lost by `kill9`.
  public static let crashSafe = ["--innodb-flush-log-at-trx-commit=2"]

  public let server: TestServer

  /// What a server's binary log tells.
  public enum Log: String, Sendable, CaseIterable {
    /// All there is about columns; checksums, nothing compressed.
    case full
    /// Types only, as is the default everywhere; no checksums, all compressed.
    case sparse

    func flags(_ server: String) -> [String] {
      switch self {
      case .full: []
      case .sparse where server.hasPrefix("mariadb"):
        [
          "--binlog-row-metadata=NO_LOG", "--binlog-checksum=NONE", "--log-bin-compress",
          "--log-bin-compress-min-len=10",
        ]
      case .sparse:
        ["--binlog-row-metadata=MINIMAL", "--binlog-checksum=NONE", "--binlog-transaction-compression=ON"]
      }
    }
  }

  /// The server that the tests of this run share; each takes a schema of its own.
  public static func shared(_ name: String = "mysql-9.7", log: Log = .full) throws -> TestMySQL {
    TestMySQL(
      server: try TestServer.shared(name, flags: log.flags(name)) { try TestMySQL(server: $0).createAccount() })
  }

  private init(server: TestServer) { self.server = server }

  /// A server for one test alone, to be stopped, killed or configured.
  public init(_ name: String = "mysql-9.7", flags: [String] = [], certificates: String? = nil) throws {
    server = try TestServer(name, flags: flags, certificates: certificates)
    try createAccount()
  }

  public var isMariaDB: Bool { server.name.hasPrefix("mariadb") }

  private func createAccount() throws {
    // PROCESS only for naming who holds a lock.
    try sql(
      """
      CREATE USER \(Self.role)@'%' IDENTIFIED BY '\(Self.password)';
      GRANT SELECT, LOCK TABLES, PROCESS, REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO \(Self.role)@'%'
      """)
  }

  /// `further` is how many schemas it has besides the first.
  public func createSchema(further: Int = 0) throws -> TestSchema {
    let name = "test_\(TestServer.nextNumber())"
    let names = [name] + (0..<further).map { "\(name)_\($0 + 2)" }
    for name in names { try sql("CREATE DATABASE \(name) CHARACTER SET utf8mb4") }
    return TestSchema(server: self, names: names)
  }

  /// What the client prints in batch mode without headings: fields are parted by tabs, records end with newlines, and
  /// both are escaped with a backslash where they are data. Each statement commits for itself. In UTC.
  @discardableResult
  public func sql(
    _ sql: String, schema: String? = nil, within limit: Duration = .seconds(120)
  ) throws -> String {
    try run(command(schema), input: session + sql + ";\n", within: limit)
  }

  public func sqlInBackground(_ sql: String, schema: String? = nil) throws -> ChildProcess {
    try ChildProcess(command(schema), input: Array((session + sql + ";\n").utf8))
  }

  private let session = "SET time_zone = '+00:00';\n"

  private func command(_ schema: String?) throws -> [String] {
    return [
      try TestServer.program(isMariaDB ? "mariadb" : "mysql", of: server.name), "--no-defaults", "-uroot",
      "-S", server.folder + "/s.sock", "--default-character-set=utf8mb4", "--max-allowed-packet=1G", "--batch", "-N",
    ] + (schema.map { ["-D", $0] } ?? [])
  }

  /// The rows of one query, each as its fields' texts; NULL is the text `NULL`.
  public func rows(_ query: String, schema: String? = nil) throws -> [[String]] {
    try sql(query, schema: schema).split(separator: "\n").map { line in
      line.split(separator: "\t", omittingEmptySubsequences: false).map(Self.unescaped)
    }
  }

  private static func unescaped(_ field: Substring) -> String {
    guard field.utf8.contains(UInt8(ascii: "\\")) else { return String(field) }
    var bytes: [UInt8] = []
    var isEscaped = false
    for byte in field.utf8 {
      switch (isEscaped, byte) {
      case (false, UInt8(ascii: "\\")):
        isEscaped = true
        continue
      case (true, UInt8(ascii: "n")): bytes.append(UInt8(ascii: "\n"))
      case (true, UInt8(ascii: "t")): bytes.append(UInt8(ascii: "\t"))
      case (true, UInt8(ascii: "0")): bytes.append(0)
      default: bytes.append(byte)
      }
      isEscaped = false
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

// The binary log.
extension TestMySQL {
  /// Begins another file.
  public func flushLog() throws { try sql("FLUSH BINARY LOGS") }

  /// Forgets all of the log and its GTIDs; both begin anew.
  public func resetLog() throws { try sql(isMariaDB ? "RESET MASTER" : "RESET BINARY LOGS AND GTIDS") }

  /// The files that the server still has, oldest first.
  public func logFiles() throws -> [String] { try rows("SHOW BINARY LOGS").map { $0[0] } }

  /// Removes all files but the one that is being written, after beginning another. False if files stay: those that a
  /// dump reads; and, for a moment, those that MariaDB would still need after a crash.
  @discardableResult
  public func purgeLogs() throws -> Bool {
    try flushLog()
    guard let last = try logFiles().last else { return false }
    return try waitUntil(within: .seconds(5)) {
      try sql("PURGE BINARY LOGS TO '\(last)'")
      return try logFiles() == [last]
    }
  }

  /// The ids of the sessions that send the binary log to someone.
  public func dumpSessions() throws -> [String] {
    try rows("SELECT id FROM information_schema.processlist WHERE command LIKE 'Binlog Dump%' ORDER BY id").map {
      $0[0]
    }
  }
}

/// Schemas for one test: on a server that tests share each has its own.
public final class TestSchema: Sendable {
  public let server: TestMySQL
  /// The first is where statements are at home.
  public let names: [String]
  public var name: String { names[0] }

  init(server: TestMySQL, names: [String]) {
    self.server = server
    self.names = names
  }

  deinit {
    for name in names { _ = try? server.sql("DROP DATABASE IF EXISTS \(name)") }
  }

  /// Runs statements as root; each commits for itself unless they say BEGIN.
  @discardableResult
  public func sql(_ sql: String, within limit: Duration = .seconds(120)) throws -> String {
    try server.sql(sql, schema: name, within: limit)
  }

  /// Starts statements and returns at once; the exit of the process is that of the client.
  public func sqlInBackground(_ sql: String) throws -> ChildProcess {
    try server.sqlInBackground(sql, schema: name)
  }

  public func rows(_ query: String) throws -> [[String]] { try server.rows(query, schema: name) }
}
