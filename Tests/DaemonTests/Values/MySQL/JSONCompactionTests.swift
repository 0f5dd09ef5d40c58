// SPDX-License-Identifier: Apache-2.0
import Daemon
import MySQL
import Support
import Testing

/// MariaDB's JSON columns, which are texts.
@Suite struct JSONCompactionTests {
  private static let column = ColumnDefinition(
    name: "j", type: .longBlob, metadata: 4, collation: 45, refinement: .json)

  private let writer: MySQLRowWriter

  init() throws { writer = try MySQLRowWriter([Self.column]) }

  private func member(_ text: String) throws -> String {
    let value = try writer.value([.init(Array(text.utf8))])
    return String(value.dropFirst(5).dropLast())
  }

  /// Tokens with blanks between them become the tokens.
  @Test func onlyBlanksBetweenTokensGo() throws {
    var random = SeededGenerator(seed: 1)
    for round in 0..<2_000 {
      var tokens: [String] = []
      Self.value(&tokens, depth: round % 7, &random)
      let blanks = tokens.map { _ in
        String(
          (0..<Int.random(in: 0...2, using: &random)).map { _ in
            [" ", "\n", "\t", "\r"].randomElement(using: &random) ?? " "
          }.joined())
      }
      let text = zip(blanks, tokens).map { $0 + $1 }.joined() + (blanks.last ?? "")
      #expect(try member(text) == tokens.joined(), "\(text)")
    }
  }

  private static func value(_ tokens: inout [String], depth: Int, _ random: inout SeededGenerator) {
    switch depth == 0 ? 2 : Int.random(in: 0...2, using: &random) {
    case 0:
      tokens.append("{")
      for index in 0..<Int.random(in: 0...4, using: &random) {
        if index > 0 { tokens.append(",") }
        tokens += [string(&random), ":"]
        value(&tokens, depth: depth - 1, &random)
      }
      tokens.append("}")
    case 1:
      tokens.append("[")
      for index in 0..<Int.random(in: 0...4, using: &random) {
        if index > 0 { tokens.append(",") }
        value(&tokens, depth: depth - 1, &random)
      }
      tokens.append("]")
    default:
      let scalars = ["true", "false", "null", "0", "-1.50e+7", "12345678901234567890", string(&random)]
      tokens.append(scalars.randomElement(using: &random) ?? "0")
    }
  }

  private static func string(_ random: inout SeededGenerator) -> String {
    let parts = ["a", "é", " ", "\\\"", "\\\\", "\\u00fF", "\\n", "{", "]", ",", ":", "漢"]
    let length = Int.random(in: 0...40, using: &random)
    return "\"" + (0..<length).map { _ in parts.randomElement(using: &random) ?? "" }.joined() + "\""
  }

  /// What is no document is a string, on every path.
  @Test(
    arguments: [
      "", " ", "{", "[1,]", "[1 2]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "[1}", "{\"a\":1]", "01", "-", "1.",
      "tru", "nulll", "\"", "\"\\x\"", "\"\\u12\"", "\"a\nb\"", "1 2", "[]]", "}", ",", "{\"a\" 1}", "{,}", "{1:2}",
      "[\"0123456789abcdef", "[\"0123456789abcde\u{1}\"]",
    ])
  func everythingElseIsAString(_ text: String) throws {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": escaped += "\\\(scalar)"
      case "\n": escaped += "\\n"
      case "\u{1}": escaped += "\\u0001"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    #expect(try member(text) == "\"\(escaped)\"")
  }

  @Test func depthNeedsNoStack() throws {
    let text = String(repeating: "[{\"a\":", count: 100_000) + "1" + String(repeating: "}]", count: 100_000)
    #expect(try member(text) == text)
  }
}
