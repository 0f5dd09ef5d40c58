// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// The files under `Fixtures/`.
public enum Fixture {
  /// The folder that holds `Package.swift`.
  public static let packageFolder: String = {
    // …/Tests/Support/Fixture.swift
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path
  }()

  public static let folder = packageFolder + "/Fixtures"

  /// The path of a fixture named like `postgres/pg-15-login-query.pcap`.
  public static func path(_ name: String) -> String { folder + "/" + name }

  public static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(name))))
  }

  public static func text(_ name: String) throws -> String {
    String(decoding: try bytes(name), as: UTF8.self)
  }

  /// The names, relative to `Fixtures/`, of the files of one folder that end in `suffix`, sorted.
  public static func names(in folder: String, suffix: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path(folder)).filter { $0.hasSuffix(suffix) }.sorted()
      .map { folder + "/" + $0 }
  }

  /// Compares `actual` with a golden text. Nil if they are equal; otherwise the first line that differs.
  ///
  /// With `SYNC_WRITE_GOLDENS=1` in the environment it writes the file instead: read the difference before committing.
  public static func difference(_ actual: String, fromGolden name: String) throws -> String? {
    if ProcessInfo.processInfo.environment["SYNC_WRITE_GOLDENS"] == "1" {
      try Data(actual.utf8).write(to: URL(fileURLWithPath: path(name)))
      return nil
    }
    guard let expected = try? text(name) else {
      return "\(name) is not there: run once with SYNC_WRITE_GOLDENS=1 and review it"
    }
    if expected == actual { return nil }
    let ours = actual.split(separator: "\n", omittingEmptySubsequences: false)
    let theirs = expected.split(separator: "\n", omittingEmptySubsequences: false)
    let line = zip(ours, theirs).prefix { $0 == $1 }.count
    let end = "<end of file>"
    return """
      \(name):\(line + 1)
      golden: \(line < theirs.count ? String(theirs[line]) : end)
      actual: \(line < ours.count ? String(ours[line]) : end)
      """
  }
}
