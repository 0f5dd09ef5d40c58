// SPDX-License-Identifier: Apache-2.0
import Support
import Testing
import Wire

@testable import Etcd

/// Messages come back from their bytes, whatever bytes those are.
@Suite struct MessageTests {
  static let header = ResponseHeader(clusterID: 1, memberID: .max, revision: -1, raftTerm: 4)
  static let item = KeyValue(
    key: [0, 0xFF], createRevision: 1, modRevision: 2, version: 3, value: [UInt8](repeating: 9, count: 300), lease: .min
  )
  static let put = PutRequest(
    key: [1], value: [2], lease: 3, previous: true, ignoreValue: true, ignoreLease: true)
  static let range = RangeRequest(
    key: [1], rangeEnd: [2], limit: 3, revision: 4, sortOrder: .descending, sortTarget: .value, serializable: true,
    keysOnly: true, countOnly: true, modRevisionMin: 5, modRevisionMax: 6, createRevisionMin: 7, createRevisionMax: 8)
  static let txn = TxnRequest(
    compare: [
      Compare(key: [1], .equal, .version(0)), Compare(key: [1], .greater, .createRevision(0)),
      Compare(key: [1], .less, .modRevision(-5)), Compare(key: [1], rangeEnd: [0], .notEqual, .value([])),
      Compare(key: [1], .other(9), .lease(8)), Compare(key: [1], .equal, .other(7)),
    ],
    success: [.put(put), .range(range), .deleteRange(DeleteRangeRequest(key: [5], rangeEnd: [6], previous: true))],
    failure: [.txn(TxnRequest(success: [.txn(TxnRequest(compare: [], success: [.put(put)]))]))])

  static let messages: [any EtcdMessage] = [
    header, item, put, range, txn, PutResponse(header: header, previous: item),
    RangeResponse(header: header, keyValues: [item, KeyValue(), item], more: true, count: 9),
    DeleteRangeResponse(header: header, deleted: 2, previous: [item]),
    TxnResponse(
      header: header, succeeded: true,
      responses: [
        .put(PutResponse()), .range(RangeResponse(keyValues: [item])), .deleteRange(DeleteRangeResponse(deleted: 1)),
        .txn(TxnResponse(succeeded: true, responses: [.txn(TxnResponse())])),
      ]),
    CompactRequest(revision: 4, physical: true), CompactResponse(header: header),
    LeaseGrantRequest(timeToLiveSeconds: 5, id: 6), LeaseGrantResponse(header: header, id: 1, error: "e"),
    LeaseRevokeRequest(id: 4), LeaseRevokeResponse(header: header), LeaseKeepAliveRequest(id: -4),
    LeaseKeepAliveResponse(header: header, id: 4, timeToLiveSeconds: 9), LeaseTimeToLiveRequest(id: 3, keys: true),
    LeaseTimeToLiveResponse(header: header, id: 1, timeToLiveSeconds: -1, grantedSeconds: 3, keys: [[], [1]]),
    LeaseLeasesRequest(), LeaseLeasesResponse(header: header, leases: [LeaseStatus(id: 0), LeaseStatus(id: 4)]),
    AuthenticateRequest(name: "ü", password: "p"), AuthenticateResponse(header: header, token: "t"),
    StatusRequest(),
    StatusResponse(
      header: header, version: "3.5", databaseBytes: 1, leader: 2, raftIndex: 3, raftTerm: 4, raftAppliedIndex: 5,
      errors: ["a", ""], databaseInUseBytes: 6, isLearner: true, storageVersion: "3.6", quotaBytes: 7),
    AlarmRequest(action: .deactivate, memberID: 3, alarm: .other(77)),
    AlarmResponse(header: header, alarms: [AlarmMember(memberID: 5, alarm: .corrupt)]), DefragmentRequest(),
    DefragmentResponse(header: header), MemberListRequest(linearizable: true),
    MemberListResponse(
      header: header, members: [Member(id: 1, name: "n", peerURLs: ["a", "b"], clientURLs: [""], isLearner: true)]),
    WatchRequest.create(
      WatchCreate(
        key: [1], rangeEnd: [0], startRevision: 3, progressNotify: true, filters: [.noPut, .noDelete, .other(5)],
        previous: true, watchID: 4, fragment: true)),
    WatchRequest.cancel(watchID: 0), WatchRequest.progress,
    WatchResponse(
      header: header, watchID: -1, isCreated: true, isCanceled: true, compactRevision: 4, cancelReason: "r",
      isFragment: true, events: [WatchEvent(kind: .delete, keyValue: item, previous: item), WatchEvent()]),
  ]

