// SPDX-License-Identifier: Apache-2.0
public import Wire

/// A server's UUID, the first half of its GTIDs.
@frozen
public struct ServerUUID: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The 16 bytes as two integers in network byte order, so that they compare as the server compares them.
  public var high: UInt64
  public var low: UInt64

  @inlinable
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Text with or without hyphens; nil if it is none.
  public init?(_ text: some StringProtocol) {
    var value: (UInt64, UInt64) = (0, 0)
    var digits = 0
    for byte in text.utf8 {
      if byte == UInt8(ascii: "-") {
        // 8-4-4-4-12, or no hyphens at all.
        guard [8, 12, 16, 20].contains(digits) else { return nil }
        continue
      }
      guard digits < 32, let digit = Self.digit(byte) else { return nil }
      value = (value.0 << 4 | value.1 >> 60, value.1 << 4 | UInt64(digit))
      digits += 1
    }
    guard digits == 32 else { return nil }
    self.init(high: value.0, low: value.1)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  @inlinable
  @_lifetime(reader: copy reader)
  init(from reader: inout ByteReader) throws(WireError) {
    high = try reader.bigEndian()
    low = try reader.bigEndian()
  }

  func encode(to writer: inout ByteWriter) {
    writer.append(bigEndian: high)
    writer.append(bigEndian: low)
  }

  @inlinable
  public static func < (a: ServerUUID, b: ServerUUID) -> Bool {
    a.high == b.high ? a.low < b.low : a.high < b.high
  }

  /// 8-4-4-4-12 lower-case digits.
  public var description: String {
    var writer = ByteWriter(capacity: 64)
    encode(to: &writer)
    let hex = String(hex: writer.bytes.array)
    var text = ""
    for (index, digit) in hex.enumerated() {
      if [8, 12, 16, 20].contains(index) { text.append("-") }
      text.append(digit)
    }
    return text
  }
}
