// SPDX-License-Identifier: Apache-2.0

/// What `tables.include`, `tables.exclude` and the lists of columns hold: a glob for each part of a dotted name, or
/// `/…/`, a regular expression on the whole of it.
///
/// A glob is cut at its first dots, one less than the name has parts, and each part is matched by itself: `*` in the
/// place of the schema does not reach into the table's name.
struct NamePattern: Sendable, Equatable {
  struct Malformed: Error, Equatable {
    var reason: String
    /// The pattern that was probably meant.
    var mend: String?
  }

  private enum Test: Sendable, Equatable {
    case globs([GlobPattern])
    case expression(RegularExpression)
  }

  let source: String
  private let test: Test

  static let everyTable = NamePattern(source: "*.*", test: .globs([GlobPattern("*"), GlobPattern("*")]))

  private init(source: String, test: Test) {
    self.source = source
    self.test = test
  }

  /// - Parameter parts: what the parts of the name are called, from left to right.
  init(_ source: String, parts: [String]) throws(Malformed) {
    self.source = source
    if source.utf8.first == UInt8(ascii: "/") {
      test = .expression(try NamePattern.expression(source))
      return
    }
    let pieces = source.split(separator: ".", maxSplits: parts.count - 1, omittingEmptySubsequences: false)
    let shape = parts.joined(separator: ".")
    guard pieces.count == parts.count else {
      let stars = Array(repeating: "*", count: parts.count - pieces.count)
      let mend = source.isEmpty ? nil : (stars + [source]).joined(separator: ".")
      throw Malformed(reason: "is not of the form \(shape)", mend: mend)
    }
    guard !pieces.contains("") else { throw Malformed(reason: "has an empty part; it must be \(shape)", mend: nil) }
    test = .globs(pieces.map(GlobPattern.init))
  }

  private static func expression(_ source: String) throws(Malformed) -> RegularExpression {
    let inner = source.dropFirst()
    guard inner.count > 1, inner.last == "/" else {
      throw Malformed(reason: "begins a regular expression that no / ends", mend: "\(source)/")
    }
    do {
      return try RegularExpression(String(inner.dropLast()))
    } catch {
      throw Malformed(reason: "is not a regular expression (\(error.reason))", mend: nil)
    }
  }

  func matches(_ name: [String]) -> Bool {
    switch test {
    case .globs(let globs): globs.count == name.count && zip(globs, name).allSatisfy { $0.matches($1) }
    case .expression(let expression): expression.matches(name.joined(separator: "."))
    }
  }
}
