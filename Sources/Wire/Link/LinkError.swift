// SPDX-License-Identifier: Apache-2.0

/// What went wrong with a connection, and with whom.
public struct LinkError: Error, Equatable, CustomStringConvertible {
  public indirect enum Reason: Equatable, Sendable {
    case system(SystemError)
    /// The name could not be resolved; the resolver's own words.
    case unresolved(String)
    /// The deadline passed while we were doing this.
    case timedOut(StaticString)
    case tls(TLSError)
    /// The peer ended the connection.
    case endOfStream
    /// We ended it.
    case closedHere
    /// A name or path that cannot be connected to at all.
    case impossible(String)
    /// Every address was tried.
    case all([LinkError])

    public static func == (a: Reason, b: Reason) -> Bool { a.describe("") == b.describe("") }
  }

  /// Host and port, with the address where the host is a name; or the socket's path.
  public var peer: String
  public var reason: Reason

  public init(peer: String, _ reason: Reason) {
    self.peer = peer
    self.reason = reason
  }

  public var description: String { reason.describe(peer) }
}

extension LinkError.Reason {
  fileprivate func describe(_ peer: String) -> String {
    switch self {
    case .system(let error): "\(error.call) \(peer): \(error.reason)"
    case .unresolved(let words): "resolve \(peer): \(words)"
    case .timedOut(let doing): "\(doing) \(peer): no answer in time"
    case .tls(let error): "TLS with \(peer): \(error)"
    case .endOfStream: "\(peer) closed the connection"
    case .closedHere: "the connection with \(peer) was closed here"
    case .impossible(let words): "connect \(peer): \(words)"
    case .all(let errors): errors.map(\.description).joined(separator: "; ")
    }
  }
}

/// How a link has ended.
public enum LinkClosure: Equatable, Sendable {
  /// The peer said that nothing more will come.
  case endOfStream
  case failed(LinkError)
}
