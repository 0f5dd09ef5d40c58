// SPDX-License-Identifier: Apache-2.0
internal import COpenSSL

/// The hash functions that our protocols name. MD5 and SHA-1 are here because servers ask for them, not because they
/// are good.
public enum Digest: Sendable, CaseIterable {
  case md5, sha1, sha256, sha384, sha512

  /// Bytes of its output.
  public var byteCount: Int {
    switch self {
    case .md5: 16
    case .sha1: 20
    case .sha256: 32
    case .sha384: 48
    case .sha512: 64
    }
  }

  var algorithm: OpaquePointer {
    switch self {
    case .md5: unsafe EVP_md5()
    case .sha1: unsafe EVP_sha1()
    case .sha256: unsafe EVP_sha256()
    case .sha384: unsafe EVP_sha384()
    case .sha512: unsafe EVP_sha512()
    }
  }

  /// Appends the hash of `bytes`.
  public func hash(_ bytes: RawSpan, into writer: inout ByteWriter) {
    unsafe writer.appendUnsafe(upTo: byteCount) { out in
      unsafe bytes.withUnsafeBytes { input in
        let done = unsafe EVP_Digest(input.baseAddress, input.count, out.baseAddress, nil, algorithm, nil)
        precondition(done == 1, "OpenSSL has no such digest")
      }
      return byteCount
    }
  }

  public func hash(_ bytes: RawSpan) -> [UInt8] {
    var writer = ByteWriter(capacity: byteCount)
    hash(bytes, into: &writer)
    return writer.bytes.array
  }

  public func hash(_ bytes: [UInt8]) -> [UInt8] { unsafe hash(bytes.span.bytes) }

  /// RFC 2104.
  public func hmac(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { out, count in
      unsafe key.withUnsafeBytes { key in
        unsafe message.withUnsafeBufferPointer { message in
          let done = unsafe HMAC(
            algorithm, key.baseAddress, Int32(key.count), message.baseAddress, message.count, out.baseAddress, nil)
          precondition(unsafe done != nil, "OpenSSL has no such digest")
        }
      }
      count = byteCount
    }
  }

  /// RFC 8018, section 5.2, with this digest's HMAC; SCRAM's `Hi` is it with `count` = `byteCount`.
  /// `iterations` often comes from a peer and costs time: the caller holds it within limits.
  public func pbkdf2(password: [UInt8], salt: [UInt8], iterations: Int, count: Int) -> [UInt8] {
    precondition(iterations > 0 && iterations <= Int(Int32.max) && count > 0)
    return unsafe [UInt8](unsafeUninitializedCapacity: count) { out, filled in
      unsafe password.withUnsafeBytes { password in
        unsafe salt.withUnsafeBufferPointer { salt in
          // A null pointer would make OpenSSL count the characters itself: an empty password is "".
          let text = unsafe password.baseAddress?.assumingMemoryBound(to: CChar.self)
          let done = unsafe PKCS5_PBKDF2_HMAC(
            text, Int32(password.count), salt.baseAddress, Int32(salt.count), Int32(iterations),
            algorithm, Int32(count), out.baseAddress)
          precondition(done == 1, "OpenSSL has no such digest")
        }
      }
      filled = count
    }
  }
}
