// SPDX-License-Identifier: Apache-2.0
//
//   TIMESTAMP  4 bytes, least significant first: seconds since 1970
//   DATETIME   8 bytes, least significant first: the decimal number YYYYMMDDhhmmss
//   TIME       3 bytes, least significant first, signed: the decimal number hhmmss
//
// MariaDB with digits (`mysql56_temporal_format=OFF`), most significant byte first, in units of the last digit:
//
//   TIMESTAMP  4 bytes of seconds, then 1 1 2 2 3 3 bytes of fraction
//   DATETIME   6 6 7 7 7 8 bytes: (((year × 13 + month) × 32 + day) × 24 + hour) … and the fraction
//   TIME       4 4 5 5 5 6 bytes: the time plus that of 839 hours, so that none is negative
internal import Wire

extension LoggedTime {
  static func oldTimestamp(_ bytes: RawSpan, digits: Int) throws(WireError) -> CalendarTime {
    if digits == 0 {
      guard bytes.byteCount == 4 else { throw .time(bytes) }
      let seconds = bytes.littleEndian(0, 4)
      return seconds == 0 ? CalendarTime() : CalendarTime(unixSeconds: seconds, microsecond: 0)
    }
    let size = (digits + 1) / 2
    guard digits <= 6, bytes.byteCount == 4 + size else { throw .time(bytes) }
    let seconds = bytes.bigEndian(0, 4)
    let microsecond = bytes.bigEndian(4, size) &* unit(digits)
    if seconds == 0, microsecond == 0 { return CalendarTime() }
    return CalendarTime(unixSeconds: seconds, microsecond: microsecond)
  }

  static func oldDateTime(_ bytes: RawSpan, digits: Int) throws(WireError) -> CalendarTime {
    if digits == 0 {
      guard bytes.byteCount == 8 else { throw .time(bytes) }
      let number = bytes.littleEndian(0, 8)
      let date = number / 1_000_000
      var time = CalendarTime(year: date / 10_000, month: date / 100 % 100, day: date % 100)
      time.hour = number / 10_000 % 100
      time.minute = number / 100 % 100
      time.second = number % 100
      return time
    }
    let sizes: InlineArray<7, Int> = [5, 6, 6, 7, 7, 7, 8]
    guard digits <= 6, bytes.byteCount == sizes[digits] else { throw .time(bytes) }
    let (seconds, fraction) = bytes.bigEndian(0, bytes.byteCount).quotientAndRemainder(dividingBy: perSecond(digits))
    var time = timeOfDay(seconds)
    let days = seconds / 86_400
    time.hour %= 24
    time.day = days % 32
    time.month = days / 32 % 13
    time.year = days / 32 / 13
    time.microsecond = fraction &* unit(digits)
    return time
  }

  static func oldTime(_ bytes: RawSpan, digits: Int) throws(WireError) -> (time: CalendarTime, isNegative: Bool) {
    if digits == 0 {
      guard bytes.byteCount == 3 else { throw .time(bytes) }
      let raw = bytes.littleEndian(0, 3)
      let isNegative = raw & 0x80_0000 != 0
      let number = isNegative ? 0x100_0000 - raw : raw
      var time = CalendarTime()
      time.hour = number / 10_000
      time.minute = number / 100 % 100
      time.second = number % 100
      return (time, isNegative)
    }
    let sizes: InlineArray<7, Int> = [3, 4, 4, 5, 5, 5, 6]
    guard digits <= 6, bytes.byteCount == sizes[digits] else { throw .time(bytes) }
    let zero = Int64(839 * 3_600 * perSecond(digits))
    let packed = Int64(bytes.bigEndian(0, bytes.byteCount)) - zero
    let (seconds, fraction) = packed.magnitude.quotientAndRemainder(dividingBy: perSecond(digits))
    var time = timeOfDay(seconds)
    time.microsecond = fraction &* unit(digits)
    return (time, packed < 0)
  }

  private static func timeOfDay(_ seconds: UInt64) -> CalendarTime {
    var time = CalendarTime()
    time.hour = seconds / 3_600
    time.minute = seconds / 60 % 60
    time.second = seconds % 60
    return time
  }

  /// Units of the last digit in a second.
  private static func perSecond(_ digits: Int) -> UInt64 { 1_000_000 / unit(digits) }

  /// Microseconds of the last digit's unit.
  private static func unit(_ digits: Int) -> UInt64 {
    var unit: UInt64 = 1
    for _ in 0..<max(0, 6 - digits) { unit *= 10 }
    return unit
  }
}
