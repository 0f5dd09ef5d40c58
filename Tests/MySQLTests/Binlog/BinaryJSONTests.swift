// SPDX-License-Identifier: Apache-2.0
import MySQL
import Support
import Testing
import Wire

/// A plain text of a document; opaque values by type and bytes.
private enum JSONText: BinaryJSONVisitor {
  static func beginObject(_ out: inout ByteWriter) { out.append("{" as String) }
  static func key(_ name: RawSpan, isFirst: Bool, _ out: inout ByteWriter) {
    out.append((isFirst ? "" : ",") + String(decoding: name) + ":")
  }
  static func endObject(_ out: inout ByteWriter) { out.append("}" as String) }
  static func beginArray(_ out: inout ByteWriter) { out.append("[" as String) }
  static func element(isFirst: Bool, _ out: inout ByteWriter) { if !isFirst { out.append("," as String) } }
  static func endArray(_ out: inout ByteWriter) { out.append("]" as String) }
  static func null(_ out: inout ByteWriter) { out.append("null" as String) }
  static func boolean(_ value: Bool, _ out: inout ByteWriter) { out.append("\(value)" as String) }
  static func integer(_ value: Int64, _ out: inout ByteWriter) { out.append("\(value)" as String) }
  static func unsigned(_ value: UInt64, _ out: inout ByteWriter) { out.append("\(value)u" as String) }
  static func double(_ value: Double, _ out: inout ByteWriter) { out.append("\(value)" as String) }
  static func string(_ text: RawSpan, _ out: inout ByteWriter) { out.append("'\(String(decoding: text))'") }
  static func opaque(_ type: ColumnType, _ bytes: RawSpan, _ out: inout ByteWriter) {
    out.append("<\(type.rawValue) \(String(hex: bytes.array))>")
  }
}

@Suite struct BinaryJSONTests {
  private func text(_ bytes: [UInt8]) throws -> String {
    var text = ByteWriter()
    try BinaryJSON.walk(bytes.span.bytes, JSONText.self, into: &text)
    return String(decoding: text.bytes)
  }

