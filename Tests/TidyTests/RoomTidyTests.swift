// SPDX-License-Identifier: Apache-2.0
import Testing

/// The rooms of docs/ARCHITECTURE.md: who may know whom, and that each is under test.
@Suite struct RoomTidyTests {
  private static let allowed: [String: Set<String>] = [
    "Wire": ["COpenSSL", "CZlib", "CZstd", "CDeflate", "Glibc", "Synchronization"],
    "Postgres": ["Wire", "Glibc", "Synchronization"],
    "MySQL": ["Wire", "Glibc", "Synchronization"],
    "Etcd": ["Wire", "Glibc", "Synchronization"],
    "Daemon": [
      "Wire", "Postgres", "MySQL", "Etcd", "CYAML", "ArgumentParser", "Logging", "Glibc", "Synchronization",
    ],
    "syncd": ["Daemon"],
  ]

  /// Never upwards, never sideways, no Foundation.
  @Test func importsGoDownwards() {
    for file in CodeBase.sources {
      let allowed = Self.allowed[file.room] ?? []
      for module in Self.imports(file) {
        #expect(allowed.contains(module), "\(file.path) imports \(module)")
      }
    }
  }

  private static func imports(_ file: CodeBase.File) -> [String] {
    let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
    return SwiftText(file.text).lines.compactMap { line in
      let words = line.split(separator: " ")
      guard let index = words.firstIndex(of: "import"),
        words[..<index].allSatisfy({ $0.first?.isLowercase == true || $0.first == "@" })
      else { return nil }
      let name = words[(index + 1)...].first { !kinds.contains($0) }
      return name.map { String($0.split(separator: ".")[0]) }
    }
  }

  /// A folder of tests is named like the folder of sources whose files it tests.
  @Test(arguments: CodeBase.rooms)
  func testsMirrorSources(_ room: String) {
    let folders = Set(CodeBase.sources.filter { $0.room == room }.map { Self.folder($0.path) })
    for test in CodeBase.tests where test.room == room + "Tests" {
      let folder = Self.folder(test.path)
      let isKnown = folder.isEmpty || folders.contains { $0 == folder || $0.hasPrefix(folder + "/") }
      #expect(isKnown, "\(test.path): there is no Sources/\(room)/\(folder)")
    }
  }

  /// `Bytes` of `Sources/Wire/Bytes/ByteReader.swift`.
  private static func folder(_ path: String) -> String {
    path.split(separator: "/").dropFirst(2).dropLast().joined(separator: "/")
  }

  /// Each folder of a protocol's sources has a type that a test names. (The daemon is tested from end to end.)
  @Test(arguments: CodeBase.rooms.dropLast())
  func everyFolderIsUnderTest(_ room: String) {
    let words = Set(
      CodeBase.tests.filter { [room + "Tests", "ConformanceTests", "DaemonTests"].contains($0.room) }
        .flatMap { SwiftText($0.text).lines.flatMap { $0.split { !($0.isLetter || $0.isNumber || $0 == "_") } } })
    let folders = Dictionary(grouping: CodeBase.sources.filter { $0.room == room }) { Self.folder($0.path) }
    for (folder, files) in folders.sorted(by: { $0.key < $1.key }) {
      let types = files.map { $0.name.prefix { $0 != "." && $0 != "+" } }
      #expect(types.contains { words.contains($0) }, "Sources/\(room)/\(folder): no test names a type of it")
    }
  }
}
