// SPDX-License-Identifier: Apache-2.0
/// What is needed to log in.
public struct LoginRequest {
  /// How well the connection is guarded, for what may be said on it.
  public enum Security: Equatable, Sendable {
    case plaintext
    case unixSocket
    /// With the channel binding `tls-server-end-point`, nil where the server's certificate has none.
    case tls(serverEndPoint: [UInt8]?)
  }

  public var user: String
  public var database: String
  /// A walsender that also takes SQL: `replication=database`.
  public var replication: Bool
  /// Further run-time parameters, in order.
  public var parameters: [(name: String, value: String)]
  /// Asked when the server wants a password, at each login again.
  public var password: () throws -> String?
  public var security: Security
  /// SCRAM's client nonce; random if nil. Tests replay recorded ones.
  package var nonce: String?

  public init(
    user: String, database: String, replication: Bool = false, parameters: [(name: String, value: String)] = [],
    security: Security, password: @escaping () throws -> String?
  ) {
    self.user = user
    self.database = database
    self.replication = replication
    self.parameters = parameters
    self.security = security
    self.password = password
  }

  var startup: Frontend.StartupMessage {
    var message = Frontend.StartupMessage(parameters: [
      .init("user", user), .init("database", database),
    ])
    if replication { message.parameters.append(.init("replication", "database")) }
    for parameter in parameters { message.parameters.append(.init(parameter.name, parameter.value)) }
    return message
  }
}
