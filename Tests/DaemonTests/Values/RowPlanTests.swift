// SPDX-License-Identifier: Apache-2.0
import Daemon
import Postgres
import Testing
import Wire

@Suite struct RowPlanTests {
  @Test func membersInColumnOrderWithEscapedNames() throws {
    let writer = try RowWriter([("id", 20), ("we\"ird / näme\n", 25), ("n", 25)])
    #expect(try writer.value(["7", "x", nil]) == #"{"id":7,"we\"ird / näme\n":"x","n":null}"#)
  }

  @Test func columnsAreLeftOutAndHashed() throws {
    let columns: [(String, UInt32)] = [("a", 23), ("b", 25), ("c", 25)]
    #expect(try RowWriter(columns, treatments: ["a": .exclude]).value(["1", "x", nil]) == #"{"b":"x","c":null}"#)
    #expect(
      try RowWriter(columns, treatments: ["b": .exclude, "c": .exclude, "a": .exclude]).value(["1", "x", nil]) == "{}")
    // printf abc | sha256sum
    let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    let hashed = try RowWriter(columns, treatments: ["b": .hash, "c": .hash], key: [1, 0])
    #expect(try hashed.value(["1", "abc", nil]) == #"{"a":1,"b":"\#(digest)","c":null}"#)
    #expect(try hashed.key(["1", "abc", nil]) == "/sync/public/t/\(digest)/1")
  }

  @Test func optionsChangeNumbersAndBytes() throws {
    let strings = ValueOptions(bigint: .string, decimal: .string, binary: .hex)
    #expect(try json(20, "1", options: strings) == #""1""#)
    #expect(try json(1016, "{1,NULL}", options: strings) == #"["1",null]"#)
    #expect(try json(1700, "1.50", options: strings) == #""1.50""#)
    #expect(try json(23, "1", options: strings) == "1")
    #expect(try json(17, "\\xDEADbeef", options: strings) == #""deadbeef""#)
    #expect(try json(17, "\\x", options: strings) == #""""#)
    let encoded = [
      ("\\x", ""), ("\\x66", "Zg=="), ("\\x666f", "Zm8="), ("\\x666f6f", "Zm9v"), ("\\x666f6f62", "Zm9vYg=="),
    ]
    for (text, base64) in encoded + [("\\xfbff", "+/8=")] { #expect(try json(17, text) == "\"\(base64)\"") }
    // A domain over bytea is a bytea column; an element of an array is not.
    #expect(try json(20_000, "\\x66", [TypeDescription(oid: 20_000, kind: .domain(base: 17))]) == #""Zg==""#)
    #expect(try json(1001, #"{"\\x66"}"#) == #"["\\x66"]"#)
  }

  @Test func keysAreEscapedAndJoined() throws {
    let writer = try RowWriter(
      [("a", 25), ("b", 23), ("c", 1184), ("d", 17), ("e", 16), ("f", 3802), ("g", 1007)], key: [1, 0])
    #expect(
      try writer.key(["a/b%c\n\u{7F}é\"", "5", nil, nil, nil, nil, nil]) == "/sync/public/t/5/a%2Fb%25c%0A%7Fé\"")
    #expect(try writer.key(["", "5", nil, nil, nil, nil, nil]) == "/sync/public/t/5/")
    let all = try RowWriter(
      [("c", 1184), ("d", 17), ("e", 16), ("f", 3802), ("g", 1007), ("n", 1700)], key: [0, 1, 2, 3, 4, 5])
    #expect(
      try all.key(["2026-01-02 03:04:05+00", "\\xfbff", "t", #"{"a": "x/y"}"#, "{1,NULL}", "NaN"])
        == #"/sync/public/t/2026-01-02T03:04:05+00:00/+%2F8=/true/{"a": "x%2Fy"}/[1,null]/NaN"#)
    let long = String(repeating: "0123456789/", count: 1_000)
    #expect(
      try RowWriter([("a", 25)], key: [0]).key([.text(long)])
        == "/sync/public/t/" + String(repeating: "0123456789%2F", count: 1_000))
  }

  @Test func aKeyNeedsItsValues() throws {
    let writer = try RowWriter([("a", 25)], treatments: ["a": .exclude], key: [0])
    #expect(try writer.key(["x"]) == "/sync/public/t/x")
    #expect { try writer.key([nil]) } throws: { ($0 as? RowError)?.reason == .nullInKey }
    #expect { try writer.key([.unchanged]) } throws: { ($0 as? RowError)?.reason == .unchangedInKey }
  }

  @Test func errorsNameTheColumnAndNotTheValue() throws {
    let writer = try RowWriter([("a", 25), ("b", 1007)])
    #expect { try writer.value(["secret", "{secret"]) } throws: { error in
      "\(error)" == "public.t.b: array at byte 7: neither delimiter nor closing brace"
    }
    #expect { try writer.value(["x"]) } throws: { "\($0)" == "public.t: a row of 1 fields where 2 are expected" }
  }
}
