// SPDX-License-Identifier: Apache-2.0
internal import Wire

extension ByteWriter {
  /// Decimal digits, without a string in between.
  @inline(__always)
  mutating func append(digits value: UInt64) {
    if value >= 100_000_000 { return append(manyDigits: value) }
    unsafe appendUnsafe(upTo: 8) { out in
      let digits = value.eightDigits
      // The first digit is in the lowest byte; of zero, one is left.
      let skipped = (digits | 1 &<< 56).trailingZeroBitCount & ~7
      unsafe out.baseAddress!.storeBytes(
        of: ((digits | UInt64.asciiZeros) &>> UInt64(skipped)).littleEndian, as: UInt64.self)
      return 8 &- skipped &>> 3
    }
  }

  private mutating func append(manyDigits value: UInt64) {
    append(digits: value / 100_000_000)
    unsafe appendUnsafe(upTo: 8) { out in
      let digits = (value % 100_000_000).eightDigits | UInt64.asciiZeros
      unsafe out.baseAddress!.storeBytes(of: digits.littleEndian, as: UInt64.self)
      return 8
    }
  }

  @inline(__always)
  mutating func append(digits value: Int64) {
    if value < 0 { append(0x2D as UInt8) }
    append(digits: value.magnitude)
  }

  /// `value` with leading zeros, `count` digits; what does not fit is cut off at the left.
  @inline(__always)
  mutating func append(digits value: UInt64, count: Int) {
    unsafe appendUnsafe(upTo: 20) { out in
      unsafe out.storeDigits(value, 0, count: count)
      return count
    }
  }
}

extension UnsafeMutableRawBufferPointer {
  /// The two digits of a number below 100. The place is one that the caller has room for.
  @inline(__always)
  func storePair(_ value: UInt64, _ offset: Int) {
    assert(value < 100 && offset >= 0 && offset &+ 2 <= count)
    let tens = (value &* 103) &>> 10
    let pair = UInt16(truncatingIfNeeded: tens | (value &- tens &* 10) &<< 8) &+ 0x3030
    unsafe baseAddress!.storeBytes(of: pair.littleEndian, toByteOffset: offset, as: UInt16.self)
  }

  /// `count` digits of a number, zeros in front.
  @inline(__always)
  func storeDigits(_ value: UInt64, _ offset: Int, count: Int) {
    var rest = value
    var at = offset &+ count
    while at &- offset >= 2 {
      at &-= 2
      unsafe storePair(rest % 100, at)
      rest /= 100
    }
    if at > offset { unsafe storeBytes(of: 0x30 &+ UInt8(rest % 10), toByteOffset: offset, as: UInt8.self) }
  }
}

extension UInt64 {
  fileprivate static let asciiZeros: UInt64 = 0x3030_3030_3030_3030

  /// The digits of a number below 10⁸, each in a byte, the first in the lowest: halves of four digits, quarters of two
  /// and then the digits are split off side by side, by multiplications whose error stays below one.
  @inline(__always)
  fileprivate var eightDigits: UInt64 {
    assert(self < 100_000_000)
    let high = (self &* 109_951_163) &>> 40
    let halves = high | (self &- high &* 10_000) &<< 32
    let hundreds = ((halves &* 10_486) &>> 20) & 0x0000_007F_0000_007F
    let pairs = hundreds | (halves &- hundreds &* 100) &<< 16
    let tens = ((pairs &* 103) &>> 10) & 0x000F_000F_000F_000F
    return tens | (pairs &- tens &* 10) &<< 8
  }
}
