// SPDX-License-Identifier: Apache-2.0
internal import COpenSSL

extension TLSError {
  /// The server's certificate did not stand the test; `code` is one of X509_V_ERR_….
  static func unverified(_ code: Int, serverName: String) -> TLSError {
    let words = unsafe String(cString: X509_verify_cert_error_string(code))
    switch Int32(code) {
    case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
      return TLSError("the server's certificate is not for \(serverName): \(words)", remedy: .hostName)
    case X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_CERT_NOT_YET_VALID:
      return TLSError("the server's certificate is not valid now: \(words)", remedy: .validity)
    default:
      return TLSError("the server's certificate is not trusted: \(words)", remedy: .authority)
    }
  }

  /// What the session failed with: an alert that the peer sent, or something wrong that we met.
  static func alert(reason: Int32, words: String) -> TLSError {
    switch reason {
    case SSL_R_WRONG_VERSION_NUMBER, SSL_R_HTTP_REQUEST, SSL_R_PACKET_LENGTH_TOO_LONG:
      return TLSError("the server does not answer in TLS: \(words)", remedy: .plaintext)
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
      return TLSError("the server asks for a client certificate: \(words)", remedy: .clientCertificate)
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE, SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE,
      SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED, SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED,
      SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN, SSL_R_TLSV1_ALERT_UNKNOWN_CA, SSL_R_TLSV1_ALERT_ACCESS_DENIED:
      return TLSError("the server refuses our certificate: \(words)", remedy: .clientCertificate)
    case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
      // In TLS 1.2 this is also how a missing client certificate is told.
      return TLSError("the server refuses the handshake: \(words)", remedy: .clientCertificate)
    default:
      return TLSError(words)
    }
  }
}
