// SPDX-License-Identifier: Apache-2.0
internal import Wire

extension ByteWriter {
  /// The shortest number that reads back as this one, in the notation in which MySQL prints a DOUBLE: without an
  /// exponent from 1e-15 up to fifteen digits before the point (also where a fraction follows), otherwise `1.5e-20`.
  ///
  /// JSON has no NaN and no infinities, and neither has MySQL; a VECTOR that has some gets strings.
  mutating func append(double value: Double) {
    // With up to fifteen digits a decimal is the only one of its length that reads back, so the first that does is it.
    let magnitude = value.magnitude
    if magnitude < 1e15 {
      var power = 1.0
      for digits in 0...6 {
        let scaled = (magnitude * power).rounded()
        if scaled < 1e15, scaled / power == magnitude {
          return append(scaled: UInt64(scaled), digits, isNegative: value.sign == .minus)
        }
        power *= 10
      }
    }
    append(realText: value.description, isFinite: value.isFinite)
  }

  /// As `append(double:)`: the shortest number that reads back as this one among floats.
  mutating func append(float value: Float) {
    // With up to six digits; the same for floats.
    let magnitude = value.magnitude
    if magnitude < 1e6 {
      var power: Float = 1
      for digits in 0...6 {
        let scaled = (magnitude * power).rounded()
        if scaled < 1e6, scaled / power == magnitude {
          return append(scaled: UInt64(scaled), digits, isNegative: value.sign == .minus)
        }
        power *= 10
      }
    }
    append(realText: value.description, isFinite: value.isFinite)
  }

  /// An integer with its last `digits` digits behind the point.
  private mutating func append(scaled: UInt64, _ digits: Int, isNegative: Bool) {
    if isNegative { append(0x2D as UInt8) }
    if digits == 0 { return append(digits: scaled) }
    var power: UInt64 = 1
    for _ in 0..<digits { power *= 10 }
    append(digits: scaled / power)
    append(0x2E as UInt8)
    append(digits: scaled % power, count: digits)
  }

  /// A double of a JSON document: as in a column, and never to be taken for an integer (`1.0`, not `1`).
  mutating func append(jsonDouble value: Double) {
    let start = count
    append(double: value)
    let isMarked = withBytes(from: start) { text in
      for index in 0..<text.byteCount where text[index] == 0x2E || text[index] == 0x65 || text[index] == 0x22 {
        return true
      }
      return false
    }
    if !isMarked { append(".0" as StaticString) }
  }

  /// Swift's text, the shortest digits too, taken apart: `-1.5e-20`, `100.0`, `5e-324`.
  private mutating func append(realText text: String, isFinite: Bool) {
    guard isFinite else {
      append(0x22 as UInt8)
      append(text)
      append(0x22 as UInt8)
      return
    }
    var digits = InlineArray<32, UInt8>(repeating: 0)
    var count = 0
    // The number is 0.d₁d₂d₃… × 10^point.
    var point = 0
    var exponent = 0
    var sign = 1
    var part = 0
    for byte in text.utf8 {
      switch byte {
      case 0x2D where part == 0: append(byte)
      case 0x2D: sign = -1
      case 0x2E: part = 1
      case 0x65: part = 2
      case 0x30...0x39 where part == 2: exponent = exponent * 10 + Int(byte - 0x30)
      case 0x30 where count == 0: if part == 1 { point -= 1 }
      case 0x30...0x39 where count < 32:
        digits[count] = byte
        count += 1
        if part == 0 { point += 1 }
      default: break
      }
    }
    // Zeros at the end are no digits: `100.0`.
    while count > 0, digits[count - 1] == 0x30 { count -= 1 }
    if count == 0 { return append(0x30 as UInt8) }
    append(digits, count: count, point: point + sign * exponent)
  }

  private mutating func append(_ digits: InlineArray<32, UInt8>, count: Int, point: Int) {
    if point >= -14, point <= 15 || point < count {
      if point <= 0 {
        append("0." as StaticString)
        for _ in 0..<(-point) { append(0x30 as UInt8) }
      }
      for index in 0..<max(count, point) {
        if index == point, index > 0 { append(0x2E as UInt8) }
        append(index < count ? digits[index] : 0x30)
      }
    } else {
      append(digits[0])
      if count > 1 { append(0x2E as UInt8) }
      for index in 1..<max(count, 1) { append(digits[index]) }
      append(0x65 as UInt8)
      append(digits: Int64(point - 1))
    }
  }
}
