// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Daemon

/// What an operator gets for each kind of mistake, word by word: `Fixtures/configuration/mistakes.txt`.
@Suite struct MistakesTests {
  struct Case: CustomTestStringConvertible {
    var configuration = ""
    var lines: [String] = []
    var testDescription: String { configuration }
  }

  static let cases: [Case] = {
    var cases: [Case] = []
    for line in ((try? ProjectFile.text("Fixtures/configuration/mistakes.txt")) ?? "").split(separator: "\n") {
      if line.hasPrefix(">") {
        if cases.last?.lines.isEmpty != true { cases.append(Case()) }
        cases[cases.count - 1].configuration += line.dropFirst(2) + "\n"
      } else if !line.hasPrefix("#") {
        cases[cases.count - 1].lines.append(String(line))
      }
    }
    return cases
  }()

  @Test func thereAreCases() {
    #expect(MistakesTests.cases.count > 80)
  }

  @Test(arguments: cases)
  func theMessage(_ example: Case) {
    var text = example.configuration
    let isWhole = text.contains("database:") || example.lines == [MistakesTests.notKeys]
    if !isWhole { text = "database: {name: shop}\n" + text }
    let found = problems(of: text, environment: ["SECRET": "hunter2"])
    #expect(found == example.lines)
    #expect(!found.joined().contains("hunter2"))
  }

  private static let notKeys = "c.yml:1: is not a list of keys; write one \"key: value\" a line"

  @Test func allMistakesComeAtOnceInTheirOrder() {
    let text = """
      database:
        prot: 1
        password: ${NOPE}
      sync: {storage: xml}
      http:
        lisen: x
      """
    let lines = problems(of: text, environment: ["SYNC_HA_ENABLED": "perhaps"]).map { $0.prefix { $0 != " " } }
    #expect(lines == ["c.yml:2:", "c.yml:3:", "c.yml:4:", "c.yml:6:", "SYNC_HA_ENABLED:", "c.yml:"])
  }
}
