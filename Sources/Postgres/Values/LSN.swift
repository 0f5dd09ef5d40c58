// SPDX-License-Identifier: Apache-2.0
/// A position in the write-ahead log: a byte offset, which can be compared and subtracted, and nothing else.
@frozen
public struct LSN: RawRepresentable, Hashable, Comparable, Sendable, LosslessStringConvertible {
  public var rawValue: UInt64

  @inlinable
  public init(rawValue: UInt64) {
    self.rawValue = rawValue
  }

  @inlinable
  public init(_ rawValue: UInt64) {
    self.rawValue = rawValue
  }

  /// Not a position: what the server takes as "none" (InvalidXLogRecPtr).
  @inlinable public static var zero: LSN { LSN(0) }

  /// `16/B374D848`: both halves in hexadecimal, either case, one to eight digits each.
  public init?(_ text: String) {
    let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard parts.count == 2, let high = LSN.half(parts[0]), let low = LSN.half(parts[1]) else { return nil }
    rawValue = high << 32 | low
  }

  private static func half(_ digits: Substring.UTF8View) -> UInt64? {
    guard (1...8).contains(digits.count) else { return nil }
    var value: UInt64 = 0
    for digit in digits {
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt64(digit - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
      case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt64(digit - UInt8(ascii: "A") + 10)
      default: return nil
      }
    }
    return value
  }

  public var description: String {
    String(rawValue >> 32, radix: 16, uppercase: true) + "/"
      + String(rawValue & 0xFFFF_FFFF, radix: 16, uppercase: true)
  }

  @inlinable
  public static func < (a: LSN, b: LSN) -> Bool { a.rawValue < b.rawValue }

  /// Bytes of log from `start` to `end`; zero if `end` lies before it.
  @inlinable
  public static func bytes(from start: LSN, to end: LSN) -> UInt64 {
    end.rawValue > start.rawValue ? end.rawValue &- start.rawValue : 0
  }
}
