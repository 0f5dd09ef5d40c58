// SPDX-License-Identifier: Apache-2.0

/// One way to show the server who we are. The server names it and sends a challenge.
package protocol AuthenticationPlugin {
  /// As the protocol names it.
  static var name: String { get }
  init()
  /// The answer to the challenge; empty bytes are an answer too.
  mutating func begin(challenge: [UInt8], _ login: LoginContext) throws(AuthenticationError) -> [UInt8]
  /// The answer to more data of the server; nil if there is nothing to say to it.
  mutating func answer(_ data: [UInt8], _ login: LoginContext) throws(AuthenticationError) -> [UInt8]?
}

extension AuthenticationPlugin {
  package mutating func answer(_ data: [UInt8], _ login: LoginContext) throws(AuthenticationError) -> [UInt8]? {
    throw AuthenticationError("the server adds a step to \(Self.name) that there is not")
  }
}

/// The plugins that we have.
package enum AuthenticationPlugins {
  package static var all: [any AuthenticationPlugin.Type] {
    [
      CachingSHA2Password.self, NativePassword.self, SHA256Password.self, ClearPassword.self, ClientEd25519.self,
      Parsec.self,
    ]
  }

  package static func named(_ name: String) throws(AuthenticationError) -> any AuthenticationPlugin {
    for type in all where type.name == name { return type.init() }
    throw AuthenticationError(
      "the server asks for the authentication plugin \(name.prefix(64)), which Sync does not have; it has "
        + all.map { $0.name }.joined(separator: ", "))
  }
}
