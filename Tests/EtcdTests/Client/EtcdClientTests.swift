// SPDX-License-Identifier: Apache-2.0
import Etcd
import Support
import Testing
import Wire

/// Every call against real servers.
@Suite struct EtcdClientTests {
  static let versions = ["etcd-3.4", "etcd-3.5"]

  static func connected(to name: String) throws -> ClientUnderTest {
    try ClientUnderTest(TestEtcd.shared(name).endpoints)
  }

  @Test(arguments: versions) func putsReadsAndDeletes(_ version: String) throws {
    let test = try Self.connected(to: version)
    let client = test.client
    #expect(!client.isConnected)
    let first = try client.put(PutRequest(key: test.key("a"), value: bytes("1")), deadline: test.soon)
    #expect(client.isConnected && client.connectionCount == 1)
    let second = try client.put(
      PutRequest(key: test.key("a"), value: bytes("2"), previous: true), deadline: test.soon)
    #expect(second.header.revision == first.header.revision + 1)
    #expect(second.previous?.value == bytes("1"))
    _ = try client.put(PutRequest(key: test.key("b"), value: [0, 0xFF, 0x80]), deadline: test.soon)
    let all = try test.everything()
    #expect(all.count == 2 && all.keyValueCount == 2 && !all.more)
    #expect(all.keyValues.map(\.key) == [test.key("a"), test.key("b")])
    #expect(all.keyValues.map(\.value) == [bytes("2"), [0, 0xFF, 0x80]])
    #expect(all.keyValues.map(\.version) == [2, 1])
    #expect(all.first?.createRevision == first.header.revision)
    let page = try test.everything(limit: 1)
    #expect(page.more && page.count == 2 && page.keyValueCount == 1)
    let old = try client.range(
      RangeRequest(key: test.key("a"), revision: first.header.revision), deadline: test.soon)
    #expect(old.first?.value == bytes("1"))
    let last = try client.range(
      RangeRequest(
        key: test.key(""), rangeEnd: KeyRange.end(ofPrefix: test.key("")), sortOrder: .descending,
        sortTarget: .mod, keysOnly: true), deadline: test.soon)
    #expect(last.first?.key == test.key("b") && last.first?.value == [])
    let recent = try client.range(
      RangeRequest(
        key: test.key(""), rangeEnd: KeyRange.end(ofPrefix: test.key("")), countOnly: true,
        modRevisionMin: second.header.revision), deadline: test.soon)
    #expect(recent.keyValueCount == 0)
    let gone = try client.deleteRange(
      DeleteRangeRequest(key: test.key(""), rangeEnd: KeyRange.end(ofPrefix: test.key("")), previous: true),
      deadline: test.soon)
    #expect(gone.deleted == 2 && gone.previous.count == 2)
    #expect(try test.everything().count == 0)
  }

  @Test(arguments: versions) func comparesOfEveryTargetGuardTransactions(_ version: String) throws {
    let test = try Self.connected(to: version)
    let key = test.key("k")
    let put = try test.client.put(PutRequest(key: key, value: bytes("v")), deadline: test.soon)
    let revision = put.header.revision
    let holding: [Compare] = [
      Compare(key: key, .equal, .version(1)), Compare(key: key, .equal, .createRevision(revision)),
      Compare(key: key, .less, .modRevision(revision + 1)), Compare(key: key, .greater, .value(bytes("u"))),
      Compare(key: key, .equal, .lease(0)), Compare(key: test.key("none"), .equal, .version(0)),
      Compare(key: key, .notEqual, .value(bytes("x"))),
    ]
    let success = try test.client.transact(
      TxnRequest(
        compare: holding,
        success: [.put(PutRequest(key: test.key("t"), value: bytes("1"))), .range(RangeRequest(key: key))],
        failure: [.deleteRange(DeleteRangeRequest(key: key))]), deadline: test.soon)
    #expect(success.succeeded && success.responses.count == 2)
    guard case .range(let range) = success.responses[1] else { throw Surprise() }
    #expect(range.first?.value == bytes("v"))
    let failure = try test.client.transact(
      TxnRequest(
        compare: [Compare(key: key, .equal, .version(7))], success: [],
        failure: [.deleteRange(DeleteRangeRequest(key: key))]), deadline: test.soon)
    #expect(!failure.succeeded)
    guard case .deleteRange(let deleted) = failure.responses.first else { throw Surprise() }
    #expect(deleted.deleted == 1)
  }

