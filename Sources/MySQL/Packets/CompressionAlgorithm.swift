// SPDX-License-Identifier: Apache-2.0

/// How the packets of a connection are packed. What the server does not offer is not used.
public enum CompressionAlgorithm: String, Sendable, CaseIterable {
  case none
  case zlib
  /// MySQL 8.0.18 and later; the level is ours.
  case zstd
}
