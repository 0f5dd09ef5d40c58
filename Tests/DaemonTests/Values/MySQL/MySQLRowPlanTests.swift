// SPDX-License-Identifier: Apache-2.0
import Daemon
import Etcd
import MySQL
import Testing
import Wire

@Suite struct MySQLRowPlanTests {
  private static let text = ColumnDefinition(name: "t", type: .varchar, metadata: 80, collation: 45)
  private static let long = ColumnDefinition(name: "n", type: .long)
  private static let json = ColumnDefinition(name: "j", type: .json, metadata: 4)

  @Test func membersInColumnOrderWithEscapedNames() throws {
    var odd = Self.text
    odd.name = "we\"\"ird / näme"
    let writer = try MySQLRowWriter([Self.long, odd, Self.json], key: [1, 0])
    let row: [MySQLRowWriter.Field] = [[0xFF, 0xFF, 0xFF, 0xFF], "a/%\n\"é", nil]
    #expect(try writer.value(row) == #"{"n":-1,"we\"\"ird / näme":"a/%\n\"é","j":null}"#)
    #expect(try writer.key(row) == "/sync/shop/t/a%2F%25%0A\"é/-1")
  }

  @Test func optionsChangeNumbersAndBytes() throws {
    let columns = [
      ColumnDefinition(name: "b", type: .longLong), ColumnDefinition(name: "u", type: .longLong, isUnsigned: true),
      ColumnDefinition(name: "d", type: .newDecimal, metadata: 0x0105),
      ColumnDefinition(name: "x", type: .blob, metadata: 2, collation: 63),
      ColumnDefinition(name: "f", type: .string, metadata: 3, collation: 63), Self.long,
    ]
    let row: [MySQLRowWriter.Field] = [
      [0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
      [0x80, 0x0C, 0x05], [0xFB, 0xFF], [1], [1, 0, 0, 0],
    ]
    #expect(
      try MySQLRowWriter(columns).value(row)
        == #"{"b":-2,"u":18446744073709551614,"d":12.5,"x":"+/8=","f":"AQAA","n":1}"#)
    let strings = ValueOptions(bigint: .string, decimal: .string, binary: .hex)
    #expect(
      try MySQLRowWriter(columns, options: strings).value(row)
        == #"{"b":"-2","u":"18446744073709551614","d":"12.5","x":"fbff","f":"010000","n":1}"#)
    #expect(
      try MySQLRowWriter(columns, key: [0, 2, 3, 4], options: strings).key(row) == "/sync/shop/t/-2/12.5/fbff/010000")
    #expect(try MySQLRowWriter(columns, key: [3, 4]).key(row) == "/sync/shop/t/+%2F8=/AQAA")
  }

  @Test func columnsAreLeftOutAndHashed() throws {
    let bytes = ColumnDefinition(name: "x", type: .blob, metadata: 2, collation: 63)
    let row: [MySQLRowWriter.Field] = [[1, 0, 0, 0], "abc", "abc"]
    // printf abc | sha256sum; printf 1 | sha256sum
    let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    let one = "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"
    let hashed = try MySQLRowWriter(
      [Self.long, Self.text, bytes], treatments: ["n": .hash, "t": .hash, "x": .hash], key: [1])
    for form in [MySQLRowPlan.Form.log, .result] {
      #expect(try hashed.value(row, form) == #"{"n":"\#(one)","t":"\#(digest)","x":"\#(digest)"}"#)
      #expect(try hashed.key(row, form) == "/sync/shop/t/\(digest)")
    }
    #expect(try hashed.value([nil, nil, nil]) == #"{"n":null,"t":null,"x":null}"#)
    let without = try MySQLRowWriter([Self.long, Self.text], treatments: ["n": .exclude], key: [0])
    #expect(try without.value([[1, 0, 0, 0], "x"]) == #"{"t":"x"}"#)
    #expect(try without.key([[1, 0, 0, 0], "x"]) == "/sync/shop/t/1")
    #expect(try MySQLRowWriter([Self.long], treatments: ["n": .exclude]).value([[1, 0, 0, 0]]) == "{}")
  }