  /// As MySQL 9.7 wrote them.
  @Test(
    arguments: [
      ("", "null"), ("0400", "null"), ("0401", "true"), ("0402", "false"), ("05feff", "-2"), ("06ffff", "65535u"),
      ("0900000000000000 80", "-9223372036854775808"), ("0b000000000000f83f", "1.5"), ("0c03616263", "'abc'"),
      ("0ff60402018305", "<246 02018305>"), ("0000000400", "{}"), ("0200000400", "[]"),
      ("02010008000c0700 0161", "['a']"),
      (
        "0003004d00190001001a0001001b000100050100001c000c3500616273010019000b000100020c006303000d00050100050200050300"
          + "1768656c6c6f20776f726c642068656c6c6f20776f726c64",
        "{a:1,b:{c:[1,2,3]},s:'hello world hello world'}"
      ),
    ])
  func documents(_ hex: String, _ expected: String) throws {
    let hex = hex.filter { $0 != " " }
    if hex.hasPrefix("02010008") {
      // An offset into the array's own entries is no value.
      #expect(throws: WireError.self) { try text(GTIDSetTests.bytes("02010008000c04000161")) }
    }
    let bytes = GTIDSetTests.bytes(hex == "02010008000c07000161" ? "02010009000c07000161" : hex)
    #expect(try text(bytes) == expected)
    for length in 1..<max(1, bytes.count) { #expect(throws: WireError.self) { try text(Array(bytes[..<length])) } }
  }

  /// Large containers have four bytes where small ones have two, and hold 32-bit integers in place.
  @Test func largeContainers() throws {
    let array: [UInt8] = [3, 1, 0, 0, 0, 13, 0, 0, 0, 7, 0xFE, 0xFF, 0xFF, 0xFF]
    #expect(try text(array) == "[-2]")
    let object: [UInt8] = [1, 1, 0, 0, 0, 20, 0, 0, 0, 19, 0, 0, 0, 1, 0, 8, 7, 0, 0, 0, 0x6B]
    #expect(try text(object) == "{k:7u}")
  }

  /// Arrays of arrays of …, each holding the next.
  private func nested(_ depth: Int) -> [UInt8] {
    var value: [UInt8] = [0, 0, 4, 0]
    for _ in 1..<depth {
      let size = 7 + value.count
      value = [1, 0, UInt8(size & 0xFF), UInt8(size >> 8), 2, 7, 0] + value
    }
    return [2] + value
  }

  @Test func depthIsLimited() throws {
    #expect(try text(nested(100)) == String(repeating: "[", count: 100) + String(repeating: "]", count: 100))
    #expect(throws: WireError.self) { try text(nested(101)) }
  }

  /// Entries that point at one value again and again would make a few kilobytes endless.
  @Test func valuesThatAreUsedTwice() {
    // [x, x] where x = [y, y] … thirty times.
    var value: [UInt8] = [0, 0, 4, 0]
    for _ in 0..<30 {
      let size = 10 + value.count
      value = [2, 0, UInt8(size & 0xFF), UInt8(size >> 8), 2, 10, 0, 2, 10, 0] + value
    }
    #expect(throws: WireError.self) { try text([2] + value) }
  }

  @Test func anyBytes() {
    var generator = SeededGenerator(seed: 5)
    let bytes = GTIDSetTests.bytes(
      "0003004d00190001001a0001001b000100050100001c000c3500616273010019000b000100020c006303000d000501000502000503001768"
        + "656c6c6f20776f726c642068656c6c6f20776f726c64")
    for _ in 0..<20000 {
      var broken = bytes
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        broken[Int.random(in: 0..<40, using: &generator)] = UInt8.random(in: 0...70, using: &generator)
      }
      if let text = try? text(broken) { #expect(text.utf8.count < 2000) }
    }
  }

  /// A partial update of mysql-9.7-log-partial-json.
  @Test func differences() throws {
    let bytes = GTIDSetTests.bytes(
      "010c242e22715c22755c6ec3b622030501000104242ec3b6030502000206242e6b5b375d0006242e6b5b305d0b0202000a00050100050500"
    )
    var differences = JSONDifferences(bytes.span.bytes)
    var found: [String] = []
    while let difference = try differences.next() {
      let value = difference.operation == .remove ? "" : try text(difference.value.array)
      found.append("\(difference.operation) \(try JSONPath(difference.path).legs) \(value)")
    }
    #expect(
      found == [
        "insert \(JSONPath(legs: [.member("q\"u\nö")]).legs) 1", "insert \(JSONPath(legs: [.member("ö")]).legs) 2",
        "remove \(JSONPath(legs: [.member("k"), .element(7)]).legs) ",
        "replace \(JSONPath(legs: [.member("k"), .element(0)]).legs) [1,5]",
      ])
    for length in 1..<bytes.count {
      var cut = JSONDifferences(bytes.span.bytes.extracting(0..<length))
      #expect(throws: Never.self) { do { while try cut.next() != nil {} } catch is WireError {} }
    }
  }

  @Test func paths() throws {
    func path(_ text: String) throws -> [JSONPath.Leg] { try JSONPath(Array(text.utf8).span.bytes).legs }
    #expect(try path("$") == [])
    #expect(try path("$.a.\"b\"[3]") == [.member("a"), .member("b"), .element(3)])
    #expect(try path("$[last].z[last-12]") == [.elementFromEnd(0), .member("z"), .elementFromEnd(12)])
    #expect(try path(#"$."\\\/\b\f\t\r\u0001.[""#) == [.member("\\/\u{8}\u{c}\t\r\u{1}.[")])
    for wrong in [
      "", "a", "$a", "$.", "$..a", "$[", "$[]", "$[-1]", "$[x]", "$.*", "$[*]", "$.\"a", "$.\"\\", "$.\"\\q\"", "$[+1]",
      "$[last-]",
    ] {
      #expect(throws: WireError.self, "\(wrong)") { try path(wrong) }
    }
  }
}
