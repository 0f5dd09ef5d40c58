// SPDX-License-Identifier: Apache-2.0
//
//   digits of DECIMAL(14,4):  1234567890.1234
//   groups of nine from the point:  1 | 234567890 . 1234       (a part of n digits takes 0 1 1 2 2 3 3 4 4 4 bytes)
//   bytes:  81 0D FB 38 D2 04 D2    the sign is the top bit, set for positive; a negative number has all bits flipped
internal import Wire

/// DECIMAL as the log has it (MySQL: strings/decimal.cc, `decimal2bin`).
struct PackedDecimal: BitwiseCopyable {
  var precision: Int
  var scale: Int

  /// Bytes of a part of fewer than ten digits.
  @inline(__always)
  private static func size(ofDigits digits: Int) -> Int { (digits &+ 1) / 2 &- (digits > 7 ? digits &- 8 : 0) }

  var byteCount: Int {
    let whole = precision - scale
    return whole / 9 * 4 + PackedDecimal.size(ofDigits: whole % 9) + scale / 9 * 4
      + PackedDecimal.size(ofDigits: scale % 9)
  }

  /// Writes it as the server prints it: no zeros in front but the one before the point, every digit of the scale.
  func append(_ bytes: RawSpan, into out: inout ByteWriter) throws(WireError) {
    guard scale >= 0, precision > 0, scale <= precision, bytes.byteCount == byteCount else {
      throw WireError(.badLength(bytes.byteCount), offset: 0, context: "DECIMAL")
    }
    let isNegative = bytes[0] & 0x80 == 0
    let start = out.count
    if isNegative { out.append(0x2D as UInt8) }
    if !append(bytes, flip: isNegative ? 0xFFFF_FFFF : 0, into: &out), isNegative {
      // The server has no negative zero.
      out.truncate(to: start)
      _ = append(bytes, flip: 0xFFFF_FFFF, into: &out)
    }
  }

  /// Writes the digits and answers whether there is one that is not zero.
  @inline(__always)
  private func append(_ bytes: RawSpan, flip: UInt32, into out: inout ByteWriter) -> Bool {
    var at = 0
    var hasDigits = false
    var anyDigit: UInt32 = 0
    var digits = (precision &- scale) % 9
    if digits == 0 { digits = 9 }
    var left = precision &- scale
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
    left = scale
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
    var value: UInt32 = 0
    for index in 0..<size {
      var byte = self[at &+ index]
      if isFirst, index == 0 { byte ^= 0x80 }
      value = value &<< 8 | UInt32(byte)
    }
    // Flipped by what the part has, so that a short one stays short.
    return value ^ (flip &>> UInt32(32 &- 8 &* size))
  }
}
