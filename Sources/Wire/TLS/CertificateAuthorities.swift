// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// Where a machine keeps the authorities it trusts. OpenSSL's own default is the place on the machine that built it,
/// which for a static binary need not be the one that runs it.
package enum CertificateAuthorities {
  /// Debian; Fedora and Red Hat; SUSE; Alpine and others.
  private static let usualFiles = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
  ]

  /// SSL_CERT_FILE, or the first of the usual files that can be read; nil if there is none.
  package static var defaultFile: String? {
    if let named = unsafe getenv("SSL_CERT_FILE") {
      let path = unsafe String(cString: named)
      if !path.isEmpty { return path }
    }
    return usualFiles.first { unsafe access($0, R_OK) == 0 }
  }
}
