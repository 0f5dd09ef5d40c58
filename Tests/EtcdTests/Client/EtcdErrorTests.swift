// SPDX-License-Identifier: Apache-2.0
import Etcd
import Testing

@Suite struct EtcdErrorTests {
  /// Texts as three versions of etcd said them: what each is, and whether a write may have happened.
  @Test(arguments: [
    (3, "etcdserver: too many operations in txn request", EtcdFault.tooManyOperations, false),
    (3, "etcdserver: duplicate key given in txn request", .duplicateKey, false),
    (3, "etcdserver: request is too large", .requestTooLarge, false),
    (8, "grpc: received message larger than max (2202019 vs. 2097152)", .requestTooLarge, false),
    (8, "etcdserver: mvcc: database space exceeded", .noSpace, true),
    (3, "etcdserver: key is not provided", .emptyKey, false),
    (5, "etcdserver: requested lease not found", .leaseNotFound, false),
    (11, "etcdserver: mvcc: required revision has been compacted", .compacted, false),
    (11, "etcdserver: mvcc: required revision is a future revision", .futureRevision, false),
    (9, "etcdserver: lease already exists", .leaseExists, false),
    (3, "etcdserver: user name is empty", .userNameEmpty, false),
    (16, "etcdserver: invalid auth token", .invalidToken, false),
    (3, "etcdserver: authentication failed, invalid user ID or password", .authenticationFailed, false),
    (3, "etcdserver: revision of auth store is old", .authStoreOld, false),
    (7, "etcdserver: permission denied", .permissionDenied, false),
    (9, "etcdserver: authentication is not enabled", .authenticationOff, false),
    (14, "etcdserver: no leader", .noLeader, false),
    (14, "etcdserver: request timed out, possibly due to previous leader failure", .timedOut, true),
    (14, "etcdserver: request timed out", .timedOut, true),
    (14, "etcdserver: leader changed", .leaderChanged, true),
    (8, "etcdserver: too many requests", .tooManyRequests, false),
  ])
  func faults(_ code: Int, _ message: String, _ fault: EtcdFault, _ isUnknown: Bool) {
    let error = EtcdError.status(code: GRPCStatusCode(code), message: message)
    #expect(error.fault == fault && error.isOutcomeUnknown == isUnknown)
    #expect(error.needsAuthentication == (fault == .invalidToken || fault == .authStoreOld))
  }

  @Test func unknownStatuses() {
    for code in [1, 2, 4, 8, 10, 13, 14, 15, 99] {
      #expect(EtcdError.status(code: GRPCStatusCode(code), message: "context deadline exceeded").isOutcomeUnknown)
    }
    #expect(!EtcdError.connection(endpoint: "e", reason: "r", sent: false).isOutcomeUnknown)
    #expect(EtcdError.deadline(endpoint: "e", doing: "d", sent: true).isOutcomeUnknown)
  }
}

@Suite struct EtcdEndpointTests {
  @Test(
    arguments: [
      ("localhost:2379", "localhost:2379", nil), ("http://a.b:1/", "a.b:1", false),
      ("https://[::1]:7", "[::1]:7", true),
      ("etcd", "etcd:2379", nil), ("[fe80::1]", "[fe80::1]:2379", nil),
    ] as [(String, String, Bool?)])
  func reads(_ text: String, _ description: String, _ usesTLS: Bool?) {
    let endpoint = EtcdEndpoint(text)
    #expect(endpoint?.description == description && endpoint?.usesTLS == usesTLS)
  }

  @Test(arguments: ["", ":1", "a:", "a:0", "a:65536", "a:b", "::1", "ftp://a:1", "http://", "a b:1", "[::1", "u@h:1"])
  func refuses(_ text: String) { #expect(EtcdEndpoint(text) == nil) }
}
