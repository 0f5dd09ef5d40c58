// SPDX-License-Identifier: Apache-2.0
internal import CZlib

/// CRC-32 as in ISO 3309 and zlib: MySQL's `binlog_checksum=CRC32`.
public enum CRC32 {
  /// The checksum of what was counted before (`seed` is its checksum; 0 for nothing) followed by `bytes`.
  public static func of(_ bytes: RawSpan, after seed: UInt32 = 0) -> UInt32 {
    unsafe bytes.withUnsafeBytes { buffer in
      guard let start = buffer.baseAddress else { return seed }
      let typed = unsafe start.assumingMemoryBound(to: UInt8.self)
      return unsafe UInt32(truncatingIfNeeded: crc32_z(UInt(seed), typed, buffer.count))
    }
  }
}
