// SPDX-License-Identifier: Apache-2.0
internal import COpenSSL

/// Bytes that nobody can foretell: nonces, identifiers.
public enum Random {
  public static func bytes(_ count: Int) -> [UInt8] {
    precondition(count >= 0 && count <= Int(Int32.max))
    return unsafe [UInt8](unsafeUninitializedCapacity: count) { out, filled in
      // A generator that cannot be seeded is no state to go on in.
      let done = count == 0 ? 1 : unsafe RAND_bytes(out.baseAddress, Int32(count))
      precondition(done == 1, "no random bytes")
      filled = count
    }
  }
}
