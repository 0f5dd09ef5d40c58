// SPDX-License-Identifier: Apache-2.0
import Daemon
import Foundation
import MySQL
import Support
import Testing
import Wire

@Suite struct CharacterSetsTests {
  /// What the server answered (`Fixtures/mysql-values/characters-*.tsv`), by the first character asked for.
  private struct Corpus {
    var answers: [String: [UInt8]] = [:]
    var texts: [(collation: UInt16, text: [UInt8], utf8: [UInt8])] = []

    init(_ name: String) throws {
      // Another folder, for all characters of all sets instead of the committed ones.
      let path =
        ProcessInfo.processInfo.environment["SYNC_CHARACTER_CORPUS"].map { $0 + "/characters-\(name).tsv" }
        ?? Fixture.path("mysql-values/characters-\(name).tsv")
      for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
        let fields = line.split(separator: "\t")
        if fields[0] == "answer" {
          answers[String(fields[1])] = Array(fields[2].utf8)
        } else {
          texts.append((UInt16(fields[1])!, try Array(hex: fields[2]), try Array(hex: fields[3])))
        }
      }
    }
  }

  @Test(arguments: ["mysql-9.7", "mariadb-10.11"])
  func S30_textsAreWhatTheServerConverts(_ name: String) throws {
    let corpus = try Corpus(name)
    #expect(corpus.texts.count >= 8)
    var questions: [String] = []
    for (collation, text, utf8) in corpus.texts {
      let column = ColumnDefinition(name: "v", type: .blob, metadata: 2, collation: collation)
      let writer = try MySQLRowWriter([column], treatments: ["v": .include], key: [0])
      var actual: String?
      while actual == nil {
        do {
          actual = try writer.value([.init(text)])
        } catch let error as RowError {
          guard case .characters(let request) = error.reason else { throw error }
          let first = request.sql.components(separatedBy: "CONVERT(")[1].components(separatedBy: " USING")[0]
          let count = request.sql.components(separatedBy: "COALESCE").count - 1
          if corpus.answers[first] == nil { questions.append(request.sql) }
          let unknown = Array([String](repeating: "3F", count: count).joined(separator: ",").utf8)
          try writer.characterSets.learn(request, corpus.answers[first] ?? unknown)
        }
      }
      let utf16 = ColumnDefinition(name: "v", type: .blob, metadata: 2, collation: 45)
      let expected = try MySQLRowWriter([utf16]).value([.init(utf8)])
      #expect(actual == expected, "collation \(collation)")
    }
    #expect(questions.isEmpty)
    if let folder = ProcessInfo.processInfo.environment["SYNC_CHARACTER_CORPUS"] {
      try questions.joined(separator: "\n").write(
        toFile: folder + "/questions-\(name).txt", atomically: true, encoding: .utf8)
    }
  }

  @Test func aTextWaitsForTheServersAnswer() throws {
    let column = ColumnDefinition(name: "v", type: .varchar, metadata: 20, collation: 7)
    let writer = try MySQLRowWriter([column], key: [0])
    #expect(throws: RowError.self) { try writer.value(["a"]) }
    var request: CharacterRequest?
    do {
      _ = try writer.key([[0xC1]])
    } catch let error as RowError {
      if case .characters(let asked) = error.reason { request = asked }
    }
    let question = try #require(request)
    #expect(question.name == "koi8r")
    #expect(question.sql.hasPrefix("SELECT CONCAT_WS(',',COALESCE(HEX(CONVERT(_koi8r X'00' USING utf8mb4)),'3F'),"))
    #expect(throws: WireError.self) { try writer.characterSets.learn(question, Array("41,42".utf8)) }
    #expect(throws: WireError.self) {
      try writer.characterSets.learn(question, Array([String](repeating: "4G", count: 256).joined(separator: ",").utf8))
    }
    var answer = (0..<256).map { String($0 < 128 ? $0 : 0x3F, radix: 16, uppercase: true) }
    for index in 0..<16 { answer[index] = "0" + answer[index] }
    answer[0xC1] = "D0B0"
    try writer.characterSets.learn(question, Array(answer.joined(separator: ",").utf8))
    #expect(try writer.value([[0xC1, 0x41, 0xFF]]) == #"{"v":"аA?"}"#)
    #expect(try writer.value([""]) == #"{"v":""}"#)
    #expect(try writer.key([[0xC1, 0x2F]]) == "/sync/shop/t/а%2F")
    // A result is in UTF-8 already.
    #expect(try writer.value(["а"], .result) == #"{"v":"а"}"#)
  }

  @Test func unicodeSetsAreComputed() throws {
    func text(_ collation: UInt16, _ bytes: [UInt8]) throws -> String {
      let column = ColumnDefinition(name: "v", type: .varchar, metadata: 80, collation: collation)
      return try MySQLRowWriter([column]).value([.init(bytes)])
    }
    #expect(try text(8, [0x41, 0x80, 0x81, 0x9F, 0xE9, 0x22]) == "{\"v\":\"A€\u{81}Ÿé\\\"\"}")
    #expect(try text(11, [0x41, 0x80]) == #"{"v":"A?"}"#)
    #expect(try text(54, [0xD8, 0x3D, 0xDE, 0x00, 0x00, 0x41]) == #"{"v":"😀A"}"#)
    #expect(try text(56, [0x3D, 0xD8, 0x00, 0xDE, 0x41, 0x00]) == #"{"v":"😀A"}"#)
    #expect(try text(60, [0, 1, 0xF6, 0, 0, 0, 0, 0x41]) == #"{"v":"😀A"}"#)
    #expect(try text(35, [0x20, 0xAC, 0, 0x0A]) == #"{"v":"€\n"}"#)
    // Not well-formed: lone surrogates, half a character, beyond Unicode.
    #expect(try text(54, [0xD8, 0x3D, 0x00, 0x41, 0x00]) == #"{"v":"?A?"}"#)
    #expect(try text(60, [0, 0x11, 0, 0, 0]) == #"{"v":"??"}"#)
  }

  @Test func anUnknownCollationIsRefusedByName() {
    let column = ColumnDefinition(name: "c", type: .varchar, metadata: 80, collation: 999)
    #expect(throws: RowPlanError.unknownCollation(column: "c", 999)) { try MySQLRowWriter([column]) }
    #expect(throws: RowPlanError.unsupported(column: "c", type: 244)) {
      try MySQLRowWriter([ColumnDefinition(name: "c", type: .typedArray)])
    }
  }
}
