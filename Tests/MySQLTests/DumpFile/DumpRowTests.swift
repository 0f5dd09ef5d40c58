// SPDX-License-Identifier: Apache-2.0
import MySQL
import Support
import Testing
import Wire

/// The literals of an INSERT, one by one.
@Suite struct DumpRowTests {
  /// The fields of the only row, or nil if it is refused.
  private func fields(_ literals: String, _ feed: DripFeed = .whole, head: String = "INSERT INTO `t`") -> [String]? {
    let input = ReceiveBuffer()
    var parser = DumpFileParser(schema: "s")
    var record = DumpFileRecord()
    for piece in feed.pieces(of: Array("\(head) VALUES (\(literals));\n".utf8)) {
      input.append(piece.span.bytes)
      guard (try? parser.drain(from: input, into: &record)) != nil else { return nil }
    }
    return record.rows.first?.split(separator: " ", omittingEmptySubsequences: false).dropFirst().map(String.init)
  }

  private func hex(_ text: String) -> String { String(hex: Array(text.utf8)).uppercased() }

  @Test(arguments: DripFeed.all)
  func literalsBecomeTheirBytes(_ feed: DripFeed) {
    let cases: [(String, [String])] = [
      ("1,-2,+3.50,.5,1e-20,0,0.10", ["1", "-2", "+3.50", ".5", "1e-20", "0", "0.10"].map(hex)),
      ("NULL,'NULL','',\"\"", ["NULL", hex("NULL"), "", ""]),
      (#"'a\0\b\n\r\t\Z\\\'\"\%\_\q'"#, ["6100080A0D091A5C27225C255C5F71"]),
      ("'it''s',\"a\"\"b\",'a\"b'", [hex("it's"), hex("a\"b"), hex("a\"b")]),
      ("0x,0x00FFab,X'0aF0',x''", ["", "00FFAB", "0AF0", ""]),
      ("b'',b'1',b'1000000001',B'00000000'", ["", "01", "0201", "00"]),
      (#"_binary 'x\'',_utf8mb4'ü',_binary 0x41 , NULL "#, [hex("x'"), hex("ü"), "41", "NULL"]),
      ("'),(2,''x'''", [hex("),(2,'x'")]),
      (
        "'\u{1F600} long enough that sixteen bytes are looked at at once\\\\, and more'",
        [hex("\u{1F600} long enough that sixteen bytes are looked at at once\\, and more")]
      ),
    ]
    for (literals, expected) in cases { #expect(fields(literals, feed) == expected, "\(literals)") }
  }

  @Test(arguments: [
    "0xABC", "x'ABC'", "0b01", "1x", "TRUE", "b'012'", "x'0G'", "@a", "f(1)", "'a' 'b'", "1 2", "1;2", "nULL", ",1",
  ])
  func whatTheToolsDoNotWriteIsRefused(_ literals: String) {
    #expect(fields(literals) == nil)
  }

  @Test func valuesAreAsManyAsColumns() {
    #expect(fields("1,2", head: "INSERT INTO `t` (`a`, `b`)") == ["31", "32"])
    #expect(fields("1,2,3", head: "INSERT INTO `t` (`a`, `b`)") == nil)
    #expect(fields("1", head: "INSERT INTO `t` (`VALUES (`, `b`)") == nil)
    #expect(fields("1,2", head: "REPLACE INTO t (`VALUES (`, `b`)") == ["31", "32"])
    #expect(fields("1,2", head: "INSERT  IGNORE INTO `x`.`t` (`b``)`,c)") == ["31", "32"])
  }

  @Test func manyRowsAndManyFields() {
    var parser = DumpFileParser()
    let input = ReceiveBuffer()
    var record = DumpFileRecord()
    let row = "(" + (0..<4096).map(String.init).joined(separator: ",") + ")"
    input.append(Array("INSERT INTO t VALUES \(row),\n\(row) , \(row);".utf8).span.bytes)
    #expect(throws: Never.self) { _ = try parser.drain(from: input, into: &record) }
    #expect(record.rows.count == 3 && Set(record.rows).count == 1)
    input.append(Array("INSERT INTO t VALUES \(row.dropLast()),1);".utf8).span.bytes)
    #expect(throws: DumpFileError<DumpFileRecord.Failure>.self) { _ = try parser.drain(from: input, into: &record) }
  }
}
