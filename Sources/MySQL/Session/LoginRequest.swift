// SPDX-License-Identifier: Apache-2.0
/// What is needed to log in.
public struct LoginRequest {
  public var user: String
  /// The schema that unqualified names mean; nil for none.
  public var schema: String?
  /// What the server is told of us, for its lists of connections.
  public var attributes: [(name: String, value: String)]
  public var compression: CompressionAlgorithm
  /// Asked when the server wants to know who we are, at each login again. Nil: an account without a password.
  public var password: () throws -> String?
  /// What a recorded client said of itself, for tests: in place of what we would say.
  package var head: Login.SSLRequest?
  /// PARSEC's own challenge; random if nil. Tests replay recorded ones.
  package var ownChallenge: [UInt8]?

  public init(
    user: String, schema: String? = nil, attributes: [(name: String, value: String)] = [],
    compression: CompressionAlgorithm = .none, password: @escaping () throws -> String?
  ) {
    self.user = user
    self.schema = schema
    self.attributes = attributes
    self.compression = compression
    self.password = password
  }
}
