// SPDX-License-Identifier: Apache-2.0
package import Wire

/// What a plugin may know of the login.
package struct LoginContext {
  /// How well the connection is guarded, for what may be said on it.
  package enum Security: Equatable, Sendable {
    case plaintext
    case unixSocket
    case tls
  }

  package var security: Security
  /// Empty: the account has no password.
  package var password: [UInt8]
  /// The server's key if it is known beforehand.
  package var publicKey: RSAPublicKey?

  package init(security: Security, password: [UInt8], publicKey: RSAPublicKey? = nil) {
    self.security = security
    self.password = password
    self.publicKey = publicKey
  }

  /// Twenty bytes; where they stand in a packet a zero byte may follow.
  static func nonce(_ challenge: [UInt8], _ plugin: String) throws(AuthenticationError) -> [UInt8] {
    guard challenge.count == 20 || (challenge.count == 21 && challenge[20] == 0) else {
      throw AuthenticationError("the server's challenge for \(plugin) has \(challenge.count) bytes, not 20")
    }
    return Array(challenge.prefix(20))
  }

  /// The password and a zero byte under the server's key: "XOR(password, nonce)" first, so that a recording cannot be
  /// played again.
  func encryptedPassword(_ key: RSAPublicKey, nonce: [UInt8]) throws(AuthenticationError) -> [UInt8] {
    let plain = password + [0]
    let masked = plain.enumerated().map { $1 ^ nonce[$0 % nonce.count] }
    guard let encrypted = key.encryptOAEP(masked) else {
      throw AuthenticationError("the password is too long for the server's public key")
    }
    return encrypted
  }

  static func key(_ pem: [UInt8]) throws(AuthenticationError) -> RSAPublicKey {
    guard let key = RSAPublicKey(pem: pem) else {
      throw AuthenticationError("what the server sends for its public key is no RSA key in PEM")
    }
    return key
  }
}
