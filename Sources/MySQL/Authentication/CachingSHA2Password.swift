// SPDX-License-Identifier: Apache-2.0
//
//   client  scramble
//   server  03                     the server has it in its cache: OK follows
//   server  04                     it needs the password itself:
//   client  password 00            where nobody listens
//   client  02                     or asks for the key,
//   server  PEM
//   client  password under the key
internal import Wire

/// `caching_sha2_password`: `SHA256(password) XOR SHA256(SHA256(SHA256(password)), nonce)`, and the password itself
/// where the server has not seen it since it started.
package struct CachingSHA2Password: AuthenticationPlugin {
  package static let name = "caching_sha2_password"
  private static let fastSucceeded: UInt8 = 3
  private static let fullNeeded: UInt8 = 4
  private static let keyRequest: UInt8 = 2

  private enum Step {
    case scrambled, awaitingKey, done
  }

  private var nonce: [UInt8] = []
  private var step = Step.scrambled

  package init() {}

  package mutating func begin(challenge: [UInt8], _ login: LoginContext) throws(AuthenticationError) -> [UInt8] {
    if login.password.isEmpty {
      step = .done
      return [0]
    }
    nonce = try LoginContext.nonce(challenge, Self.name)
    let once = Digest.sha256.hash(login.password)
    let mask = Digest.sha256.hash(Digest.sha256.hash(once) + nonce)
    return zip(once, mask).map { $0 ^ $1 }
  }

  package mutating func answer(_ data: [UInt8], _ login: LoginContext) throws(AuthenticationError) -> [UInt8]? {
    switch (step, data) {
    case (.scrambled, [Self.fastSucceeded]):
      step = .done
      return nil
    case (.scrambled, [Self.fullNeeded]):
      if login.security != .plaintext {
        step = .done
        return login.password + [0]
      }
      if let key = login.publicKey {
        step = .done
        return try login.encryptedPassword(key, nonce: nonce)
      }
      step = .awaitingKey
      return [Self.keyRequest]
    case (.awaitingKey, _):
      step = .done
      return try login.encryptedPassword(LoginContext.key(data), nonce: nonce)
    case (.scrambled, _), (.done, _):
      throw AuthenticationError("the server departs from \(Self.name)")
    }
  }
}
