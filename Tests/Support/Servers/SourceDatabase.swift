// SPDX-License-Identifier: Apache-2.0

/// A database, or a few schemas of a server, that one test has for itself and the daemon follows.
public protocol SourceDatabase: Sendable {
  /// Unique in this test run; also names the replication.
  var name: String { get }
  /// The section `database` of a configuration, each value as YAML has it.
  var configuration: [String: String] { get }
  /// The schema of tables that are made without naming one.
  var defaultSchema: String { get }

  /// Every key that must be in etcd with its value, as the server itself says it.
  func expectedRows(_ oracle: RowOracle) throws -> [(key: String, value: String)]
}
