// SPDX-License-Identifier: Apache-2.0
import Etcd
import Support
import Testing
import Wire

/// Watches and leases over lost connections, against real servers.
@Suite struct EtcdStreamTests {
  struct Unexpected: Error {
    var notice: WatchNotice?
    var failure: String?
  }

  func events(_ watcher: Watcher, in test: ClientUnderTest, until count: Int) throws -> [WatchEvent] {
    var all: [WatchEvent] = []
    while all.count < count {
      guard let notice = test.wait({ watcher.next() }) else { throw Unexpected(failure: test.client.lastFailure) }
      switch notice {
      case .events(let events, _): all += events
      case .progress: continue
      case .compacted, .ended: throw Unexpected(notice: notice, failure: test.client.lastFailure)
      }
    }
    return all
  }

  /// A revision of thousands of events comes in fragments and is told whole, from a revision of the past too.
  @Test(arguments: ["etcd-3.4", "etcd-3.5"]) func watchTellsEverything(_ version: String) throws {
    let test = try ClientUnderTest(TestEtcd.shared(version).endpoints)
    let first = try test.client.put(PutRequest(key: test.key("a"), value: bytes("1")), deadline: test.soon)
    let create = WatchCreate(
      key: test.key(""), rangeEnd: KeyRange.end(ofPrefix: test.key("")), startRevision: first.header.revision,
      previous: true)
    let watcher = test.client.watch(create)
    _ = try test.client.put(PutRequest(key: test.key("a"), value: bytes("2")), deadline: test.soon)
    _ = try test.client.deleteRange(DeleteRangeRequest(key: test.key("a")), deadline: test.soon)
    let small = try events(watcher, in: test, until: 3)
    #expect(small.map(\.kind) == [.put, .put, .delete])
    #expect(small.map { $0.previous?.value } == [nil, bytes("1"), bytes("2")])
    let inner = (0..<32).map { outer in
      RequestOperation.txn(
        TxnRequest(
          success: (0..<60).map {
            .put(PutRequest(key: test.key("\(outer)/\($0)"), value: [UInt8](repeating: 0x61, count: 600)))
          }))
    }
    try test.client.connect(deadline: test.soon)
    let outcome = try #require(try test.settle(TxnRequest(success: inner).encoded)).get()
    let many = try events(watcher, in: test, until: 32 * 60)
    #expect(many.count == 32 * 60 && Set(many.map(\.keyValue.modRevision)) == [outcome.revision])
  }

  @Test func watchGoesOnAfterALostConnection() throws {
    let server = try TestServer("etcd-3.5")
    defer { try? server.stop() }
    let test = try ClientUnderTest(["127.0.0.1:\(server.port)"])
    let watcher = test.client.watch(WatchCreate(key: test.key("k")))
    _ = try test.client.put(PutRequest(key: test.key("k"), value: bytes("1")), deadline: test.soon)
    #expect(test.wait { watcher.isEstablished ? true : nil } == true)
    _ = try test.client.put(PutRequest(key: test.key("k"), value: bytes("2")), deadline: test.soon)
    // From when it was established: the first put may have come before.
    var before: [WatchEvent] = []
    while before.last?.keyValue.value != bytes("2") { before += try events(watcher, in: test, until: 1) }
    try server.kill9()
    try server.restart()
    let other = try ClientUnderTest(["127.0.0.1:\(server.port)"])
    _ = try other.client.put(PutRequest(key: test.key("k"), value: bytes("3")), deadline: test.soon)
    try test.client.connect(deadline: test.soon)
    let after = try events(watcher, in: test, until: 1)
    #expect(after.map(\.keyValue.value) == [bytes("3")])
    watcher.requestProgress()
    #expect(test.wait { watcher.next() } != nil)
  }

