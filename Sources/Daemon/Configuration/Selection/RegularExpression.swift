// SPDX-License-Identifier: Apache-2.0

private import Glibc

/// A POSIX extended regular expression that must match the whole of a name: `/public\.order_[0-9]+/` does not choose
/// `public.order_1_archive`.
///
/// The C library's own: no dependency, and the syntax that an operator knows from `grep -E`.
@safe
final class RegularExpression: @unchecked Sendable, Equatable {
  struct Malformed: Error, Equatable {
    var reason: String
  }

  let source: String
  /// Compiled once and never changed afterwards: `regexec` only reads it, which POSIX allows from several threads.
  private var compiled = unsafe regex_t()

  init(_ source: String) throws(Malformed) {
    self.source = source
    // First by itself, for its own errors: within a group `a)|(b` would pass and mean something else.
    var alone = unsafe regex_t()
    try unsafe RegularExpression.compile(source, into: &alone)
    unsafe regfree(&alone)
    // Anchored outside a group, so that each side of an alternation is.
    try unsafe RegularExpression.compile("^(\(source))$", into: &compiled)
  }

  private static func compile(_ source: String, into expression: inout regex_t) throws(Malformed) {
    let status = unsafe regcomp(&expression, source, REG_EXTENDED | REG_NOSUB)
    guard status != 0 else { return }
    var text = [CChar](repeating: 0, count: 200)
    _ = unsafe regerror(status, &expression, &text, text.count)
    throw Malformed(reason: String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
  }

  deinit {
    unsafe regfree(&compiled)
  }

  func matches(_ name: String) -> Bool {
    unsafe regexec(&compiled, name, 0, nil, 0) == 0
  }

  static func == (a: RegularExpression, b: RegularExpression) -> Bool { a.source == b.source }
}
