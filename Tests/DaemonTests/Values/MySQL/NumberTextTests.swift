// SPDX-License-Identifier: Apache-2.0
import Daemon
import MySQL
import Support
import Testing

/// Numbers whose digits are made several at a time.
@Suite struct NumberTextTests {
  @Test func integersOfEveryLength() throws {
    let writer = try MySQLRowWriter([ColumnDefinition(name: "u", type: .longLong, isUnsigned: true)])
    var random = SeededGenerator(seed: 1)
    var values: [UInt64] = [0, .max]
    for length in 1...19 {
      let power = (1..<length).reduce(1 as UInt64) { product, _ in product * 10 }
      values += [power - 1, power, power + 1, power * 9]
      for _ in 0..<50 { values.append(UInt64.random(in: power..<power * 10 - 1, using: &random)) }
    }
    for value in values {
      let bytes = withUnsafeBytes(of: value.littleEndian) { Array($0) }
      #expect(try writer.value([.init(bytes)]) == #"{"u":\#(value)}"#)
    }
  }

  /// Every number of digits before and behind the point.
  @Test func decimalsOfEveryShape() throws {
    var random = SeededGenerator(seed: 1)
    for precision in 1...65 {
      for scale in 0...min(30, precision) {
        let column = ColumnDefinition(name: "d", type: .newDecimal, metadata: UInt16(scale << 8 | precision))
        let writer = try MySQLRowWriter([column])
        for form in 0..<4 {
          var digits = (0..<precision).map { _ in UInt8.random(in: 0...9, using: &random) }
          if form == 0 { digits = digits.map { _ in 9 } }
          if form == 1 { for index in digits.indices.dropLast() { digits[index] = 0 } }
          for isNegative in [false, true] {
            let text = Self.text(digits, scale, isNegative)
            #expect(try writer.value([.init(Self.packed(digits, scale, isNegative))]) == #"{"d":\#(text)}"#)
          }
        }
      }
    }
  }

  private static func text(_ digits: [UInt8], _ scale: Int, _ isNegative: Bool) -> String {
    let characters = digits.map { String($0) }
    let whole = characters.dropLast(scale).drop { $0 == "0" }.joined()
    let fraction = characters.suffix(scale).joined()
    let sign = isNegative && digits.contains { $0 != 0 } ? "-" : ""
    return sign + (whole.isEmpty ? "0" : whole) + (scale == 0 ? "" : "." + fraction)
  }

  /// Groups of nine digits counted from the point, as few bytes as each needs; a negative number with all bits flipped.
  private static func packed(_ digits: [UInt8], _ scale: Int, _ isNegative: Bool) -> [UInt8] {
    let sizes = [0, 1, 1, 2, 2, 3, 3, 4, 4, 4]
    var groups: [ArraySlice<UInt8>] = []
    var whole = digits.dropLast(scale)
    if whole.count % 9 > 0 { groups.append(whole.prefix(whole.count % 9)) }
    whole = whole.dropFirst(whole.count % 9)
    var fraction = digits.suffix(scale)
    while !whole.isEmpty {
      groups.append(whole.prefix(9))
      whole = whole.dropFirst(9)
    }
    while !fraction.isEmpty {
      groups.append(fraction.prefix(9))
      fraction = fraction.dropFirst(9)
    }
    var bytes = groups.flatMap { group -> [UInt8] in
      let number = group.reduce(0 as UInt32) { $0 * 10 + UInt32($1) }
      return (0..<sizes[group.count]).reversed().map { UInt8(truncatingIfNeeded: number >> UInt32(8 * $0)) }
    }
    bytes[0] ^= 0x80
    return isNegative ? bytes.map { ~$0 } : bytes
  }
}
