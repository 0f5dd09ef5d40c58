// SPDX-License-Identifier: Apache-2.0
import Foundation
import Support
import Testing

/// The project's own files, as the tests of this folder read them.
enum CodeBase {
  struct File: CustomTestStringConvertible, Sendable {
    /// From the package's folder on: `Sources/Wire/Bytes/ByteReader.swift`.
    let path: String
    let text: String

    var testDescription: String { path }
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
    var name: String { String(path.split(separator: "/").last ?? "") }
    /// `Wire` of `Sources/Wire/…`.
    var room: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
  }

  static let sources = files(under: "Sources", suffix: ".swift")
  static let tests = files(under: "Tests", suffix: ".swift")
  static let scripts =
    files(under: "tools", suffix: ".sh") + files(under: "Fixtures", suffix: ".sh") + [file(".ci/run")].compactMap { $0 }
  static let rooms = ["Wire", "Postgres", "MySQL", "Etcd", "Daemon"]

  /// The paths of all files in a folder of the package, sorted.
  static func paths(under folder: String) -> [String] {
    let root = Fixture.packageFolder + "/" + folder
    guard let entries = FileManager.default.enumerator(atPath: root) else { return [] }
    return entries.compactMap { $0 as? String }.filter { path in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: root + "/" + path, isDirectory: &isFolder) && !isFolder.boolValue
    }.map { folder + "/" + $0 }.sorted()
  }

  static func files(under folder: String, suffix: String) -> [File] {
    paths(under: folder).filter { $0.hasSuffix(suffix) }.compactMap(file)
  }

  static func file(_ path: String) -> File? {
    guard let data = FileManager.default.contents(atPath: Fixture.packageFolder + "/" + path) else { return nil }
    return File(path: path, text: String(decoding: data, as: UTF8.self))
  }
}