  @Test func compactedRevisionsEndAWatch() throws {
    let server = try TestServer("etcd-3.4")
    defer { try? server.stop() }
    let test = try ClientUnderTest(["127.0.0.1:\(server.port)"])
    var last: Int64 = 0
    for value in 0..<5 {
      last = try test.client.put(PutRequest(key: test.key("k"), value: bytes("\(value)")), deadline: test.soon)
        .header.revision
    }
    _ = try test.client.compact(CompactRequest(revision: last), deadline: test.soon)
    let watcher = test.client.watch(WatchCreate(key: test.key("k"), startRevision: 2))
    #expect(test.wait { watcher.next() } == .compacted(revision: last))
    let error = #expect(throws: EtcdError.self) {
      try test.client.range(RangeRequest(key: test.key("k"), revision: 2), deadline: test.soon)
    }
    #expect(error?.fault == .compacted)
  }

  /// The stream of a lease is replaced after the connection was; a lease that runs out is said to be gone.
  @Test func leaseIsKeptOverConnections() throws {
    let test = try ClientUnderTest(TestEtcd.shared("etcd-3.5").endpoints)
    let lease = try test.client.leaseGrant(LeaseGrantRequest(timeToLiveSeconds: 2), deadline: test.soon)
    let keeper = test.client.keepAlive(lease: lease.id)
    for round in 0..<6 {
      if round == 3 {
        test.client.disconnect()
        #expect(!keeper.renew())
        try test.client.connect(deadline: test.soon)
      }
      let before = keeper.answeredAt
      #expect(keeper.renew())
      #expect(test.wait { keeper.answeredAt == before ? nil : true } == true)
      test.turn(for: .milliseconds(600))
    }
    #expect(!keeper.isGone && keeper.timeToLiveSeconds == 2)
    test.turn(for: .seconds(4))
    #expect(keeper.livesUntil.map(\.isPast) == true)
    keeper.renew()
    #expect(test.wait { keeper.isGone ? true : nil } == true)
  }

  /// S37: the quota is reached; reads and deletes go on; space, then the alarm is disarmed.
  @Test func noSpaceAndThenSpace() throws {
    let server = try TestServer("etcd-3.5", flags: ["--quota-backend-bytes", "2097152"])
    defer { try? server.stop() }
    let test = try ClientUnderTest(["127.0.0.1:\(server.port)"])
    var full: EtcdError?
    for number in 0..<400 where full == nil {
      do throws(EtcdError) {
        _ = try test.client.put(
          PutRequest(key: test.key("\(number)"), value: [UInt8](repeating: 1, count: 100_000)), deadline: test.soon)
      } catch { full = error }
    }
    #expect(full?.fault == .noSpace, "\(full.map { "\($0)" } ?? "not full")")
    let alarm = try #require(try test.client.alarm(AlarmRequest(), deadline: test.soon).alarms.first)
    #expect(alarm.alarm == .noSpace)
    #expect(try test.client.status(deadline: test.soon).errors.count == 1)
    let gone = try test.client.deleteRange(
      DeleteRangeRequest(key: test.key(""), rangeEnd: KeyRange.end(ofPrefix: test.key(""))), deadline: test.soon)
    _ = try test.client.compact(
      CompactRequest(revision: gone.header.revision, physical: true), deadline: test.soon)
    _ = try test.client.defragment(deadline: test.soon)
    _ = try test.client.alarm(
      AlarmRequest(action: .deactivate, memberID: alarm.memberID, alarm: .noSpace), deadline: test.soon)
    _ = try test.client.put(PutRequest(key: test.key("x"), value: bytes("1")), deadline: test.soon)
  }

  /// A server that fills up while requests wait for their turn does them and says all the same that there is no space:
  /// what is said to be surely not done must not be there.
  @Test(arguments: ["etcd-3.4", "etcd-3.5"]) func noSpaceIsSaidOfWhatWasDone(_ version: String) throws {
    let server = try TestServer(version, flags: ["--quota-backend-bytes", "4194304"])
    defer { try? server.stop() }
    let test = try ClientUnderTest(["127.0.0.1:\(server.port)"])
    try test.client.connect(deadline: test.soon)
    let value = [UInt8](repeating: 1, count: 20_000)
    var refused: [(number: Int, error: EtcdError)] = []
    // A member on a busy machine may not have seen its file grow before it has taken a whole wave.
    for wave in 0..<5 where !refused.contains(where: { $0.error.fault == .noSpace }) {
      var calls: [(number: Int, call: CallID)] = []
      for number in wave * 1000..<(wave + 1) * 1000 {
        let body = TxnRequest(success: [.put(PutRequest(key: test.key("\(number)"), value: value))]).encoded
        calls.append((number, try test.client.begin(transaction: body.span.bytes, deadline: test.soon)))
      }
      for (number, call) in calls {
        let outcome = try #require(test.wait { test.client.outcome(of: call) })
        if case .failure(let error) = outcome { refused.append((number, error)) }
      }
    }
    #expect(refused.contains { $0.error.fault == .noSpace })
    let present = Set(try test.everything().keyValues.map(\.key))
    let there = refused.filter { present.contains(test.key("\($0.number)")) }
    // Mostly some hundred, by the luck of when the member's file grows.
    #expect(there.allSatisfy { $0.error.isOutcomeUnknown })
  }
}
