// SPDX-License-Identifier: Apache-2.0
//
//   ciphertext → receive() → read BIO → SSL_read → decrypt(into:)
//   encrypt(from:) → SSL_write → write BIO → outgoing → ciphertext
internal import COpenSSL
internal import Glibc

/// The client's side of TLS 1.2 and 1.3 over memory: bytes in, bytes out, no descriptor.
///
/// Session tickets and key updates are met inside `decrypt`; what they make us answer appears in `outgoing`.
@safe
final class TLSMachine {
  /// What `decrypt` stopped at.
  enum Progress: Equatable {
    /// More ciphertext is needed.
    case needsMore
    /// There may be more to decrypt; there was no more room.
    case filled
    /// The peer has sent close_notify.
    case closed
  }

  /// Ciphertext to be sent.
  let outgoing = SendBuffer()
  private(set) var info: TLSInfo?
  private let context: TLSContext
  private let ssl: OpaquePointer
  private let readBIO: OpaquePointer
  private let writeBIO: OpaquePointer
  private let serverName: String

  /// A record's longest plaintext (RFC 8446, section 5.1).
  private static let recordBytesMax = 1 << 14

  init(_ configuration: TLSConfiguration, serverName: String, alpn: [String]) throws(TLSError) {
    context = try TLSContext(configuration)
    self.serverName = serverName.hasSuffix(".") ? String(serverName.dropLast()) : serverName
    OpenSSLErrors.clear()
    guard let ssl = unsafe SSL_new(context.pointer), let readBIO = unsafe BIO_new(BIO_s_mem()),
      let writeBIO = unsafe BIO_new(BIO_s_mem())
    else { throw TLSError("no TLS session: \(OpenSSLErrors.words)") }
    unsafe self.ssl = ssl
    unsafe self.readBIO = readBIO
    unsafe self.writeBIO = writeBIO
    // An empty BIO means "later", never "the end".
    unsafe sync_BIO_set_mem_eof_return(readBIO, -1)
    unsafe SSL_set_bio(ssl, readBIO, writeBIO)
    unsafe SSL_set_connect_state(ssl)
    try expectServer(configuration.verify)
    try offer(alpn)
  }

  // The session frees its BIOs.
  deinit { unsafe SSL_free(ssl) }

  // MARK: Setting up

