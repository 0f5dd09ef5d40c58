// SPDX-License-Identifier: Apache-2.0
/// A time as the server's binary formats carry it: microseconds since 2000-01-01 00:00 UTC.
@frozen
public struct ServerTime: RawRepresentable, Hashable, Comparable, Sendable {
  public var rawValue: Int64

  @inlinable
  public init(rawValue: Int64) {
    self.rawValue = rawValue
  }

  /// Seconds from the Unix epoch to PostgreSQL's.
  @inlinable public static var epochSeconds: Int64 { 946_684_800 }

  @inlinable
  public init(unixMicroseconds: Int64) {
    rawValue = unixMicroseconds &- ServerTime.epochSeconds &* 1_000_000
  }

  /// Wraps for times that no server can mean, instead of trapping on a peer's bytes.
  @inlinable
  public var unixMicroseconds: Int64 { rawValue &+ ServerTime.epochSeconds &* 1_000_000 }

  @inlinable
  public static func < (a: ServerTime, b: ServerTime) -> Bool { a.rawValue < b.rawValue }
}
