// SPDX-License-Identifier: Apache-2.0
import MySQL
import Testing
import Wire

@Suite struct GTIDEventTests {
  private static let uuid = ServerUUID(high: 0xFC95_CAC1_E911_11F1, low: 0x8AEA_02FC_0000_0001)

  private func encode(_ event: GTIDEvent) -> [UInt8] {
    var writer = ByteWriter()
    event.encode(to: &writer)
    return writer.bytes.array
  }

  /// A tagged GTID of MySQL 9.7, without its checksum.
  @Test func taggedAsTheServerWritesIt() throws {
    let bytes = GTIDSetTests.bytes(
      "027800000202f103550229030503a5032222c5032902a90304f103000000020404060a6d7974616708040a080c7fc14e5c0520610610c904"
        + "1283120b")
    let event = try GTIDEvent(decoding: bytes.span.bytes, type: .taggedGTID)
    #expect(event.gtid.description == "fc95cac1-e911-11f1-8aea-02fc00000001:mytag:1")
    #expect(event.flags == 1)
    #expect(event.lastCommitted == 1)
    #expect(event.sequenceNumber == 2)
    #expect(event.transactionLength == 306)
    #expect(event.immediateServerVersion == 90704)
    #expect(event.originalCommitTime == nil)
    #expect(encode(event) == bytes)
    for length in bytes.indices {
      #expect(throws: WireError.self) {
        try GTIDEvent(decoding: bytes.span.bytes.extracting(0..<length), type: .taggedGTID)
      }
    }
  }

  /// Each field there or not, in every form; numbers of all sizes.
  @Test(arguments: [GTIDEvent.Form.plain, .anonymous, .tagged])
  func bothWays(_ form: GTIDEvent.Form) throws {
    let type: EventType = form == .plain ? .gtid : form == .anonymous ? .anonymousGTID : .taggedGTID
    for shift in stride(from: 0, through: 62, by: 1) {
      let number = UInt64(1) << UInt64(shift)
      var event = GTIDEvent(form: form, gtid: GTID(uuid: Self.uuid, tag: form == .tagged ? "t_1" : "", number: number))
      event.lastCommitted = Int64(number) - 5
      event.sequenceNumber = -Int64(number)
      #expect(try GTIDEvent(decoding: encode(event).span.bytes, type: type) == event)
      event.immediateCommitTime = number & (1 << 55 - 1)
      event.originalCommitTime = shift % 2 == 0 ? 7 : nil
      event.transactionLength = number
      event.immediateServerVersion = 80_036
      event.originalServerVersion = shift % 3 == 0 ? 80_017 : nil
      #expect(try GTIDEvent(decoding: encode(event).span.bytes, type: type) == event)
      event.commitGroupTicket = number
      #expect(try GTIDEvent(decoding: encode(event).span.bytes, type: type) == event)
    }
  }

  /// MySQL 5.6 has no logical clock; numbers outside of 1…2⁶³−2 are none.
  @Test func oldAndImpossible() throws {
    var event = GTIDEvent(form: .plain, gtid: GTID(uuid: Self.uuid, number: 9))
    event.hasLogicalClock = false
    #expect(encode(event).count == 25)
    #expect(try GTIDEvent(decoding: encode(event).span.bytes, type: .gtid) == event)
    for number in [0, UInt64(Int64.max), .max] {
      event.gtid.number = number
      let bytes = encode(event)
      #expect(throws: WireError.self) { try GTIDEvent(decoding: bytes.span.bytes, type: .gtid) }
    }
  }

  @Test func mariaDB() throws {
    let gtid = MariaDBGTID(domain: 7, server: 3, sequence: 1 << 40)
    let xid = XAIdentifier(format: 1, global: Array("x1".utf8), branch: [])
    let events: [MariaDBGTIDEvent] = [
      MariaDBGTIDEvent(gtid: gtid, flags: [.transactional], extra: [0, 0, 0, 0, 0, 0]),
      MariaDBGTIDEvent(gtid: gtid, flags: [.groupCommit, .standalone], commitID: 12),
      MariaDBGTIDEvent(gtid: gtid, flags: [.preparedXA], xid: xid, extra: [0x02]),
      MariaDBGTIDEvent(gtid: gtid, flags: [.completedXA, .groupCommit], commitID: 1, xid: xid, extra: [0x04, 1, 0]),
    ]
    for event in events {
      var writer = ByteWriter()
      event.encode(to: &writer)
      #expect(try MariaDBGTIDEvent(decoding: writer.bytes, server: 3) == event)
    }
    #expect(events.map(\.alteration) == [nil, nil, .start, .commit])
    #expect(xid.description == "X'7831',X'',1")
  }
}
