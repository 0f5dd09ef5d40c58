// SPDX-License-Identifier: Apache-2.0

/// Why a call to etcd failed: who, what, and whether it may have happened all the same. Never holds a secret.
public enum EtcdError: Error, Equatable, CustomStringConvertible {
  /// No connection, or it ended. `sent`: the request may have reached the server.
  case connection(endpoint: String, reason: String, sent: Bool)
  /// The deadline passed.
  case deadline(endpoint: String, doing: String, sent: Bool)
  /// The server's answer.
  case status(code: GRPCStatusCode, message: String)
  /// The peer broke a rule of HTTP/2, gRPC or protobuf.
  case violation(endpoint: String, reason: String, sent: Bool)
  /// The configuration cannot work: an endpoint that is no address, no endpoint at all.
  case configuration(String)

  /// A write that failed so may have been applied: read and see. False: it surely was not.
  public var isOutcomeUnknown: Bool {
    switch self {
    case .connection(_, _, let sent), .deadline(_, _, let sent), .violation(_, _, let sent): return sent
    case .configuration: return false
    case .status(let code, _):
      switch fault {
      // "database space exceeded" is also said of a request that was done: a member that has become full since it let
      // the request in does it, and raises the alarm afterwards.
      case .noSpace, .timedOut, .leaderChanged, .stopped: return true
      case .some: return false
      case nil: break
      }
      switch code {
      case .invalidArgument, .notFound, .alreadyExists, .permissionDenied, .failedPrecondition, .outOfRange,
        .unimplemented, .unauthenticated:
        return false
      // RESOURCE_EXHAUSTED without a text that we know may concern the answer (too large to be sent), not the request.
      case .ok, .cancelled, .unknown, .deadlineExceeded, .resourceExhausted, .aborted, .internal, .unavailable,
        .dataLoss, .other:
        return true
      }
    }
  }

  /// The same, met on the way to a request and not by it: the request surely was not sent.
  var beforeTheRequest: EtcdError {
    switch self {
    case .connection(let endpoint, let reason, _): .connection(endpoint: endpoint, reason: reason, sent: false)
    case .deadline(let endpoint, let doing, _): .deadline(endpoint: endpoint, doing: doing, sent: false)
    case .violation(let endpoint, let reason, _): .violation(endpoint: endpoint, reason: reason, sent: false)
    case .status, .configuration: self
    }
  }

  /// The same request may succeed a little later or at another endpoint.
  public var isTransient: Bool {
    switch self {
    case .connection, .deadline, .violation: return true
    case .configuration: return false
    case .status(let code, _):
      if fault == .tooManyRequests { return true }
      switch code {
      case .unavailable, .deadlineExceeded, .cancelled, .aborted, .unknown, .internal: return true
      case .ok, .invalidArgument, .notFound, .alreadyExists, .permissionDenied, .resourceExhausted,
        .failedPrecondition, .outOfRange, .unimplemented, .dataLoss, .unauthenticated, .other:
        return false
      }
    }
  }

  /// A new token mends it.
  public var needsAuthentication: Bool { fault == .invalidToken || fault == .authStoreOld }

  /// Which of etcd's known refusals it is; nil for anything else.
  public var fault: EtcdFault? {
    guard case .status(let code, let message) = self else { return nil }
    return EtcdFault(code: code, message: message)
  }

  public var description: String {
    switch self {
    case .connection(let endpoint, let reason, _): "etcd \(endpoint): \(reason)"
    case .deadline(let endpoint, let doing, _): "etcd \(endpoint): \(doing): no answer in time"
    case .status(let code, let message): "etcd: \(message.isEmpty ? "no message" : message) (\(code))"
    case .violation(let endpoint, let reason, _): "etcd \(endpoint): \(reason)"
    case .configuration(let what): "etcd: \(what)"
    }
  }
}
