// SPDX-License-Identifier: Apache-2.0
internal import Wire

extension ByteWriter {
  /// Decimal digits, without a string in between.
  @inline(__always)
  mutating func append(digits value: UInt64) {
    unsafe appendUnsafe(upTo: 20) { out in
      let count = value.decimalDigits
      var rest = value
      var at = count
      while rest >= 100 {
        let quotient = rest / 100
        at &-= 2
        unsafe out.storePair(rest &- quotient &* 100, at)
        rest = quotient
      }
      if rest >= 10 {
        unsafe out.storePair(rest, 0)
      } else {
        unsafe out.storeBytes(of: 0x30 &+ UInt8(truncatingIfNeeded: rest), as: UInt8.self)
      }
      return count
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
  /// How many digits it prints as.
  @inline(__always)
  fileprivate var decimalDigits: Int {
    if self < 100 { return self < 10 ? 1 : 2 }
    if self < 10_000 { return self < 1_000 ? 3 : 4 }
    if self < 1_000_000 { return self < 100_000 ? 5 : 6 }
    if self < 100_000_000 { return self < 10_000_000 ? 7 : 8 }
    return manyDecimalDigits
  }

  /// The same of a number that has more than eight.
  private var manyDecimalDigits: Int {
    if self < 10_000_000_000 { return self < 1_000_000_000 ? 9 : 10 }
    if self < 1_000_000_000_000 { return self < 100_000_000_000 ? 11 : 12 }
    if self < 100_000_000_000_000 { return self < 10_000_000_000_000 ? 13 : 14 }
    if self < 10_000_000_000_000_000 { return self < 1_000_000_000_000_000 ? 15 : 16 }
    if self < 1_000_000_000_000_000_000 { return self < 100_000_000_000_000_000 ? 17 : 18 }
    return self < 10_000_000_000_000_000_000 ? 19 : 20
  }
}
