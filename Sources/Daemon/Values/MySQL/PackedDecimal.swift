// SPDX-License-Identifier: Apache-2.0
//
//   digits of DECIMAL(14,4):  1234567890.1234
//   groups of nine from the point:  1 | 234567890 . 1234       (a part of n digits takes 0 1 1 2 2 3 3 4 4 4 bytes)
//   bytes:  81 0D FB 38 D2 04 D2    the sign is the top bit, set for positive; a negative number has all bits flipped
internal import Wire

/// DECIMAL as the log has it (MySQL: strings/decimal.cc, `decimal2bin`).
struct PackedDecimal: BitwiseCopyable {
  private let precision: UInt8
  private let scale: UInt8
  /// Bytes of a number.
  private let byteCount: UInt8

  init(precision: UInt8, scale: UInt8) {
    self.precision = precision
    self.scale = scale
    let fraction = Int(scale)
    let whole = max(0, Int(precision) - fraction)
    byteCount = UInt8(
      whole / 9 * 4 + PackedDecimal.size(ofDigits: whole % 9) + fraction / 9 * 4
        + PackedDecimal.size(ofDigits: fraction % 9))
  }

  /// Bytes of a part of fewer than ten digits.
  @inline(__always)
  private static func size(ofDigits digits: Int) -> Int { (digits &+ 1) / 2 &- (digits > 7 ? digits &- 8 : 0) }

  /// Writes it as the server prints it: no zeros in front but the one before the point, every digit of the scale.
  func append(_ bytes: RawSpan, into out: inout ByteWriter) throws(WireError) {
    guard precision > 0, scale <= precision, bytes.byteCount == Int(byteCount) else {
      throw WireError(.badLength(bytes.byteCount), offset: 0, context: "DECIMAL")
    }
    let isNegative = bytes[0] & 0x80 == 0
    if precision &- scale <= 18, scale <= 9 { return appendShort(bytes, isNegative, into: &out) }
    let start = out.count
    if isNegative { out.append(0x2D as UInt8) }
    if !append(bytes, flip: isNegative ? 0xFFFF_FFFF : 0, into: &out), isNegative {
      // The server has no negative zero.
      out.truncate(to: start)
      _ = append(bytes, flip: 0xFFFF_FFFF, into: &out)
    }
  }

  /// Where both parts fit in a word.
  @inline(__always)
  private func appendShort(_ bytes: RawSpan, _ isNegative: Bool, into out: inout ByteWriter) {
    let flip: UInt32 = isNegative ? 0xFFFF_FFFF : 0
    let digits = Int(precision &- scale)
    let scale = Int(scale)
    var at = PackedDecimal.size(ofDigits: digits % 9)
    var whole = UInt64(bytes.group(0, at, flip, isFirst: true))
    for _ in 0..<digits / 9 {
      whole = whole &* 1_000_000_000 &+ UInt64(bytes.group(at, 4, flip, isFirst: at == 0))
      at &+= 4
    }
    let fraction = UInt64(bytes.group(at, PackedDecimal.size(ofDigits: scale), flip, isFirst: at == 0))
    // The server has no negative zero.
    if isNegative, whole | fraction != 0 { out.append(0x2D as UInt8) }
    out.append(digits: whole)
    if scale == 0 { return }
    out.append(0x2E as UInt8)
    out.append(digits: fraction, count: scale)
  }

  /// Writes the digits and answers whether there is one that is not zero.
  @inline(__always)
  private func append(_ bytes: RawSpan, flip: UInt32, into out: inout ByteWriter) -> Bool {
    let whole = Int(precision &- scale)
    var at = 0
    var hasDigits = false
    var anyDigit: UInt32 = 0
    var digits = whole % 9
    if digits == 0 { digits = 9 }
    var left = whole
    while left > 0 {
      let size = digits == 9 ? 4 : PackedDecimal.size(ofDigits: digits)
      let group = bytes.group(at, size, flip, isFirst: at == 0)
      at &+= size
      left &-= digits
      digits = 9
      if hasDigits {
        out.append(digits: UInt64(group), count: 9)
      } else if group != 0 {
        out.append(digits: UInt64(group))
        hasDigits = true
      }
      anyDigit |= group
    }
    if !hasDigits { out.append(0x30 as UInt8) }
    if scale == 0 { return anyDigit != 0 }
    out.append(0x2E as UInt8)
    left = Int(scale)
    while left > 0 {
      let digits = min(left, 9)
      let size = digits == 9 ? 4 : PackedDecimal.size(ofDigits: digits)
      let group = bytes.group(at, size, flip, isFirst: at == 0)
      at &+= size
      left &-= digits
      anyDigit |= group
      out.append(digits: UInt64(group), count: digits)
    }
    return anyDigit != 0
  }
}

extension RawSpan {
  /// A part of one to four bytes; the number's first byte carries the sign in its top bit.
  @inline(__always)
  fileprivate func group(_ at: Int, _ size: Int, _ flip: UInt32, isFirst: Bool) -> UInt32 {
    if size == 0 { return 0 }
    var value: UInt32 = 0
    if size == 4 {
      value = unsafe UInt32(bigEndian: unsafeLoadUnaligned(fromByteOffset: at, as: UInt32.self))
    } else {
      for index in 0..<size { value = value &<< 8 | UInt32(self[at &+ index]) }
    }
    if isFirst { value ^= 0x80 &<< UInt32(8 &* size &- 8) }
    // Flipped by what the part has, so that a short one stays short.
    return value ^ (flip &>> UInt32(32 &- 8 &* size))
  }
}
