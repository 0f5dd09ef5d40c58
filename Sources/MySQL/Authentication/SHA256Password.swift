// SPDX-License-Identifier: Apache-2.0
internal import Wire

/// `sha256_password`: the password under TLS, or under the server's RSA key.
package struct SHA256Password: AuthenticationPlugin {
  package static let name = "sha256_password"
  private static let keyRequest: UInt8 = 1

  private var nonce: [UInt8] = []
  private var awaitsKey = false

  package init() {}

  package mutating func begin(challenge: [UInt8], _ login: LoginContext) throws(AuthenticationError) -> [UInt8] {
    if login.password.isEmpty { return [0] }
    if login.security == .tls { return login.password + [0] }
    nonce = try LoginContext.nonce(challenge, Self.name)
    if let key = login.publicKey { return try login.encryptedPassword(key, nonce: nonce) }
    awaitsKey = true
    return [Self.keyRequest]
  }

  package mutating func answer(_ data: [UInt8], _ login: LoginContext) throws(AuthenticationError) -> [UInt8]? {
    guard awaitsKey else { throw AuthenticationError("the server departs from \(Self.name)") }
    awaitsKey = false
    return try login.encryptedPassword(LoginContext.key(data), nonce: nonce)
  }
}
