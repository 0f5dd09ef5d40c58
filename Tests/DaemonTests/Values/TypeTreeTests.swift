// SPDX-License-Identifier: Apache-2.0
import Daemon
import Testing
import Wire

@Suite struct TypeTreeTests {
  static let int4: UInt32 = 23
  static let intArray: UInt32 = 1007
  static let textArray: UInt32 = 1009
  static let pair = TypeDescription(
    oid: 20_000, kind: .composite([.init(name: "a", type: 25), .init(name: "b", type: 1009)]))
  static let pairArray = TypeDescription(oid: 20_001, kind: .array(element: 20_000))
  static let hstore = TypeDescription(oid: 20_002, kind: .hstore)

  @Test(
    arguments: [
      (16, "t", "true"), (16, "f", "false"), (20, "-9223372036854775808", "-9223372036854775808"),
      (1700, "12.50", "12.50"), (1700, "NaN", "\"NaN\""), (701, "1e+300", "1e+300"), (701, "-0", "-0"),
      (701, "-Infinity", "\"-Infinity\""), (25, "a\"\\\u{1}\u{7F}😀", "\"a\\\"\\\\\\u0001\u{7F}😀\""),
      (1082, "0044-03-15 BC", "\"0044-03-15 BC\""), (1114, "2026-01-02 03:04:05.6", "\"2026-01-02T03:04:05.6\""),
      (1184, "2026-01-02 03:04:05+00", "\"2026-01-02T03:04:05+00:00\""),
      (1184, "0044-03-15 12:00:00+00 BC", "\"0044-03-15T12:00:00+00:00 BC\""),
      (1184, "294276-12-31 23:59:59.999999+00", "\"294276-12-31T23:59:59.999999+00:00\""),
      (1184, "2026-01-02 03:04:05+05:30", "\"2026-01-02T03:04:05+05:30\""), (1184, "infinity", "\"infinity\""),
      (1114, "-infinity", "\"-infinity\""), (3802, "{\"a\": [1, 2]}", "{\"a\": [1, 2]}"), (790, "$1.00", "\"$1.00\""),
      (3904, "[1,5)", "\"[1,5)\""), (18, "", "\"\""), (22, "1 2", "[1,2]"), (22, "", "[]"),
      (30, "1 2", "[\"1\",\"2\"]"),
      (1007, "{1,NULL,3}", "[1,null,3]"), (1007, "{}", "[]"), (1007, "[0:1][-1:0]={{1,2},{3,4}}", "[[1,2],[3,4]]"),
      (1009, "{\"a\\\"b\",\"NULL\",NULL,\"\",\"c\\\\d\"}", "[\"a\\\"b\",\"NULL\",null,\"\",\"c\\\\d\"]"),
      (1020, "{(1,1),(0,0);(2,2),(0,0)}", "[\"(1,1),(0,0)\",\"(2,2),(0,0)\"]"),
      (1001, "{\"\\\\\\\\x01\"}", "[\"\\\\\\\\x01\"]"),
      (3807, "{\"{\\\"a\\\": 1}\",NULL}", "[{\"a\": 1},null]"),
      (1185, "{\"2026-01-02 03:04:05+00\"}", "[\"2026-01-02T03:04:05+00:00\"]"),
    ] as [(UInt32, String, String)])
  func printsAsTheServer(_ type: UInt32, _ text: String, _ expected: String) throws {
    #expect(try json(type, text) == expected)
  }

