// SPDX-License-Identifier: Apache-2.0
package import Postgres

/// Where one field of a row lies, relative to the row's base span: the same for the log's tuples and for COPY's lines.
///
/// A row is never an object: it is a base span and a reused array of these, so that keys may take their columns in any
/// order and nothing is copied before it is written.
package typealias FieldRange = Postgres.FieldRange

extension FieldRange {
  package init(offset: Int, length: Int) { self.init(kind: .text, offset: offset, length: length) }

  package static var null: FieldRange { FieldRange(kind: .null) }
  /// The log leaves the value out: an out-of-line value that the UPDATE did not touch.
  package static var unchanged: FieldRange { FieldRange(kind: .unchanged) }

  package var hasBytes: Bool { kind == .text || kind == .binary }
  package var isNull: Bool { kind == .null }
  package var isUnchanged: Bool { kind == .unchanged }
}

extension RawSpan {
  /// The bytes of a field that has some; a range outside the base is our own decoder's mistake and traps.
  @_lifetime(copy self)
  func field(_ range: FieldRange) -> RawSpan {
    extracting(range.offset..<(range.offset + range.length))
  }
}