  /// S27: what the log leaves out, or has as differences only, keeps what the key holds.
  @Test func S27_holesAreFilledFromTheEarlierValue() throws {
    let writer = try MySQLRowWriter([Self.long, Self.text, Self.json])
    let (value, holes) = try writer.valueAndHoles([[7, 0, 0, 0], .absent, .differences])
    #expect(value == #"{"n":7,"t":null,"j":null}"#)
    #expect(holes.map(\.column) == [1, 2] && holes.map(\.offset) == [11, 20])
    let noHoles = holes.filter { _ in false }
    var out = ByteWriter()
    var unresolved = noHoles
    let text = Array(value.utf8)
    let earlier = Array(#"{"n":1,"t":"old","j":{"a":[1]}}"#.utf8)
    try writer.plan.splice(
      text.span.bytes, holes.span, over: earlier.span.bytes, noHoles.span, into: &out, unresolved: &unresolved)
    #expect(String(decoding: out.bytes) == #"{"n":7,"t":"old","j":{"a":[1]}}"#)
    #expect(unresolved.isEmpty)
    #expect(writer.plan.holdsDocument(2) && !writer.plan.holdsDocument(1))
    #expect(try !MySQLRowWriter([Self.json], treatments: ["j": .hash]).plan.holdsDocument(0))
  }

  @Test func aKeyNeedsItsValues() throws {
    let writer = try MySQLRowWriter([Self.long], key: [0])
    for (field, reason) in [
      (MySQLRowWriter.Field.null, RowError.Reason.nullInKey), (.absent, .unchangedInKey),
      (.differences, .unchangedInKey),
    ] {
      #expect { try writer.key([field]) } throws: {
        ($0 as? RowError)?.reason == reason && "\($0)".contains("shop.t.n")
      }
    }
    #expect { try writer.value([nil, nil]) } throws: { ($0 as? RowError)?.reason == .fields(count: 2, expected: 1) }
  }

  /// Bytes that no server sends are an error with the column's name, in every form and of every length, never a trap.
  @Test(arguments: ["mysql-9.7", "mariadb-10.11"])
  func damagedBytesThrow(_ name: String) throws {
    var seen: Set<ColumnDefinition> = []
    for line in try MySQLValueLine.all(name) where seen.insert(line.column).inserted {
      let writer = try MySQLRowWriter([line.column], key: [0])
      for form in [MySQLRowPlan.Form.log, .result, .literal] {
        for count in 0..<20 {
          for byte in [0x00, 0x01, 0x22, 0x7F, 0x80, 0x88, 0xFF] as [UInt8] {
            let bytes = [UInt8](repeating: byte, count: count)
            do { _ = try writer.value([.bytes(bytes)], form) } catch { #expect(error is RowError) }
            do { _ = try writer.key([.bytes(bytes)], form) } catch { #expect(error is RowError) }
          }
        }
      }
    }
    let writer = try MySQLRowWriter([Self.long])
    #expect { try writer.value([[]]) } throws: { "\($0)".hasPrefix("shop.t.n: ") }
  }

  @Test func theDumpSelectsLabelsAsNumbers() {
    let label = ColumnDefinition(name: "e", type: .enumeration, metadata: 1, labels: ["a"])
    #expect(MySQLRowPlan.selectExpression(for: label, quoted: "`e`") == "CAST(`e` AS UNSIGNED)")
    #expect(MySQLRowPlan.selectExpression(for: Self.text, quoted: "`t`") == "`t`")
    #expect(MySQLRowPlan.isExactInLiterals(label))
    #expect(!MySQLRowPlan.isExactInLiterals(ColumnDefinition(name: "f", type: .float)))
    #expect(!MySQLRowPlan.isExactInLiterals(ColumnDefinition(name: "s", type: .set, labels: ["", "a"])))
  }
}
