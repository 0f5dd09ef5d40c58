// SPDX-License-Identifier: Apache-2.0
import Postgres
import Testing
import Wire

@Suite("Messages of the replication stream")
struct ReplicationMessageTests {
  private func bytes(_ encode: (inout ByteWriter) -> Void) -> [UInt8] {
    var writer = ByteWriter()
    encode(&writer)
    return writer.bytes.array
  }

  @Test("each reads back as it was written, cut at any byte it is an error")
  func roundTrip() throws {
    let keepalive = PrimaryKeepalive(walEnd: LSN(5), serverTime: ServerTime(rawValue: 7), replyRequested: true)
    let status = StandbyStatusUpdate(
      written: LSN(1), flushed: LSN(2), applied: LSN(3), clientTime: ServerTime(rawValue: -4), replyRequested: false)
    let feedback = HotStandbyFeedback(
      clientTime: ServerTime(rawValue: 1), xmin: 2, xminEpoch: 3, catalogXmin: 4, catalogXminEpoch: 5)
    let samples = [
      bytes { keepalive.encode(to: &$0) }, bytes { status.encode(to: &$0) }, bytes { feedback.encode(to: &$0) },
    ]
    #expect(samples.map(\.count) == [18, 34, 25])
    for sample in samples {
      switch try ReplicationMessage(sample.span.bytes) {
      case .keepalive(let read): #expect(read == keepalive)
      case .standbyStatus(let read): #expect(read == status)
      case .hotStandbyFeedback(let read): #expect(read == feedback)
      case .xLogData, .other: Issue.record("another message")
      }
      for end in 0..<sample.count {
        #expect(throws: WireError.self) { _ = try ReplicationMessage(sample.span.bytes.extracting(0..<end)) }
      }
      let long = sample + [0]
      #expect(throws: WireError.self) { _ = try ReplicationMessage(long.span.bytes) }
    }
  }

  @Test(
    "positions in their text form",
    arguments: [
      ("16/B374D848", 0x16_B374_D848), ("0/0", 0), ("FFFFFFFF/FFFFFFFF", UInt64.max), ("0/1", 1),
      ("DEADBEEF/00000010", 0xDEAD_BEEF_0000_0010),
    ] as [(String, UInt64)])
  func lsn(text: String, value: UInt64) throws {
    let lsn = try #require(LSN(text))
    #expect(lsn.rawValue == value)
    #expect(LSN(lsn.description) == lsn)
    #expect(LSN(text.lowercased()) == lsn)
    if !text.contains("/000") { #expect(lsn.description == text) }
  }

  @Test(
    "what is no position", arguments: ["", "/", "0", "0/", "/0", "0/0/0", "g/0", "0/123456789", " 0/0", "0/-1", "+1/0"])
  func noLSN(text: String) {
    #expect(LSN(text) == nil)
  }

  @Test("positions are compared and measured")
  func distance() {
    #expect(LSN(1) < LSN(2))
    #expect(LSN.bytes(from: LSN(10), to: LSN(25)) == 15)
    #expect(LSN.bytes(from: LSN(25), to: LSN(10)) == 0)
  }

  @Test("server time counts from 2000")
  func time() {
    #expect(ServerTime(unixMicroseconds: 946_684_800_000_001).rawValue == 1)
    #expect(ServerTime(rawValue: 5).unixMicroseconds == 946_684_800_000_005)
    _ = ServerTime(rawValue: .max).unixMicroseconds
  }
}
