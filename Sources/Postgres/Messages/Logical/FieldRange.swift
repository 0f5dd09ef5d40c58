// SPDX-License-Identifier: Apache-2.0
/// Where one column's value lies in its tuple, or why there is none.
@frozen
public struct FieldRange: Equatable, Sendable {
  @frozen
  public enum Kind: UInt8, Sendable {
    case null
    /// "An unchanged TOASTed value (the actual value is not sent)": keep what is known.
    case unchanged
    case text
    case binary
  }

  /// From the start of the tuple's span.
  public var offset: Int
  public var length: Int
  public var kind: Kind

  @inlinable
  public init(kind: Kind, offset: Int = 0, length: Int = 0) {
    self.kind = kind
    self.offset = offset
    self.length = length
  }
}
