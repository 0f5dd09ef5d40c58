// SPDX-License-Identifier: Apache-2.0
import MySQL
import Support
import Testing
import Wire

/// Recorded log files against what the servers' own mysqlbinlog made of them.
@Suite("Recorded binary logs against mysqlbinlog")
struct BinlogOracleTests {
  static let files = BinlogGoldenTests.files.filter { (try? Fixture.text(expectedName($0))) != nil }

  private static func expectedName(_ file: String) -> String {
    String(file[..<(file.firstRange(of: ".binlog.")?.lowerBound ?? file.endIndex)]) + ".expected.txt"
  }

  @Test("there are files") func present() {
    #expect(Self.files.count >= 10)
  }

  /// Every event is there, with its end and its checksum, and of the same kind.
  @Test("the same events", arguments: files)
  func events(name: String) throws {
    let file = try BinlogFile(fixture: name)
    let expected = BinlogExpected(try Fixture.text(Self.expectedName(name)), file: file.name)
    try #require(!expected.events.isEmpty)
    let decoder = BinlogDecoder(checksumAsked: .crc32, file: file.name)
    var sink = BinlogRowValues()
    var ours: [BinlogExpected.Event] = []
    for event in file.events {
      _ = try decoder.deliver(event.bytes.span.bytes, into: &sink)
      let header = try EventHeader(decoding: event.bytes.span.bytes)
      let tail = event.bytes.suffix(4).reversed().reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
      let checksum = decoder.format?.checksum == .crc32 ? tail : nil
      ours.append(BinlogExpected.Event(endPosition: header.logPosition, checksum: checksum, text: "\(header.type)"))
    }
    // mysqlbinlog prints rows at the end of their statement and leaves out what it cannot print: by position.
    let theirs = Dictionary(grouping: expected.events) { $0.checksum ?? $0.endPosition }
    var found = 0
    for event in ours {
      guard let same = theirs[event.checksum ?? event.endPosition]?.first else { continue }
      found += 1
      #expect(same.endPosition == event.endPosition)
      let word = event.text.prefix { $0 != "_" && $0 != " " }.lowercased()
      // Some it prints on the lines that follow.
      if same.text.isEmpty { continue }
      let isSame =
        same.text.lowercased().hasPrefix(word) || Self.otherNames[event.text].map(same.text.hasPrefix) == true
      #expect(isSame, "at \(event.endPosition): \(event.text) is \(same.text)")
    }
    #expect(found * 10 >= ours.count * 9, "\(found) of \(ours.count) events")
  }

  private static let otherNames = [
    "Format_desc": "Start: binlog v 4", "Previous_gtids": "Previous-GTIDs", "Anonymous_Gtid": "Anonymous_GTID",
    "RAND": "Rand", "XA_prepare": "XID = ",
  ]

  /// Every row is there, in order, with the same columns; integers and texts have the same values.
  @Test("the same rows", arguments: files)
  func rows(name: String) throws {
    let file = try BinlogFile(fixture: name)
    let expected = BinlogExpected(try Fixture.text(Self.expectedName(name)), file: file.name)
    let decoder = BinlogDecoder(checksumAsked: .crc32, file: file.name)
    var sink = BinlogRowValues()
    for event in file.events { _ = try decoder.deliver(event.bytes.span.bytes, into: &sink) }
    var compared = 0
    var rest = sink.rows[...]
    for theirs in expected.rows {
      guard let ours = rest.popFirst() else {
        Issue.record("\(theirs) is no row of ours")
        return
      }
      #expect(ours.verb == theirs.verb)
      // Where it does not know a type it leaves out the rest of the event.
      let isWhole = !theirs.images.contains { $0.values.contains { $0.hasPrefix(Self.unknown) } }
      if isWhole {
        #expect(ours.images.count == theirs.images.count)
      } else {
        while rest.first?.event == ours.event { rest.removeFirst() }
      }
      for (our, their) in zip(ours.images, theirs.images) { compared += try compare(our, their) }
    }
    #expect(rest.isEmpty, "rows that only we have")
    #expect(expected.rows.isEmpty || compared > 0)
  }

  private static let unknown = "!! Don't know how to handle"

  /// How many columns could be compared.
  private func compare(_ our: [Int: [String]], _ their: [Int: String]) throws -> Int {
    var compared = 0
    for (column, text) in their where !text.hasPrefix(Self.unknown) {
      let candidates = try #require(our[column], "column \(column) is not in our image: \(text)")
      let value = text.firstMatch(of: /^(-?\d+) \(\d+\)$/).map { String($0.1) } ?? text
      if candidates.isEmpty || value.count > 150 { continue }
      compared += 1
      #expect(candidates.contains(value), "column \(column): \(candidates) is not \(text)")
    }
    return compared
  }
}
