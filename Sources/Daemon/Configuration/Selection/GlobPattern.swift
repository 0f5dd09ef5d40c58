// SPDX-License-Identifier: Apache-2.0

/// A name with `*` (any run of characters, also none) and `?` (exactly one character).
///
/// Case counts, as it does in the names that the databases report.
struct GlobPattern: Sendable, Equatable {
  private let pattern: [Unicode.Scalar]

  init(_ text: some StringProtocol) {
    pattern = Array(text.unicodeScalars)
  }

  /// Linear in the product of the two lengths: after a mismatch only the last `*` takes one character more.
  func matches(_ name: some StringProtocol) -> Bool {
    let name = Array(name.unicodeScalars)
    var at = 0
    var nameAt = 0
    var star: (pattern: Int, name: Int)?
    while nameAt < name.count {
      if at < pattern.count, pattern[at] == "*" {
        star = (at, nameAt)
        at += 1
      } else if at < pattern.count, pattern[at] == "?" || pattern[at] == name[nameAt] {
        at += 1
        nameAt += 1
      } else if let last = star {
        star = (last.pattern, last.name + 1)
        at = last.pattern + 1
        nameAt = last.name + 1
      } else {
        return false
      }
    }
    return pattern[at...].allSatisfy { $0 == "*" }
  }
}
