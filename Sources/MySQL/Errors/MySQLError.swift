// SPDX-License-Identifier: Apache-2.0
public import Wire

/// What went wrong with a connection to MySQL or MariaDB, and with which server. Never carries a password.
public struct MySQLError: Error, Sendable, CustomStringConvertible {
  public enum Reason: Sendable {
    /// The server's own words.
    case server(ServerError)
    /// Bytes that break the protocol; `streamOffset` counts from the first byte that came on this connection.
    case malformed(WireError, message: String, streamOffset: Int)
    /// A well-formed message that has no place here.
    case unexpected(message: String, while: String, streamOffset: Int)
    /// The server closed the connection.
    case closed(while: String)
    /// The deadline passed.
    case timedOut(while: String)
    /// The transport failed: connect, TLS, a reset.
    case transport(String)
    /// Something that we do not do, for the reason given.
    case refused(String)
  }

  public var reason: Reason
  /// `host:port`, or the socket's path.
  public var peer: String

  public init(_ reason: Reason, peer: String) {
    self.reason = reason
    self.peer = peer
  }

  /// What the server said, if it was the server.
  public var server: ServerError? {
    if case .server(let error) = reason { error } else { nil }
  }

  public var description: String {
    switch reason {
    case .server(let error): "database at \(peer): \(error)"
    case .malformed(let error, let message, let offset):
      "database at \(peer) breaks the protocol in \(message) at byte \(offset) of the stream: \(error)"
    case .unexpected(let message, let activity, let offset):
      "database at \(peer) sends \(message) at byte \(offset) of the stream, which has no place while \(activity)"
    case .closed(let activity): "database at \(peer) closed the connection while \(activity)"
    case .timedOut(let activity): "database at \(peer) did not answer in time while \(activity)"
    case .transport(let text), .refused(let text): "database at \(peer): \(text)"
    }
  }
}

/// Why a drain ended early: the connection's fault, or what the sink threw.
@frozen
public enum DrainError<SinkError: Error>: Error {
  case mysql(MySQLError)
  case sink(SinkError)
}
