// SPDX-License-Identifier: Apache-2.0

extension RawSpan {
  /// A byte whose index has been compared with the count in the line before: the innermost loops check once.
  @inline(__always)
  func checkedByte(_ index: Int) -> UInt8 {
    assert(index >= 0 && index < byteCount)
    return unsafe unsafeLoad(fromUncheckedByteOffset: index, as: UInt8.self)
  }

  /// Sixteen bytes, under the same condition for the last of them.
  @inline(__always)
  func checkedChunk(_ index: Int) -> SIMD16<UInt8> {
    assert(index >= 0 && index &+ 16 <= byteCount)
    return unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: SIMD16<UInt8>.self)
  }
}

extension SIMDMask<SIMD16<Int8>> {
  /// Both halves, 0xFF for each lane that is set.
  @inline(__always)
  var words: SIMD2<UInt64> { unsafe unsafeBitCast(self, to: SIMD2<UInt64>.self) }

  /// The lowest lane that is set. There is no movemask in the standard library: the mask's lanes are read as two words.
  @inline(__always)
  var firstSet: Int? {
    let words = self.words
    if words[0] != 0 { return words[0].trailingZeroBitCount &>> 3 }
    if words[1] != 0 { return 8 &+ words[1].trailingZeroBitCount &>> 3 }
    return nil
  }
}

extension SIMD16<UInt8> {
  /// Vector with vector: the operators that take a scalar are generic and become a loop over the lanes.
  @inline(__always)
  func equals(_ byte: UInt8) -> SIMDMask<SIMD16<Int8>> { self .== SIMD16(repeating: byte) }
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
