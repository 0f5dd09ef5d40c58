// SPDX-License-Identifier: Apache-2.0
/// AuthenticationCleartextPassword: the password as it is.
enum CleartextPassword {
  /// Only where nobody listens: who sits between us could otherwise ask for the password and have it.
  static func mayBeSent(_ security: LoginRequest.Security) -> Bool {
    switch security {
    case .plaintext: false
    case .unixSocket, .tls: true
    }
  }

  static let refusal =
    "the server asks for the password in clear text on a connection without TLS; Sync sends it only under TLS or on "
    + "a Unix socket: use TLS, or scram-sha-256 in pg_hba.conf"
}
