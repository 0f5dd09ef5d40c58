// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Daemon

@Suite struct YAMLParserTests {
  private func parse(_ text: String) throws -> YAMLNode? { try YAMLParser.parse(Array(text.utf8)) }

  private func failure(_ bytes: [UInt8]) -> YAMLError? {
    do {
      _ = try YAMLParser.parse(bytes)
      return nil
    } catch {
      return error
    }
  }

  @Test func everyNodeKnowsItsPlace() throws {
    let root = try #require(try parse("a: 1\nb:\n  - 'x'\n  - |\n    text\n"))
    guard case .mapping(let entries) = root.content, entries.count == 2 else {
      Issue.record("\(root)")
      return
    }
    #expect(entries[0].key == "a" && entries[0].keyLine == 1)
    #expect(entries[0].value == YAMLNode(content: .scalar("1", isPlain: true), line: 1, column: 4))
    #expect(entries[1].keyLine == 2)
    #expect(
      entries[1].value.content
        == .sequence([
          YAMLNode(content: .scalar("x", isPlain: false), line: 3, column: 5),
          YAMLNode(content: .scalar("text\n", isPlain: false), line: 4, column: 5),
        ]))
  }

  @Test func nothingIsNothing() throws {
    for text in ["", "\n", "# only a comment", "\u{FEFF}"] {
      #expect(try parse(text) == nil)
    }
  }

  @Test func aTextWithATagIsAText() throws {
    #expect(try parse("!!str 5")?.content == .scalar("5", isPlain: false))
    #expect(try parse("! 5")?.content == .scalar("5", isPlain: false))
    #expect(throws: YAMLError.self) { try parse("!!int 5") }
    #expect(throws: YAMLError.self) { try parse("!!map {}") }
  }

  @Test func sizeIsBounded() {
    #expect(failure([UInt8](repeating: UInt8(ascii: "#"), count: YAMLParser.bytesMax)) == nil)
    #expect(failure([UInt8](repeating: UInt8(ascii: "#"), count: YAMLParser.bytesMax + 1))?.line == 1)
  }

  @Test(.timeLimit(.minutes(1)), arguments: ["[", "{", "- ", "? ", "{a: "])
  func depthIsBounded(_ unit: String) {
    let text = String(repeating: unit, count: YAMLParser.bytesMax / unit.utf8.count)
    #expect(failure(Array(text.utf8)) != nil)
  }

  @Test func onlyUTF8() {
    #expect(failure([0xFF, 0xFE, 0x61, 0x00])?.line == 1)
    let latin1 = Array("a: b\nc: J".utf8) + [0xFC, 0x72]
    let error = failure(latin1)
    #expect(error?.line == 2)
    #expect(error?.column == 5)
    #expect(error?.reason == "a byte that is not UTF-8")
  }

  @Test func controlCharactersAreFoundWhereTheyAre() {
    #expect(failure(Array("a: b\nc: \u{1}\n".utf8))?.line == 2)
    #expect(failure(Array("a: b\nc: \u{0}\n".utf8))?.line == 2)
  }
}