  /// FACTS: --max-txn-ops counts along a path, so 64 nested transactions of 62 puts are one revision.
  @Test(arguments: versions) func thousandsOfPutsNestIntoOneRevision(_ version: String) throws {
    let test = try Self.connected(to: version)
    let inner = (0..<64).map { outer in
      RequestOperation.txn(
        TxnRequest(
          success: (0..<62).map {
            .put(PutRequest(key: test.key("\(outer)/\($0)"), value: [UInt8](repeating: 0x61, count: 250)))
          }))
    }
    let body = TxnRequest(success: inner).encoded
    #expect(body.count > 1_000_000)
    try test.client.connect(deadline: test.soon)
    let outcome = try #require(try test.settle(body)).get()
    #expect(outcome.succeeded)
    let all = try test.everything()
    #expect(all.count == 64 * 62)
    var revisions: Set<Int64> = []
    var valueBytes = 0
    all.forEach { item in
      revisions.insert(item.modRevision)
      valueBytes += item.value.byteCount
    }
    #expect(revisions == [outcome.revision])
    #expect(valueBytes == 64 * 62 * 250)
    #expect(try TxnResponse(from: outcome.response.span.bytes).responses.count == 64)
    // An answer above the stream's window of 1 MiB: the window follows the message that is announced.
    #expect(all.encoded.count > 1 << 20)
  }

  @Test(arguments: versions) func leasesAreGrantedKeptAskedAndRevoked(_ version: String) throws {
    let test = try Self.connected(to: version)
    let client = test.client
    let lease = try client.leaseGrant(LeaseGrantRequest(timeToLiveSeconds: 30), deadline: test.soon)
    #expect(lease.id != 0 && lease.timeToLiveSeconds == 30)
    _ = try client.put(PutRequest(key: test.key("l"), value: bytes("v"), lease: lease.id), deadline: test.soon)
    let left = try client.leaseTimeToLive(LeaseTimeToLiveRequest(id: lease.id, keys: true), deadline: test.soon)
    #expect(left.grantedSeconds == 30 && left.keys == [test.key("l")])
    #expect(try client.call(LeaseLeasesRequest(), deadline: test.soon).leases.contains { $0.id == lease.id })
    let keeper = client.keepAlive(lease: lease.id)
    #expect(keeper.renew())
    #expect(test.wait { keeper.timeToLiveSeconds } == 30)
    let until = try #require(keeper.livesUntil)
    #expect(until > .after(.seconds(25)) && until <= .after(.seconds(30)))
    #expect(keeper.renew())
    #expect(test.wait { (keeper.livesUntil ?? until) > until ? true : nil } == true)
    _ = try client.leaseRevoke(LeaseRevokeRequest(id: lease.id), deadline: test.soon)
    #expect(try test.everything().count == 0)
    #expect(keeper.renew())
    #expect(test.wait { keeper.isGone ? true : nil } == true)
    #expect(keeper.livesUntil == nil)
    let error = #expect(throws: EtcdError.self) {
      try client.leaseRevoke(LeaseRevokeRequest(id: lease.id), deadline: test.soon)
    }
    #expect(error?.fault == .leaseNotFound && error?.isOutcomeUnknown == false)
  }

  @Test(arguments: versions) func statusAlarmsAndMembers(_ version: String) throws {
    let test = try Self.connected(to: version)
    let status = try test.client.status(deadline: test.soon)
    #expect(status.version.hasPrefix(version.dropFirst("etcd-".count)))
    #expect(status.databaseBytes > 0 && status.leader == status.header.memberID)
    #expect(try test.client.alarm(AlarmRequest(), deadline: test.soon).alarms == [])
    let members = try test.client.memberList(deadline: test.soon).members
    #expect(members.map(\.id) == [status.header.memberID])
    #expect(try test.client.defragment(deadline: test.soon).header.clusterID == 0)
  }

  @Test(arguments: versions) func refusalsAreToldApart(_ version: String) throws {
    let test = try Self.connected(to: version)
    func fault(_ operations: [RequestOperation]) -> EtcdFault? {
      let error = #expect(throws: EtcdError.self) {
        try test.client.transact(TxnRequest(success: operations), deadline: test.soon)
      }
      #expect(error?.isOutcomeUnknown == false)
      return error?.fault
    }
    func put(_ name: String, bytes count: Int = 1) -> RequestOperation {
      .put(PutRequest(key: test.key(name), value: [UInt8](repeating: 0x61, count: count)))
    }
    #expect(fault((0..<129).map { put("\($0)") }) == .tooManyOperations)
    #expect(fault([put("a"), put("a")]) == .duplicateKey)
    #expect(fault((0..<16).map { put("\($0)", bytes: 100_000) }) == .requestTooLarge)
    #expect(fault((0..<22).map { put("\($0)", bytes: 100_000) }) == .requestTooLarge)
    #expect(fault([.put(PutRequest(key: [], value: []))]) == .emptyKey)
    #expect(fault([.put(PutRequest(key: test.key("x"), value: [], lease: 4242))]) == .leaseNotFound)
    let future = #expect(throws: EtcdError.self) {
      try test.client.range(RangeRequest(key: test.key("x"), revision: 1 << 40), deadline: test.soon)
    }
    #expect(future?.fault == .futureRevision)
    // The connection has survived all of it.
    #expect(test.client.connectionCount == 1 && test.client.isConnected)
  }

  struct Surprise: Error {}
}
