// SPDX-License-Identifier: Apache-2.0
internal import Wire

/// A member of a written value whose bytes the log left out.
///
/// The value holds `null` there meanwhile, so it is well-formed JSON at any time; only the list of holes tells that
/// `null` from a true one, and a value goes out only when its list is empty.
package struct ValueHole: BitwiseCopyable, Equatable, Sendable {
  /// The column's index in the row plan.
  package var column: Int
  /// Where the `null` begins, from the start of the value.
  package var offset: Int

  package init(column: Int, offset: Int) {
    self.column = column
    self.offset = offset
  }

  /// Bytes of the `null`.
  static let size = 4
}
