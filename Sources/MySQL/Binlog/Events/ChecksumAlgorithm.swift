// SPDX-License-Identifier: Apache-2.0

/// What ends every event of a log: `binlog_checksum`.
@frozen
public enum ChecksumAlgorithm: UInt8, Sendable {
  case none = 0
  /// Four bytes, least significant first, over everything before them.
  case crc32 = 1

  /// Bytes that it takes at the end of an event.
  @inlinable public var byteCount: Int { self == .crc32 ? 4 : 0 }
}
