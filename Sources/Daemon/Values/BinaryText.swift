// SPDX-License-Identifier: Apache-2.0
internal import Wire

extension ByteWriter {
  /// `bytea_output = hex` text (`\x0102ff`) as plain lower-case digits, without quotes.
  mutating func append(hexOf text: RawSpan) throws(WireError) {
    for position in try text.hexDigits() {
      append(UInt8.hexDigit(try text.hexValue(at: position)))
    }
  }

  /// `bytea_output = hex` text as base64 with padding (RFC 4648, section 4), without quotes.
  mutating func append(base64Of text: RawSpan) throws(WireError) {
    let digits = try text.hexDigits()
    var position = digits.lowerBound
    while position < digits.upperBound {
      let count = min(3, (digits.upperBound - position) / 2)
      var group: UInt32 = 0
      for index in 0..<3 {
        group <<= 8
        if index < count { group |= UInt32(try text.byteOfHex(at: position + index * 2)) }
      }
      for index in 0..<4 {
        let sextet = UInt8(truncatingIfNeeded: group >> UInt32(18 - index * 6)) & 0x3F
        append(index <= count ? base64Digit(sextet) : 0x3D)
      }
      position += count * 2
    }
  }
}

private func base64Digit(_ value: UInt8) -> UInt8 {
  switch value {
  case 0..<26: 0x41 + value
  case 26..<52: 0x61 + value - 26
  case 52..<62: 0x30 + value - 52
  case 62: 0x2B
  default: 0x2F
  }
}

extension RawSpan {
  /// The positions of the digits behind `\x`.
  fileprivate func hexDigits() throws(WireError) -> Range<Int> {
    guard byteCount >= 2, self[0] == 0x5C, self[1] == 0x78, byteCount % 2 == 0 else {
      throw WireError(.badValue("not in hex format"), offset: 0, context: "bytea")
    }
    return 2..<byteCount
  }

  fileprivate func hexValue(at position: Int) throws(WireError) -> UInt8 {
    guard let value = self[position].hexValue else {
      throw WireError(.badValue("not a hexadecimal digit"), offset: position, context: "bytea")
    }
    return value
  }

  fileprivate func byteOfHex(at position: Int) throws(WireError) -> UInt8 {
    try hexValue(at: position) << 4 | hexValue(at: position + 1)
  }
}
