// SPDX-License-Identifier: Apache-2.0
//
//   client  gs2-header n=,r=nonce
//   server             r=nonce+more,s=salt,i=count
//   client             c=binding,r=nonce+more,p=proof
//   server             v=signature
internal import Wire

/// The client's side of SCRAM-SHA-256 (RFC 5802 and 7677).
///
/// SASLprep maps ASCII passwords to themselves; other passwords are sent as their UTF-8, which is what a server does
/// with them too unless they hold compatibility characters.
package struct ScramClient: Sendable {
  /// RFC 7677: at least 4096. The ceiling bounds the time that a server can make us spend: about half a second.
  package static let iterations = 4096...1_000_000

  private let binding: ChannelBinding
  private let password: [UInt8]
  private let nonce: String
  private var serverSignature: [UInt8]?

  package init(binding: ChannelBinding, password: String, nonce: String?) {
    self.binding = binding
    self.password = Array(password.utf8)
    // 18 bytes, as the server's own: 24 printable characters without a comma.
    self.nonce = nonce ?? Base64.encode(Random.bytes(18))
  }

  private var firstBare: String { "n=,r=\(nonce)" }

  /// The client-first-message. The user is empty: the server takes it from the start-up message.
  package var first: [UInt8] { Array((binding.header + firstBare).utf8) }

  /// The client-final-message.
  package mutating func answer(serverFirst data: [UInt8]) throws(AuthenticationError) -> [UInt8] {
    guard serverSignature == nil else { throw AuthenticationError("the server repeats a step of SCRAM") }
    let text = String(decoding: data, as: UTF8.self)
    let attributes = text.split(separator: ",", omittingEmptySubsequences: false)
    guard attributes.count >= 3, let both = value("r", attributes[0]), let salt64 = value("s", attributes[1]),
      let salt = try? Base64.decode(salt64), !salt.isEmpty, let countText = value("i", attributes[2]),
      let count = Int(countText)
    else { throw AuthenticationError("the server's first SCRAM message cannot be read") }
    guard both.utf8.starts(with: nonce.utf8), both.utf8.count > nonce.utf8.count else {
      throw AuthenticationError("the server's SCRAM nonce does not begin with ours")
    }
    guard Self.iterations.contains(count) else {
      throw AuthenticationError(
        "the server asks for \(count) SCRAM iterations; Sync does \(Self.iterations.lowerBound) to "
          + "\(Self.iterations.upperBound)")
    }
    let salted = Digest.sha256.pbkdf2(password: password, salt: salt, iterations: count, count: 32)
    let clientKey = Digest.sha256.hmac(key: salted, Array("Client Key".utf8))
    let withoutProof = "c=\(Base64.encode(binding.input)),r=\(both)"
    let signed = Array("\(firstBare),\(text),\(withoutProof)".utf8)
    let signature = Digest.sha256.hmac(key: Digest.sha256.hash(clientKey), signed)
    let proof = zip(clientKey, signature).map { $0 ^ $1 }
    let serverKey = Digest.sha256.hmac(key: salted, Array("Server Key".utf8))
    serverSignature = Digest.sha256.hmac(key: serverKey, signed)
    return Array("\(withoutProof),p=\(Base64.encode(proof))".utf8)
  }

  /// Only who knows the password (or what is derived from it) can sign the exchange.
  package func verify(serverFinal data: [UInt8]) throws(AuthenticationError) {
    guard let expected = serverSignature else {
      throw AuthenticationError("the server skips a step of the authentication")
    }
    let attribute = String(decoding: data, as: UTF8.self).split(
      separator: ",", maxSplits: 1, omittingEmptySubsequences: false)[0]
    if let reason = value("e", attribute) {
      throw AuthenticationError("the server ends SCRAM with \(reason)")
    }
    guard let text = value("v", attribute), let signature = try? Base64.decode(text),
      signature.count == expected.count
    else { throw AuthenticationError("the server's last SCRAM message cannot be read") }
    guard Secret.isEqual(signature, expected) else {
      throw AuthenticationError("the server's SCRAM signature is wrong: it does not know the password")
    }
  }

  private func value(_ name: Character, _ attribute: Substring) -> String? {
    guard attribute.first == name, attribute.dropFirst().first == "=" else { return nil }
    return String(attribute.dropFirst(2))
  }
}
