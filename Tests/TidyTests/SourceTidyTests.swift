// SPDX-License-Identifier: Apache-2.0
import Testing

/// Form and habits of the code, file by file.
@Suite struct SourceTidyTests {
  @Test func everyFileSaysItsLicenceFirst() {
    for file in CodeBase.sources + CodeBase.tests {
      #expect(file.lines.first == "// SPDX-License-Identifier: Apache-2.0", "\(file.path)")
    }
    for file in CodeBase.scripts {
      #expect(file.lines.prefix(2).contains("# SPDX-License-Identifier: Apache-2.0"), "\(file.path)")
    }
  }

  @Test func linesAreAtMost120ColumnsWide() {
    for file in CodeBase.sources + CodeBase.tests + CodeBase.scripts {
      for (index, line) in file.lines.enumerated() where line.count > 120 {
        // A literal that cannot be broken, in a test's statement, is the only reason.
        if file.path.hasPrefix("Tests/") && line.contains("\"") { continue }
        Issue.record("\(file.path):\(index + 1) has \(line.count) columns")
      }
    }
  }

  @Test func filesAreShort() throws {
    try #require(CodeBase.sources.count > 50, "the sources were not found")
    for file in CodeBase.sources + CodeBase.tests + CodeBase.scripts {
      #expect(file.lines.count <= 401, "\(file.path)")
    }
    let lengths = CodeBase.sources.map(\.lines.count).sorted()
    #expect(lengths[lengths.count / 2] <= 150, "the median of the sources")
  }

  @Test func functionsAreShort() {
    var count = 0
    for file in CodeBase.sources + CodeBase.tests {
      for function in SwiftText(file.text).functions {
        count += 1
        #expect(function.lineCount <= 70, "\(file.path):\(function.firstLine) is \(function.lineCount) lines long")
      }
    }
    #expect(count > 500, "the functions were not found")
  }

  @Test func nothingForcedAndNothingUnfinished() {
    for file in CodeBase.sources {
      for (index, line) in SwiftText(file.text).lines.enumerated() {
        for word in ["try!", " as!", "fatalError(", "preconditionFailure()"] where line.contains(word) {
          Issue.record("\(file.path):\(index + 1): \(word)")
        }
      }
      for word in ["TO" + "DO", "FIX" + "ME"] {
        #expect(!file.text.contains(word), "\(file.path): \(word)")
      }
    }
  }

  @Test func noKeysAndTokens() {
    let marks = ["PRIVATE KEY" + "-----", "AKI" + "A", "gh" + "p_", "xox" + "b-"]
    let texts = CodeBase.sources + CodeBase.tests + CodeBase.scripts + CodeBase.files(under: "docs", suffix: ".md")
    for file in texts {
      for mark in marks { #expect(!file.text.contains(mark), "\(file.path)") }
    }
  }

  /// The measure itself.
  @Test func blankingKeepsCodeAndDropsWords() {
    let text = SwiftText(
      """
      func f(a: String = "}") {  // {
        let b = "\\(g { "}" }) \\" {" /* { */ + #"raw " \\( { "#
        return #"a \\#(h { 1 })"#
      }
      protocol P { func q() }
      """)
    #expect(text.functions.map(\.firstLine) == [1, 5] || text.functions.map(\.firstLine) == [1])
    #expect(text.functions.first?.lineCount == 4)
    #expect(text.lines[1].contains("g {"))
    #expect(!text.lines[1].contains("raw"))
    #expect(text.lines[2].contains("h { 1 }"))
  }
}
