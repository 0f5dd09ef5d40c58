// SPDX-License-Identifier: Apache-2.0
import Etcd
import Support
import Testing
import Wire

/// Servers that die, freeze and lose their leader.
@Suite struct EtcdFailureTests {
  static func big(_ test: ClientUnderTest) -> [UInt8] {
    TxnRequest(
      success: (0..<100).map { .put(PutRequest(key: test.key("\($0)"), value: [UInt8](repeating: 0x61, count: 9000))) }
    ).encoded
  }

  @Test func nobodyListens() throws {
    let test = try ClientUnderTest(["127.0.0.1:1", "http://localhost:1"])
    let error = #expect(throws: EtcdError.self) {
      try test.client.range(RangeRequest(key: bytes("x")), deadline: test.soon)
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("Connection refused"))
    #expect(error?.isOutcomeUnknown == false)
    let nothing = try ClientUnderTest(["://"])
    #expect(throws: EtcdError.configuration("\"://\" is not an endpoint")) {
      try nothing.client.connect(deadline: nothing.soon)
    }
  }

  /// S34: killed while a transaction is under way: the outcome is unknown, and said to be.
  @Test func killedInTheMiddle() throws {
    let server = try TestServer("etcd-3.5")
    let test = try ClientUnderTest(["127.0.0.1:\(server.port)"])
    try test.client.connect(deadline: test.soon)
    // Frozen first, so that the answer cannot be faster than the kill.
    try server.pause()
    let body = Self.big(test)
    let call = try test.client.begin(transaction: body.span.bytes, deadline: .after(.seconds(30)))
    test.turn(for: .milliseconds(300))
    #expect(test.client.outcome(of: call) == nil)
    try server.kill9()
    guard case .failure(let error)? = test.wait({ test.client.outcome(of: call) }) else { throw Unexpected() }
    guard case .connection = error else { throw Unexpected() }
    #expect(error.isOutcomeUnknown && !test.client.isConnected)
    let nothing: [UInt8] = []
    #expect(throws: EtcdError.self) { try test.client.begin(transaction: nothing.span.bytes, deadline: .never) }
    // A reading call waits for the server to come back, and finds the data as it was.
    try server.restart()
    #expect(try test.everything().count == 0)
    #expect(test.client.connectionCount == 2)
    try server.stop()
  }

  /// A frozen server: the deadline holds, for every kind of call.
  @Test func frozen() throws {
    let server = try TestServer("etcd-3.4")
    let test = try ClientUnderTest(["127.0.0.1:\(server.port)"])
    try test.client.connect(deadline: test.soon)
    let watcher = test.client.watch(WatchCreate(key: test.key("w")))
    _ = test.wait { watcher.isEstablished ? true : nil }
    try server.pause()
    defer { try? server.resume(); try? server.stop() }
    let start = ContinuousClock.now
    let put = #expect(throws: EtcdError.self) {
      try test.client.put(PutRequest(key: test.key("a"), value: []), deadline: .after(.seconds(1)))
    }
    guard case .deadline(_, _, sent: true) = put else { throw Unexpected() }
    #expect(put?.isOutcomeUnknown == true)
    #expect(throws: EtcdError.self) { try test.client.connect(deadline: .after(.milliseconds(500))) }
    #expect(ContinuousClock.now - start < .seconds(4))
    try server.resume()
    try test.client.connect(deadline: test.soon)
    let body = Self.big(test)
    let call = try test.client.begin(transaction: body.span.bytes, deadline: .after(.seconds(1)))
    try server.pause()
    _ = test.wait { test.client.outcome(of: call) }
    try server.resume()
    // The watch came back with the connection, and misses nothing from where it began.
    _ = try test.client.put(PutRequest(key: test.key("w"), value: bytes("1")), deadline: test.soon)
    guard case .events(let events, _)? = test.wait({ watcher.next() }) else { throw Unexpected() }
    #expect(events.map(\.keyValue.value) == [bytes("1")])
  }

  /// A connection whose peer has gone without a word is found dead by a PING while a stream is open.
  @Test func halfOpen() throws {
    let server = try TestServer("etcd-3.5")
    let test = try ClientUnderTest(["127.0.0.1:\(server.port)"]) { $0.pingTimeout = .seconds(1) }
    try test.client.connect(deadline: test.soon)
    let watcher = test.client.watch(WatchCreate(key: test.key("w")))
    _ = test.wait { watcher.isEstablished ? true : nil }
    try server.pause()
    defer { try? server.resume(); try? server.stop() }
    let start = ContinuousClock.now
    _ = test.wait { test.client.isConnected ? nil : true }
    let took = ContinuousClock.now - start
    #expect(took > .seconds(9) && took < .seconds(14))
    #expect(test.client.lastFailure?.contains("dead") == true)
  }

  /// S33: the leader is killed, then frozen; calls go on at another member within their deadlines.
  @Test func clusterFailsOver() throws {
    let etcd = try TestEtcd.cluster("etcd-3.5")
    defer { for member in etcd.members { try? member.stop() } }
    let test = try ClientUnderTest(etcd.endpoints) { $0.requestTimeout = .seconds(3) }
    _ = try test.client.put(PutRequest(key: test.key("a"), value: bytes("1")), deadline: test.soon)
    let leader = try leaderIndex(etcd)
    // Connect to the leader, then kill it.
    let direct = try ClientUnderTest(Array((etcd.endpoints + etcd.endpoints)[leader..<leader + 3]))
    try direct.client.connect(deadline: direct.soon)
    #expect(direct.client.endpoint == etcd.endpoints[leader])
    try etcd.members[leader].kill9()
    #expect(try direct.client.range(RangeRequest(key: test.key("a")), deadline: direct.soon).first?.value == bytes("1"))
    #expect(direct.client.endpoint != etcd.endpoints[leader])
    var put: PutResponse?
    for _ in 0..<10 where put == nil {
      put = try? direct.client.put(PutRequest(key: test.key("a"), value: bytes("2")), deadline: direct.soon)
    }
    #expect(put != nil)
    try etcd.members[leader].restart()
    // A frozen leader: its followers elect another; who is connected to it goes to them.
    let second = try leaderIndex(etcd)
    let frozen = try ClientUnderTest(Array((etcd.endpoints + etcd.endpoints)[second..<second + 3])) {
      $0.requestTimeout = .seconds(2)
    }
    try frozen.client.connect(deadline: frozen.soon)
    try etcd.members[second].pause()
    defer { try? etcd.members[second].resume() }
    #expect(try frozen.client.range(RangeRequest(key: test.key("a")), deadline: frozen.soon).first?.value == bytes("2"))
    // Two of three gone: the one left has no leader and refuses at once, instead of letting us wait.
    let other = (second + 1) % 3
    try etcd.members[other].pause()
    defer { try? etcd.members[other].resume() }
    let alone = try ClientUnderTest([etcd.endpoints[(second + 2) % 3]])
    try alone.client.connect(deadline: alone.soon)
    let start = ContinuousClock.now
    let error = #expect(throws: EtcdError.self) {
      try alone.client.put(PutRequest(key: test.key("a"), value: []), deadline: .after(.seconds(15)))
    }
    #expect(ContinuousClock.now - start < .seconds(16))
    #expect(error != nil)
  }

  private func leaderIndex(_ etcd: TestEtcd) throws -> Int {
    for (index, endpoint) in etcd.endpoints.enumerated() {
      let test = try ClientUnderTest([endpoint])
      let status = try test.client.status(deadline: test.soon)
      if status.leader == status.header.memberID { return index }
    }
    throw Unexpected()
  }

  struct Unexpected: Error {}
}
