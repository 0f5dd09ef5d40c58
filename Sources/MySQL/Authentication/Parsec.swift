// SPDX-License-Identifier: Apache-2.0
//
//   server  challenge (32)
//   client  nothing
//   server  'P'   iterations   salt
//           int<1> 1024 << n   the rest
//   client  challenge of its own (32)   signature of both (64)
internal import Wire

/// MariaDB's `parsec`: both challenges, signed with a key that PBKDF2 makes of password and salt.
package struct Parsec: AuthenticationPlugin {
  package static let name = "parsec"
  private static let challengeByteCount = 32
  private static let kind = UInt8(ascii: "P")
  /// The server's default is 0, its own limit 3. The ceiling bounds the time that a server can make us spend.
  private static let exponentMax: UInt8 = 10

  private var challenge: [UInt8] = []
  /// Random if nil. Tests replay recorded ones.
  package var ownChallenge: [UInt8]?

  package init() {}

  package mutating func begin(challenge: [UInt8], _ login: LoginContext) throws(AuthenticationError) -> [UInt8] {
    guard challenge.count == Self.challengeByteCount else {
      throw AuthenticationError("the server's challenge for \(Self.name) has \(challenge.count) bytes, not 32")
    }
    self.challenge = challenge
    return []
  }

  package mutating func answer(_ data: [UInt8], _ login: LoginContext) throws(AuthenticationError) -> [UInt8]? {
    guard !challenge.isEmpty, data.count > 2, data[0] == Self.kind else {
      throw AuthenticationError("the server departs from \(Self.name)")
    }
    guard data[1] <= Self.exponentMax else {
      throw AuthenticationError("the server asks for 2^\(10 + Int(data[1])) iterations of \(Self.name)")
    }
    let secret = Digest.sha512.pbkdf2(
      password: login.password, salt: Array(data.dropFirst(2)), iterations: 1024 << Int(data[1]), count: 32)
    let own = ownChallenge ?? Random.bytes(Self.challengeByteCount)
    let signature = Ed25519.sign(challenge + own, secret: secret)
    challenge = []
    return own + signature
  }
}
