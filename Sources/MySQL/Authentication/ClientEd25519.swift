// SPDX-License-Identifier: Apache-2.0
internal import Wire

/// MariaDB's `client_ed25519`: the challenge, signed with a key that is the password expanded by SHA-512.
package struct ClientEd25519: AuthenticationPlugin {
  package static let name = "client_ed25519"
  private static let challengeByteCount = 32

  package init() {}

  package func begin(challenge: [UInt8], _ login: LoginContext) throws(AuthenticationError) -> [UInt8] {
    guard challenge.count == Self.challengeByteCount else {
      throw AuthenticationError("the server's challenge for \(Self.name) has \(challenge.count) bytes, not 32")
    }
    return Ed25519.sign(challenge, secret: login.password)
  }
}
