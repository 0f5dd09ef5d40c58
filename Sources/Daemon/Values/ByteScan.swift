// SPDX-License-Identifier: Apache-2.0

extension SIMDMask<SIMD16<Int8>> {
  /// The lowest lane that is set. There is no movemask in the standard library: the mask's lanes are read as two words.
  @inline(__always)
  var firstSet: Int? {
    let words = unsafe unsafeBitCast(self, to: SIMD2<UInt64>.self)
    if words[0] != 0 { return words[0].trailingZeroBitCount &>> 3 }
    if words[1] != 0 { return 8 &+ words[1].trailingZeroBitCount &>> 3 }
    return nil
  }
}

extension UInt8 {
  var isDigit: Bool { self &- 0x30 < 10 }

  /// The value of a hexadecimal digit of either case.
  var hexValue: UInt8? {
    if self &- 0x30 < 10 { return self &- 0x30 }
    let letter = (self | 0x20) &- 0x61
    return letter < 6 ? letter &+ 10 : nil
  }

  static func hexDigit(_ value: UInt8, upper: Bool = false) -> UInt8 {
    value < 10 ? 0x30 &+ value : (upper ? 0x41 : 0x61) &+ (value &- 10)
  }
}
