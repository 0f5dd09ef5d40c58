// SPDX-License-Identifier: Apache-2.0

/// How a connection is encrypted, in the terms of PostgreSQL's clients: the configuration has them for all databases.
public enum MySQLTLSMode: String, Sendable, CaseIterable {
  case disable
  /// TLS if the server has it, else plaintext; nothing is verified.
  case prefer
  /// TLS without verification, unless an authority is named: then as `verifyCA`.
  case require
  case verifyCA = "verify-ca"
  case verifyFull = "verify-full"
}
