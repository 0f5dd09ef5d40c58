// SPDX-License-Identifier: Apache-2.0
internal import COpenSSL

/// Comparing what an attacker may try out.
public enum Secret {
  /// Whether both are equal, in a time that does not tell at which byte they differ. Their lengths are no secret.
  public static func isEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    guard a.count == b.count else { return false }
    return unsafe CRYPTO_memcmp(a, b, a.count) == 0
  }
}
