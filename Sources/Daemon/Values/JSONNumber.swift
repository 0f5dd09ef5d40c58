// SPDX-License-Identifier: Apache-2.0
internal import Wire

extension RawSpan {
  /// Where the JSON number that begins at `start` ends, or nil if none does (RFC 8259, section 6:
  /// `number = [ minus ] int [ frac ] [ exp ]`, no leading zeros).
  func endOfNumber(from start: Int) -> Int? {
    let end = byteCount
    var position = start
    precondition(start >= 0)
    if position < end, checkedByte(position) == 0x2D { position &+= 1 }
    guard position < end, checkedByte(position).isDigit else { return nil }
    if checkedByte(position) == 0x30 { position &+= 1 } else { position = endOfDigits(from: position) }
    if position < end, checkedByte(position) == 0x2E {
      guard position &+ 1 < end, checkedByte(position &+ 1).isDigit else { return nil }
      position = endOfDigits(from: position &+ 1)
    }
    if position < end, checkedByte(position) | 0x20 == 0x65 {
      position &+= 1
      if position < end, checkedByte(position) == 0x2B || checkedByte(position) == 0x2D { position &+= 1 }
      guard position < end, checkedByte(position).isDigit else { return nil }
      position = endOfDigits(from: position)
    }
    return position
  }

  @inline(__always)
  private func endOfDigits(from start: Int) -> Int {
    var position = start
    let end = byteCount
    while position < end, checkedByte(position).isDigit { position &+= 1 }
    return position
  }
}

extension ByteWriter {
  /// A number as printed, or a string where JSON has no such number: NaN and the infinities.
  mutating func append(number text: RawSpan) {
    if text.endOfNumber(from: 0) == text.byteCount { append(text) } else { append(string: text) }
  }
}
