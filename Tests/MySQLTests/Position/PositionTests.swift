// SPDX-License-Identifier: Apache-2.0
import MySQL
import Testing

@Suite struct PositionTests {
  @Test func mariaDBPositionHasOneGTIDForEachDomain() throws {
    var position = try #require(MariaDBGTIDPosition("3-1-5, 0-1-100"))
    #expect(position.description == "0-1-100,3-1-5")
    position.update(MariaDBGTID(domain: 0, server: 2, sequence: 101))
    position.update(MariaDBGTID(domain: 7, server: 2, sequence: 1))
    position.update(MariaDBGTID(domain: 1, server: 2, sequence: 1))
    #expect(position.description == "0-2-101,1-2-1,3-1-5,7-2-1")
    #expect(position[3] == MariaDBGTID(domain: 3, server: 1, sequence: 5))
    #expect(position[4] == nil)
    #expect(try #require(MariaDBGTIDPosition("3-1-5")).isReached(by: position))
    #expect(try !#require(MariaDBGTIDPosition("3-1-6")).isReached(by: position))
    #expect(try !#require(MariaDBGTIDPosition("4-1-1")).isReached(by: position))
    #expect(MariaDBGTIDPosition("")?.isEmpty == true)
    for text in ["0-1", "0-1-2-3", "a-1-2", "-1-1-2", "0-1-2,0-2-3", "4294967296-1-1", "+0-1-1", "0-1-+1"] {
      #expect(MariaDBGTIDPosition(text) == nil, "\(text)")
    }
    #expect(MariaDBGTIDPosition("4294967295-4294967295-18446744073709551615") != nil)
  }

  /// `.999999` is followed by `.1000000`.
  @Test func filesOrderByTheirNumber() throws {
    let names = [
      "binlog.000009:99", "binlog.000010:4", "binlog.999999:4", "binlog.1000000:4", "binlog.1000000:5000000000",
    ]
    let positions = try names.map { try #require(BinlogFilePosition($0)) }
    for (first, second) in zip(positions, positions.dropFirst()) {
      #expect(first < second)
      #expect(!(second < first))
    }
    #expect(positions.map(\.description) == names)
    #expect(positions[4].offset == 5_000_000_000)
    #expect(BinlogFilePosition(file: "a.b.000007", offset: 4).fileNumber == 7)
    let last = BinlogFilePosition(file: "a.\(UInt64.max)", offset: 4)
    #expect(
      BinlogFilePosition(file: "a.000009", offset: 9).isInFileBefore(BinlogFilePosition(file: "a.000010", offset: 4)))
    #expect(!last.isInFileBefore(last) && !BinlogFilePosition(file: "a.000001", offset: 9).isInFileBefore(last))
    #expect(BinlogFilePosition(file: "nonumber", offset: 4) < positions[0])
    for text in ["", ":4", "binlog.000001", "binlog.000001:", "binlog.000001:x"] {
      #expect(BinlogFilePosition(text) == nil)
    }
  }

  @Test func uuids() {
    let text = "00000000-0000-0001-8000-0000000000ff"
    #expect(ServerUUID(text)?.description == text)
    #expect(ServerUUID("0000000000000001800000000000 00ff") == nil)
    #expect(ServerUUID("000000000000000180000000000000ff")?.description == text)
    #expect(ServerUUID(high: 1, low: 0) < ServerUUID(high: 2, low: 0))
    #expect(ServerUUID(high: 1, low: 1) < ServerUUID(high: 1, low: 2))
  }
}
