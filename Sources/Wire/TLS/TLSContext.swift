// SPDX-License-Identifier: Apache-2.0
internal import COpenSSL
internal import Glibc

/// An SSL_CTX made from a configuration. Files are read anew for each connection, so that renewed ones are used.
@safe
final class TLSContext {
  let pointer: OpaquePointer

  deinit { unsafe SSL_CTX_free(pointer) }

  init(_ configuration: TLSConfiguration) throws(TLSError) {
    OpenSSLErrors.clear()
    guard let context = unsafe SSL_CTX_new(TLS_client_method()) else {
      throw TLSError("no TLS context: \(OpenSSLErrors.words)")
    }
    unsafe pointer = context
    unsafe sync_SSL_CTX_set_min_proto_version(pointer, TLS1_2_VERSION)
    // Retries of a write may come from another address (the buffer has moved) and may send a part.
    unsafe sync_SSL_CTX_set_mode(
      pointer, Int(SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS))
    // Renegotiation (TLS 1.2 and before) would make a write wait for a read; a peer that asks is refused.
    _ = unsafe SSL_CTX_set_options(pointer, sync_SSL_OP_NO_RENEGOTIATION)
    // Nobody is asked for a passphrase: a daemon has no terminal.
    unsafe SSL_CTX_set_default_passwd_cb(pointer) { _, _, _, _ in 0 }
    try trustAuthorities(configuration)
    try presentCertificate(configuration)
  }

  private func trustAuthorities(_ configuration: TLSConfiguration) throws(TLSError) {
    if configuration.verify == .none { return }
    // What the file names is trusted as it stands, an intermediate authority too, as etcd's own clients do.
    _ = unsafe X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(pointer), UInt(X509_V_FLAG_PARTIAL_CHAIN))
    guard let path = configuration.caPath.isEmpty ? CertificateAuthorities.defaultFile : configuration.caPath else {
      throw TLSError("this machine has no file of certificate authorities in the usual places", remedy: .authority)
    }
    try Self.checkReadable(path, "CA file")
    OpenSSLErrors.clear()
    if unsafe SSL_CTX_load_verify_file(pointer, path) != 1 {
      throw TLSError("CA file \(path): \(OpenSSLErrors.words)", remedy: .authority)
    }
  }

  private func presentCertificate(_ configuration: TLSConfiguration) throws(TLSError) {
    let path = configuration.certificatePath
    if path.isEmpty {
      if configuration.keyPath.isEmpty { return }
      throw TLSError("a private key is given without a certificate", remedy: .clientCertificate)
    }
    let keyPath = configuration.keyPath.isEmpty ? path : configuration.keyPath
    try Self.checkReadable(path, "certificate")
    try Self.checkReadable(keyPath, "private key")
    OpenSSLErrors.clear()
    if unsafe SSL_CTX_use_certificate_chain_file(pointer, path) != 1 {
      throw TLSError("certificate \(path): \(OpenSSLErrors.words)", remedy: .clientCertificate)
    }
    if unsafe SSL_CTX_use_PrivateKey_file(pointer, keyPath, SSL_FILETYPE_PEM) != 1 {
      // "key values mismatch", or what the PEM reader met; a passphrase is the usual cause of the latter.
      throw TLSError("private key \(keyPath): \(OpenSSLErrors.words)", remedy: .clientCertificate)
    }
  }

  /// OpenSSL's own words for a file it cannot open name its call, not the file.
  private static func checkReadable(_ path: String, _ what: String) throws(TLSError) {
    if unsafe access(path, R_OK) != 0 {
      throw TLSError("\(what) \(path): \(SystemError.last("access").reason)")
    }
  }
}
