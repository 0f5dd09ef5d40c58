// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import Support

/// The server's side of TLS over memory, for tests of the client's side. Straight on OpenSSL, with nothing of ours.
final class TLSServer {
  private let context: OpaquePointer
  let ssl: OpaquePointer
  private let readBIO: OpaquePointer
  private let writeBIO: OpaquePointer

  /// `wantsCertificate`: the client must show one signed by the test authority.
  init(_ certificate: String, version: Int32 = TLS1_3_VERSION, alpn: [UInt8] = [], wantsCertificate: Bool = false) {
    let files = Certificates.shared
    context = SSL_CTX_new(TLS_server_method())
    precondition(SSL_CTX_use_certificate_chain_file(context, files.path("\(certificate).pem")) == 1)
    precondition(SSL_CTX_use_PrivateKey_file(context, files.path("\(certificate).key"), SSL_FILETYPE_PEM) == 1)
    _ = SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(version), nil)
    _ = SSL_CTX_ctrl(context, SSL_CTRL_SET_MAX_PROTO_VERSION, Int(version), nil)
    if wantsCertificate {
      precondition(SSL_CTX_load_verify_file(context, files.path("ca.pem")) == 1)
      SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
    }
    if !alpn.isEmpty {
      // Chooses "h2", wherever it stands in the client's list.
      SSL_CTX_set_alpn_select_cb(
        context,
        { _, out, outLength, offered, length, _ in
          var at = 0
          while at < Int(length) {
            let size = Int(offered![at])
            if size == 2, offered![at + 1] == UInt8(ascii: "h"), offered![at + 2] == UInt8(ascii: "2") {
              out!.pointee = offered! + at + 1
              outLength!.pointee = 2
              return SSL_TLSEXT_ERR_OK
            }
            at += 1 + size
          }
          return SSL_TLSEXT_ERR_ALERT_FATAL
        }, nil)
    }
    ssl = SSL_new(context)
    readBIO = BIO_new(BIO_s_mem())
    writeBIO = BIO_new(BIO_s_mem())
    SSL_set_bio(ssl, readBIO, writeBIO)
    SSL_set_accept_state(ssl)
  }

  deinit {
    SSL_free(ssl)
    SSL_CTX_free(context)
  }

  /// The name that the client asked for (SNI).
  var requestedName: String? { SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name).map { String(cString: $0) } }

  func receive(_ bytes: [UInt8]) { _ = bytes.withUnsafeBytes { BIO_write(readBIO, $0.baseAddress, Int32($0.count)) } }

  /// What is to be sent to the client.
  func takeOutgoing() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: BIO_ctrl_pending(writeBIO))
    let count = bytes.withUnsafeMutableBytes { BIO_read(writeBIO, $0.baseAddress, Int32($0.count)) }
    return Array(bytes.prefix(max(0, Int(count))))
  }

  func handshake() { _ = SSL_do_handshake(ssl) }

  func write(_ bytes: [UInt8]) { _ = bytes.withUnsafeBytes { SSL_write(ssl, $0.baseAddress, Int32($0.count)) } }

  /// Everything that can be decrypted now.
  func read() -> [UInt8] {
    var all: [UInt8] = []
    var bytes = [UInt8](repeating: 0, count: 1 << 14)
    while true {
      let count = bytes.withUnsafeMutableBytes { SSL_read(ssl, $0.baseAddress, Int32($0.count)) }
      if count <= 0 { return all }
      all += bytes.prefix(Int(count))
    }
  }

  func updateKeys() { _ = SSL_key_update(ssl, SSL_KEY_UPDATE_REQUESTED) }

  func close() { _ = SSL_shutdown(ssl) }
}
