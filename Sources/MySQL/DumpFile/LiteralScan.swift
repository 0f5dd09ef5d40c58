// SPDX-License-Identifier: Apache-2.0
internal import Wire

extension RawSpan {
  /// The first of two bytes at or behind `start`, or the end.
  func firstOf(_ one: UInt8, _ other: UInt8, from start: Int) -> Int {
    var position = start
    let ones = SIMD16<UInt8>(repeating: one)
    let others = SIMD16<UInt8>(repeating: other)
    while position &+ 16 <= byteCount {
      // Checked by the line above.
      let chunk = unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: SIMD16<UInt8>.self)
      let found = (chunk .== ones) .| (chunk .== others)
      let words = unsafe unsafeBitCast(found, to: SIMD2<UInt64>.self)
      if words[0] != 0 { return position &+ words[0].trailingZeroBitCount &>> 3 }
      if words[1] != 0 { return position &+ 8 &+ words[1].trailingZeroBitCount &>> 3 }
      position &+= 16
    }
    while position < byteCount, self[position] != one, self[position] != other { position &+= 1 }
    return position
  }
}

extension UInt8 {
  /// The value of a hexadecimal digit of either case.
  var hexDigitValue: UInt8? {
    if self &- 0x30 < 10 { return self &- 0x30 }
    let letter = (self | 0x20) &- 0x61
    return letter < 6 ? letter &+ 10 : nil
  }

  /// Above what stands between literals: space, quotes, parentheses and the comma. What does not belong is seen later.
  var goesOnToken: Bool { self > 0x2C || self == UInt8(ascii: "+") }

  /// What numbers, NULL and prefixes are made of.
  var isToken: Bool {
    switch self {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"),
      UInt8(ascii: "+"):
      true
    default: false
    }
  }
}
