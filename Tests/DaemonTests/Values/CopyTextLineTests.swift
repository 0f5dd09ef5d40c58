// SPDX-License-Identifier: Apache-2.0
import Daemon
import Postgres
import Support
import Testing
import Wire

@Suite struct CopyTextLineTests {
  @Test(
    arguments: [
      ("a\tb\n", ["a", "b"]), ("a\tb", ["a", "b"]), ("", [""]), ("\n", [""]), ("\t\t", ["", "", ""]),
      ("\\N\t\\N\n", [nil, nil]), ("\\N", [nil]), ("x\t\\N\ty", ["x", nil, "y"]), ("NULL\tN", ["NULL", "N"]),
      // A text of the two bytes \N is printed as \\N, and \N inside a longer field is an N.
      ("\\\\N\t\\N", ["\\N", nil]), ("a\\N\t\\Nb", ["aN", "Nb"]), ("a\\N\tb", ["aN", "b"]),
      ("\\.", ["."]),
      ("\\b\\f\\n\\r\\t\\v\\\\\t1", ["\u{8}\u{C}\n\r\t\u{B}\\", "1"]),
      ("\\101\\60\\7\\0601", ["A0\u{7}01"]), ("\\x41\\x4G\\xg", ["A\u{4}Gxg"]),
      (
        "a line that is longer than sixteen bytes\t\\N\tand one more of them",
        ["a line that is longer than sixteen bytes", nil, "and one more of them"]
      ),
    ] as [(String, [String?])])
  func splits(_ line: String, _ expected: [String?]) throws {
    var copy = CopyTextLine()
    try copy.split(Array(line.utf8).span.bytes)
    #expect(strings(copy, Array(line.utf8)) == expected)
  }

  @Test(arguments: ["\\", "a\\", "a\tb\\", "0123456789abcdef\\", "a\\tb\\"])
  func danglingBackslashThrows(_ line: String) {
    #expect(throws: WireError.self) {
      var copy = CopyTextLine()
      try copy.split(Array(line.utf8).span.bytes)
    }
  }

  @Test func lineWithoutEscapesIsNotCopied() throws {
    let line = Array("abc\t\\N\tdef\n".utf8)
    var copy = CopyTextLine()
    try copy.split(line.span.bytes)
    let base = copy.base(of: line.span.bytes)
    #expect(base.byteCount == line.count)
    #expect((0..<3).map { copy.fields[$0].offset } == [0, 0, 7])
  }

  @Test func aLineIsAsWideAsItIs() throws {
    var copy = CopyTextLine()
    for width in [1, 31, 32, 33, 1_600, 2] {
      for escape in ["", "\\n"] {
        let line = Array((0..<width).map { "f\($0)\(escape)" }.joined(separator: "\t").utf8)
        try copy.split(line.span.bytes)
        #expect(copy.count == width)
        #expect(strings(copy, line) == (0..<width).map { "f\($0)\(escape.isEmpty ? "" : "\n")" })
      }
    }
  }

  @Test func randomFieldsComeBack() throws {
    var random = SeededGenerator(seed: 18)
    var copy = CopyTextLine()
    for _ in 0..<3_000 {
      let fields: [[UInt8]?] = (0..<random.below(9)).map { _ in
        random.below(6) == 0
          ? nil : (0..<random.below(40)).map { _ in random.byte(of: "ab\\\tN\n\r \u{8}\u{B}\u{C}x1") }
      }
      var line = ByteWriter()
      for (index, field) in (fields.isEmpty ? [nil] : fields).enumerated() {
        if index > 0 { line.append(9 as UInt8) }
        guard let field else { line.append("\\N" as StaticString); continue }
        for byte in field {
          switch byte {
          case 8: line.append("\\b" as StaticString)
          case 9: line.append("\\t" as StaticString)
          case 10: line.append("\\n" as StaticString)
          case 11: line.append("\\v" as StaticString)
          case 12: line.append("\\f" as StaticString)
          case 13: line.append("\\r" as StaticString)
          case 0x5C: line.append("\\\\" as StaticString)
          default: line.append(byte)
          }
        }
      }
      let bytes = line.bytes.array
      try copy.split(bytes.span.bytes)
      #expect(
        strings(copy, bytes) == (fields.isEmpty ? [nil] : fields).map { $0.map { String(decoding: $0, as: UTF8.self) } }
      )
    }
  }

  private func strings(_ copy: borrowing CopyTextLine, _ line: [UInt8]) -> [String?] {
    let base = copy.base(of: line.span.bytes)
    return (0..<copy.count).map { copy.fields[$0].isNull ? nil : text(of: copy.fields[$0], base) }
  }
}

extension SeededGenerator {
  mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }
  mutating func byte(of alphabet: String) -> UInt8 { Array(alphabet.utf8)[below(alphabet.utf8.count)] }
}
