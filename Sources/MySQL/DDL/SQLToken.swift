// SPDX-License-Identifier: Apache-2.0

/// One word, literal or sign of a statement.
struct SQLToken: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    /// A keyword or a name without quotes; a number that begins a name is one too.
    case word
    /// A name in back-ticks, or in double quotes under ANSI_QUOTES.
    case quotedName
    /// With escapes resolved.
    case string
    case number
    /// One character: `(`, `,`, `=` …
    case sign
    case end
  }

  var kind: Kind
  var text: String
  /// The word in upper case; empty for what is no word.
  var keyword = ""

  static let end = SQLToken(kind: .end, text: "")

  func isSign(_ sign: String) -> Bool { kind == .sign && text == sign }
}
