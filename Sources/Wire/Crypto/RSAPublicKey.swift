// SPDX-License-Identifier: Apache-2.0
internal import COpenSSL

/// A server's RSA key, to encrypt a password with.
@safe
public final class RSAPublicKey {
  private let key: OpaquePointer

  /// From PEM, "BEGIN PUBLIC KEY"; nil if it is none, or not RSA.
  public init?(pem: [UInt8]) {
    OpenSSLErrors.clear()
    defer { OpenSSLErrors.clear() }
    guard pem.count < 1 << 20, let bio = unsafe BIO_new_mem_buf(pem, Int32(pem.count)) else { return nil }
    defer { unsafe BIO_free(bio) }
    // A public key is not encrypted; without this a PEM that claims to be would ask on the terminal.
    guard let key = unsafe PEM_read_bio_PUBKEY(bio, nil, { _, _, _, _ in 0 }, nil) else { return nil }
    unsafe self.key = key
    if unsafe EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA { return nil }
  }

  deinit { unsafe EVP_PKEY_free(key) }

  /// RSAES-OAEP with SHA-1 (RFC 8017, section 7.1); nil if `message` is too long for the key.
  public func encryptOAEP(_ message: [UInt8]) -> [UInt8]? {
    OpenSSLErrors.clear()
    defer { OpenSSLErrors.clear() }
    guard let context = unsafe EVP_PKEY_CTX_new(key, nil) else { return nil }
    defer { unsafe EVP_PKEY_CTX_free(context) }
    var count = 0
    guard unsafe EVP_PKEY_encrypt_init(context) == 1,
      unsafe EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1,
      unsafe EVP_PKEY_encrypt(context, nil, &count, message, message.count) == 1
    else { return nil }
    var encrypted = [UInt8](repeating: 0, count: count)
    guard unsafe EVP_PKEY_encrypt(context, &encrypted, &count, message, message.count) == 1 else { return nil }
    return Array(encrypted.prefix(count))
  }
}
