// SPDX-License-Identifier: Apache-2.0
internal import CDeflate

/// CRC-32 as in ISO 3309 and zlib: MySQL's `binlog_checksum=CRC32`.
///
/// Each byte of the log goes through it: libdeflate multiplies without carry where the processor can, and takes a
/// thirteenth of the instructions of zlib's tables.
public enum CRC32 {
  /// The checksum of what was counted before (`seed` is its checksum; 0 for nothing) followed by `bytes`.
  public static func of(_ bytes: RawSpan, after seed: UInt32 = 0) -> UInt32 {
    unsafe bytes.withUnsafeBytes { buffer in
      // Of nothing it answers the checksum of nothing, whatever the seed.
      guard let start = buffer.baseAddress else { return seed }
      return unsafe libdeflate_crc32(seed, start, buffer.count)
    }
  }
}
