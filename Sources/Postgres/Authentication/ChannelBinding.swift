// SPDX-License-Identifier: Apache-2.0
/// Which SCRAM mechanism to take and what its first field says about channel binding (RFC 5802, section 6).
package enum ChannelBinding: Equatable, Sendable {
  /// `n`: "client doesn't support channel binding".
  case unsupported
  /// `y`: "client does support channel binding but thinks the server does not": the server notices if someone between
  /// us has struck its offer from the list.
  case notOffered
  /// `p`: the hash of the server's certificate is part of what both sign.
  case serverEndPoint([UInt8])

  package init(
    mechanisms: [String], security: LoginRequest.Security
  ) throws(AuthenticationError) {
    let offersPlain = mechanisms.contains("SCRAM-SHA-256")
    let offersPlus = mechanisms.contains("SCRAM-SHA-256-PLUS")
    switch security {
    case .tls(let endPoint?) where offersPlus: self = .serverEndPoint(endPoint)
    case .tls(.some) where offersPlain: self = .notOffered
    case .tls(nil) where offersPlain: self = .unsupported
    case .plaintext where offersPlus, .unixSocket where offersPlus:
      // A server offers it with TLS only; so someone ends the TLS between us.
      throw AuthenticationError("the server offers channel binding on a connection without TLS")
    case .plaintext where offersPlain, .unixSocket where offersPlain: self = .unsupported
    case .tls, .plaintext, .unixSocket:
      throw AuthenticationError(
        "the server offers none of the SASL mechanisms that Sync speaks, but \(mechanisms.joined(separator: ", "))")
    }
  }

  package var mechanism: String {
    switch self {
    case .unsupported, .notOffered: "SCRAM-SHA-256"
    case .serverEndPoint: "SCRAM-SHA-256-PLUS"
    }
  }

  /// gs2-header: the flag and an empty authorisation identity.
  package var header: String {
    switch self {
    case .unsupported: "n,,"
    case .notOffered: "y,,"
    case .serverEndPoint: "p=tls-server-end-point,,"
    }
  }

  /// What `c=` carries: the header and, if bound, the binding data.
  package var input: [UInt8] {
    switch self {
    case .unsupported, .notOffered: Array(header.utf8)
    case .serverEndPoint(let hash): Array(header.utf8) + hash
    }
  }
}