  private func expectServer(_ verify: TLSConfiguration.Verification) throws(TLSError) {
    let isAddress = Self.isAddress(serverName)
    OpenSSLErrors.clear()
    // RFC 6066, section 3: "Literal IPv4 and IPv6 addresses are not permitted in "HostName"."
    if !isAddress, !serverName.isEmpty, unsafe sync_SSL_set_tlsext_host_name(ssl, serverName) != 1 {
      throw TLSError("server name \(serverName): \(OpenSSLErrors.words)", remedy: .hostName)
    }
    switch verify {
    case .none:
      unsafe SSL_set_verify(ssl, SSL_VERIFY_NONE, nil)
    case .certificateAuthority:
      unsafe SSL_set_verify(ssl, SSL_VERIFY_PEER, nil)
    case .full:
      if serverName.isEmpty { throw TLSError("no host name to verify the certificate against", remedy: .hostName) }
      unsafe SSL_set_verify(ssl, SSL_VERIFY_PEER, nil)
      unsafe SSL_set_hostflags(ssl, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
      let done =
        unsafe isAddress
        ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), serverName) : SSL_set1_host(ssl, serverName)
      if done != 1 {
        throw TLSError("server name \(serverName): \(OpenSSLErrors.words)", remedy: .hostName)
      }
    }
  }

  private static func isAddress(_ host: String) -> Bool {
    var address = in6_addr()
    return unsafe inet_pton(AF_INET, host, &address) == 1 || inet_pton(AF_INET6, host, &address) == 1
  }

  /// RFC 7301: each name with its length in a byte before it.
  private func offer(_ names: [String]) throws(TLSError) {
    if names.isEmpty { return }
    var list: [UInt8] = []
    for name in names {
      precondition((1...255).contains(name.utf8.count))
      list.append(UInt8(name.utf8.count))
      list += Array(name.utf8)
    }
    // 0 is success here, unlike everywhere else.
    if unsafe SSL_set_alpn_protos(ssl, list, UInt32(list.count)) != 0 { throw TLSError(OpenSSLErrors.words) }
  }

  // MARK: Moving bytes

  /// Takes ciphertext that has arrived.
  func receive(_ bytes: RawSpan) {
    let written = unsafe bytes.withUnsafeBytes { unsafe BIO_write(readBIO, $0.baseAddress, Int32($0.count)) }
    precondition(written == bytes.byteCount, "a memory BIO takes everything")
  }

  /// Goes on with the handshake as far as what has arrived allows; true when it is done.
  func handshake() throws(TLSError) -> Bool {
    if info != nil { return true }
    OpenSSLErrors.clear()
    let status = unsafe SSL_do_handshake(ssl)
    let error = status == 1 ? SSL_ERROR_NONE : unsafe SSL_get_error(ssl, status)
    takeOutgoing()
    if error == SSL_ERROR_NONE {
      info = describe()
      return true
    }
    if error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE { return false }
    throw failure()
  }

  /// Decrypts into `input` until it holds about `limit` bytes.
  func decrypt(into input: ReceiveBuffer, limit: Int) throws(TLSError) -> Progress {
    defer { takeOutgoing() }
    while input.count < limit {
      var error = SSL_ERROR_NONE
      OpenSSLErrors.clear()
      _ = unsafe input.fill(room: Self.recordBytesMax) { (free: UnsafeMutableRawBufferPointer) -> Int in
        var count = 0
        let status = unsafe SSL_read_ex(ssl, free.baseAddress, free.count, &count)
        if status != 1 { unsafe error = SSL_get_error(ssl, status) }
        return status == 1 ? count : 0
      }
      switch error {
      case SSL_ERROR_NONE: continue
      case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .needsMore
      case SSL_ERROR_ZERO_RETURN: return .closed
      default: throw failure()
      }
    }
    return .filled
  }

  /// Encrypts from `output` until `outgoing` holds about `limit` bytes.
  func encrypt(from output: SendBuffer, limit: Int) throws(TLSError) {
    defer { takeOutgoing() }
    while !output.isEmpty, outgoing.count + pendingOutgoing < limit {
      var error = SSL_ERROR_NONE
      OpenSSLErrors.clear()
      var count = 0
      output.withUnsent { bytes in
        unsafe bytes.withUnsafeBytes { raw in
          let status = unsafe SSL_write_ex(ssl, raw.baseAddress, min(raw.count, Self.recordBytesMax), &count)
          if status != 1 {
            unsafe error = SSL_get_error(ssl, status)
            count = 0
          }
        }
      }
      switch error {
      case SSL_ERROR_NONE: output.sent(count)
      case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return
      default: throw failure()
      }
    }
  }

  /// Encrypts all that is left, and close_notify behind it.
  func encryptLast(_ output: SendBuffer) {
    if info == nil { return }
    try? encrypt(from: output, limit: .max)
    sendCloseNotify()
  }

  /// Says to the peer that nothing more will come (RFC 8446, section 6.1).
  func sendCloseNotify() {
    if info == nil { return }
    OpenSSLErrors.clear()
    _ = unsafe SSL_shutdown(ssl)
    takeOutgoing()
    OpenSSLErrors.clear()
  }

  private var pendingOutgoing: Int { unsafe sync_BIO_ctrl_pending(writeBIO) }

  private func takeOutgoing() {
    let count = pendingOutgoing
    if count == 0 { return }
    unsafe outgoing.writer.appendUnsafe(upTo: count) { free in
      max(0, Int(unsafe BIO_read(writeBIO, free.baseAddress, Int32(count))))
    }
  }

  // MARK: Saying what happened

  private func describe() -> TLSInfo {
    var name: UnsafePointer<UInt8>?
    var length: UInt32 = 0
    unsafe SSL_get0_alpn_selected(ssl, &name, &length)
    let alpn = unsafe name.map {
      unsafe String(decoding: UnsafeBufferPointer(start: $0, count: Int(length)), as: UTF8.self)
    }
    return TLSInfo(
      version: unsafe String(cString: SSL_get_version(ssl)),
      cipher: unsafe String(cString: SSL_CIPHER_get_name(SSL_get_current_cipher(ssl))),
      alpn: alpn, serverEndPoint: serverEndPoint)
  }

  /// RFC 5929, section 4.1: the certificate's hash by the hash function of its signature; MD5 and SHA-1 become SHA-256;
  /// a signature with no single hash function (Ed25519) leaves it undefined.
  private var serverEndPoint: [UInt8]? {
    guard let certificate = unsafe SSL_get1_peer_certificate(ssl) else { return nil }
    defer { unsafe X509_free(certificate) }
    var digest = NID_undef
    guard unsafe X509_get_signature_info(certificate, &digest, nil, nil, nil) == 1, digest != NID_undef else {
      OpenSSLErrors.clear()
      return nil
    }
    if digest == NID_md5 || digest == NID_sha1 { digest = NID_sha256 }
    guard let algorithm = unsafe EVP_get_digestbyname(OBJ_nid2sn(digest)) else { return nil }
    var hash = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var count: UInt32 = 0
    guard unsafe X509_digest(certificate, algorithm, &hash, &count) == 1 else { return nil }
    return Array(hash.prefix(Int(count)))
  }

  private func failure() -> TLSError {
    let taken = OpenSSLErrors.take()
    let verification = unsafe SSL_get_verify_result(ssl)
    let reason = taken.map { OpenSSLErrors.reason(of: $0.code) } ?? 0
    if reason == SSL_R_CERTIFICATE_VERIFY_FAILED, verification != X509_V_OK {
      return .unverified(verification, serverName: serverName)
    }
    return .alert(reason: reason, words: taken?.words ?? "the connection was broken off")
  }
}