  @Test func compositesAndHstore() throws {
    let types = [Self.pair, Self.pairArray, Self.hstore]
    #expect(try json(20_000, "(,)", types) == #"{"a":null,"b":null}"#)
    #expect(
      try json(20_000, #"("a ""b"" \\ c","{x,""y z"",NULL}")"#, types) == #"{"a":"a \"b\" \\ c","b":["x","y z",null]}"#)
    #expect(try json(20_001, #"{"(\"\",{})",NULL}"#, types) == #"[{"a":"","b":[]},null]"#)
    #expect(try json(20_002, #""a"=>"1", "q\"\\"=>NULL"#, types) == #"{"a": "1", "q\"\\": null}"#)
    #expect(try json(20_002, "", types) == "{}")
  }

  /// Every proper beginning of a good text is malformed, and says so.
  @Test(
    arguments: [
      (1009, #"[0:1]={"a\"b",{NULL}}"#), (1007, "{{1,2},{3,NULL}}"), (20_000, #"("a ""b"" \\ c","{x,""y"",NULL}")"#),
      (20_001, #"{"(\"a\\\\\",{})",NULL}"#), (20_002, #""a"=>"1", "q\"\\"=>NULL"#),
    ] as [(UInt32, String)])
  func truncatedTextThrows(_ type: UInt32, _ text: String) throws {
    let types = [Self.pair, Self.pairArray, Self.hstore]
    for length in 0..<text.utf8.count {
      // hstore's beginnings that end behind a whole pair are whole; so is its empty text.
      if type == 20_002, length == 0 || length == 8 { continue }
      #expect(throws: RowError.self, "\(text.prefix(length))") { try json(type, String(text.prefix(length)), types) }
    }
    #expect(throws: RowError.self) { try json(type, text + "}", types) }
  }

  @Test(
    arguments: [
      (16, "true"), (16, ""), (1007, "{1,,2}"), (1007, "{1,}"), (1007, "1"), (1007, "{1}}"), (1007, "{1}{2}"),
      (1007, "[x]={1}"),
      (1009, "{a\"b\"}"), (1009, "{a\\b}"), (22, "1  2"), (22, "1 "), (22, " 1"), (17, "\\x0"), (17, "\\x0g"),
      (17, "00"),
      (20_000, "(a)"), (20_000, "(a,b,c)"), (20_000, "(a,b"), (20_000, "(a\"b\",{})"), (20_000, "(a,not an array)"),
      (20_002, "a=>1"), (20_002, "\"a\"=>\"1\","), (20_002, "\"a\"=>null"),
    ] as [(UInt32, String)])
  func malformedTextThrows(_ type: UInt32, _ text: String) {
    #expect(throws: RowError.self) { try json(type, text, [Self.pair, Self.pairArray, Self.hstore]) }
  }

  @Test func deepNestingThrowsWithoutRecursion() {
    let braces = String(repeating: "{", count: 10_000)
    #expect(throws: RowError.self) { try json(Self.intArray, braces) }
    #expect(throws: RowError.self) { try json(Self.intArray, braces + String(repeating: "}", count: 10_000)) }
    #expect(throws: RowError.self) { try json(20_000, String(repeating: "(", count: 10_000), [Self.pair]) }
  }

  @Test func cyclicTypesThrow() {
    let domains = [
      TypeDescription(oid: 20_010, kind: .domain(base: 20_011)),
      TypeDescription(oid: 20_011, kind: .domain(base: 20_010)),
    ]
    #expect(throws: RowPlanError.typeTooDeep(20_010)) { try RowWriter([("v", 20_010)], types: domains) }
    let arrays = [TypeDescription(oid: 20_010, kind: .array(element: 20_010))]
    #expect(throws: RowPlanError.typeTooDeep(20_010)) { try RowWriter([("v", 20_010)], types: arrays) }
    #expect(throws: RowPlanError.unknownType(99_999)) { try RowWriter([("v", 99_999)]) }
  }

  @Test func directoryNamesWhatIsMissing() {
    var types = TypeDirectory()
    #expect(types.unknown(from: 1007) == [])
    types.insert(Self.pairArray)
    #expect(types.unknown(from: 20_001) == [20_000])
    types.insert(
      TypeDescription(oid: 20_000, kind: .composite([.init(name: "x", type: 30_000), .init(name: "y", type: 30_001)])))
    #expect(types.unknown(from: 20_001) == [30_000, 30_001])
  }
}
