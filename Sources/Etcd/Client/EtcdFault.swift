// SPDX-License-Identifier: Apache-2.0

/// The refusals of etcd that a program can do something about, told by their texts: the codes alone do not tell them
/// apart. The texts are the same from 3.3 to 3.5.
public enum EtcdFault: Sendable, CaseIterable {
  /// More operations or comparisons than --max-txn-ops.
  case tooManyOperations
  /// One key twice in one transaction.
  case duplicateKey
  /// Above --max-request-bytes, or above gRPC's own limit.
  case requestTooLarge
  /// The quota is reached.
  case noSpace
  case emptyKey
  case leaseNotFound
  case leaseExists
  /// The revision asked for is forgotten.
  case compacted
  /// The revision asked for has not been.
  case futureRevision
  case permissionDenied
  /// Authentication is on, and we gave no token.
  case userNameEmpty
  case invalidToken
  /// Wrong user or password.
  case authenticationFailed
  case authStoreOld
  case authenticationOff
  case noLeader
  case leaderChanged
  /// "request timed out", whatever is appended to it.
  case timedOut
  case stopped
  case tooManyRequests
  case corrupt

  init?(code: GRPCStatusCode, message: String) {
    for fault in Self.allCases where fault.texts.contains(where: { message.contains($0) }) {
      self = fault
      return
    }
    // Whatever words another version finds for it.
    switch code {
    case .permissionDenied: self = .permissionDenied
    case .unauthenticated: self = .invalidToken
    default: return nil
    }
  }

  private var texts: [String] {
    switch self {
    case .tooManyOperations: ["too many operations in txn request"]
    case .duplicateKey: ["duplicate key given in txn request"]
    case .requestTooLarge: ["request is too large", "received message larger than max"]
    case .noSpace: ["database space exceeded"]
    case .emptyKey: ["key is not provided"]
    case .leaseNotFound: ["requested lease not found"]
    case .leaseExists: ["lease already exists"]
    case .compacted: ["required revision has been compacted"]
    case .futureRevision: ["required revision is a future revision"]
    case .permissionDenied: ["permission denied"]
    case .userNameEmpty: ["user name is empty"]
    case .invalidToken: ["invalid auth token"]
    case .authenticationFailed: ["authentication failed"]
    case .authStoreOld: ["revision of auth store is old"]
    case .authenticationOff: ["authentication is not enabled"]
    case .noLeader: ["etcdserver: no leader"]
    case .leaderChanged: ["leader changed"]
    case .timedOut: ["request timed out"]
    case .stopped: ["server stopped"]
    case .tooManyRequests: ["too many requests"]
    case .corrupt: ["corrupt cluster", "corrupt alarm"]
    }
  }
}
