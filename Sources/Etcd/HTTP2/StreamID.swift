// SPDX-License-Identifier: Apache-2.0

/// A stream's number: odd for ours, 0 for the connection itself (RFC 9113, section 5.1.1).
package struct StreamID: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let rawValue: UInt32

  /// The top bit is reserved and "MUST be ignored when receiving" (section 4.1).
  package init(_ rawValue: UInt32) { self.rawValue = rawValue & 0x7FFF_FFFF }

  package static let connection = StreamID(0)
  package static let first = StreamID(1)
  /// Above it a new connection is asked for, long before the numbers run out at 2³¹ - 1.
  package static let renewal = StreamID(1 << 30)

  package var next: StreamID { StreamID(rawValue + 2) }
  package var isOurs: Bool { rawValue & 1 == 1 }

  package static func < (a: StreamID, b: StreamID) -> Bool { a.rawValue < b.rawValue }
  package var description: String { "\(rawValue)" }
}