  private func comesBack<M: EtcdMessage>(_ message: M) throws -> Bool {
    let bytes = message.encoded
    return try M(from: bytes.span.bytes) == message
  }

  @Test(arguments: messages.indices) func comeBack(_ index: Int) throws {
    #expect(try comesBack(Self.messages[index]), "\(type(of: Self.messages[index]))")
  }

  /// Cut at every byte: an error, or what a shorter message says; never a trap.
  @Test(arguments: messages.indices) func cutAnywhere(_ index: Int) {
    func decode<M: EtcdMessage>(like _: M, _ bytes: [UInt8]) { _ = try? M(from: bytes.span.bytes) }
    let message = Self.messages[index]
    let bytes = message.encoded
    var generator = SeededGenerator(seed: SeededGenerator.ofThisRun)
    for end in bytes.indices {
      decode(like: message, Array(bytes[..<end]))
      var changed = bytes
      changed[end] = UInt8.random(in: 0 ... .max, using: &generator)
      decode(like: message, changed)
      // A newer server's fields, before and behind.
      decode(like: message, [0xFA, 0x07, 0x01, 0x00, 0xF8, 0x07, 0x01] + bytes)
    }
  }

  @Test func unknownFieldsArePassedOver() throws {
    let unknown = bytes(hex: "f80701 f90701020304050607 08 fa070103 fd0701020304")
    let message = unknown + Self.put.encoded + unknown
    #expect(try PutRequest(from: message.span.bytes) == Self.put)
  }

  /// A few bytes a level: recursion must have an end before the stack has.
  @Test func nestingIsBounded() {
    var inner: [UInt8] = []
    for _ in 0..<5000 {
      func wrapped(_ tag: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        var writer = ByteWriter()
        writer.append(tag)
        writer.append(varint: UInt64(bytes.count))
        writer.append(bytes)
        return writer.bytes.array
      }
      inner = wrapped(0x12, wrapped(0x22, inner))
    }
    #expect(throws: WireError.self) { try TxnRequest(from: inner.span.bytes) }
    var answer: [UInt8] = []
    for _ in 0..<1000 { answer = [0x1A, 0x80 | UInt8(answer.count & 0x7F), UInt8(answer.count >> 7)] + answer }
    _ = try? TxnResponse(from: answer.span.bytes)
  }

  @Test(arguments: ["0b", "0c", "00", "ff", "0a7f", "0affffffffffffffffff01", "08ffffffffffffffffffff01", "0d0102"])
  func refuses(_ hex: String) {
    let message = bytes(hex: hex)
    #expect(throws: WireError.self) { try KeyValue(from: message.span.bytes) }
  }

  @Test func secretsAreNotDescribed() {
    let request = AuthenticateRequest(name: "app", password: "hush")
    #expect(!"\(request)".contains("hush") && !String(reflecting: request).contains("hush"))
    let response = AuthenticateResponse(token: "hush")
    #expect(!"\(response)".contains("hush") && !String(reflecting: response).contains("hush"))
  }

  @Test func rangesOfPrefixes() {
    #expect(KeyRange.end(ofPrefix: bytes("/a/")) == bytes("/a0"))
    #expect(KeyRange.end(ofPrefix: [1, 0xFF, 0xFF]) == [2])
    #expect(KeyRange.end(ofPrefix: [0xFF]) == [0] && KeyRange.end(ofPrefix: []) == [0])
  }
}
