// SPDX-License-Identifier: Apache-2.0

/// Where one column of a row lies, relative to the row's base span: the same for the log's row images, for result sets
/// in both protocols and for literals of a dump file.
@frozen
public struct RowField: Equatable, BitwiseCopyable, Sendable {
  @frozen
  public enum Kind: UInt8, Sendable {
    case value
    case null
    /// The row image leaves the column out (`binlog_row_image` MINIMAL or NOBLOB).
    case absent
    /// A partial JSON update: the bytes are a list of differences (`JSONDifferences`).
    case differences
  }

  public var kind: Kind
  /// Where the value's bytes begin: behind the length that a variable type carries.
  public var offset: Int32
  public var length: Int32

  @inlinable
  public init(kind: Kind, offset: Int = 0, length: Int = 0) {
    self.kind = kind
    self.offset = Int32(truncatingIfNeeded: offset)
    self.length = Int32(truncatingIfNeeded: length)
  }
}
