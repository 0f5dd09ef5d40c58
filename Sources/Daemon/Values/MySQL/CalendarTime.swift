// SPDX-License-Identifier: Apache-2.0
internal import Wire

/// A date, a time of day or both, as MySQL has them: any part may be zero (`2026-00-00`), and nothing is checked
/// against the calendar.
struct CalendarTime: BitwiseCopyable {
  var year: UInt64 = 0
  var month: UInt64 = 0
  var day: UInt64 = 0
  var hour: UInt64 = 0
  var minute: UInt64 = 0
  var second: UInt64 = 0
  var microsecond: UInt64 = 0

  init() {}

  init(year: UInt64, month: UInt64, day: UInt64) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// UTC of seconds since 1970; none before (days to civil date by Howard Hinnant's algorithm of 400-year eras).
  @inline(__always)
  init(unixSeconds: UInt64, microsecond: UInt64) {
    // A number of days fits in 32 bits, whose divisions cost half.
    let days = UInt32(truncatingIfNeeded: unixSeconds / 86_400) &+ 719_468
    let rest = UInt32(truncatingIfNeeded: unixSeconds % 86_400)
    let era = days / 146_097
    let dayOfEra = days &- era &* 146_097
    let yearOfEra = (dayOfEra &- dayOfEra / 1_460 &+ dayOfEra / 36_524 &- dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra &- (365 &* yearOfEra &+ yearOfEra / 4 &- yearOfEra / 100)
    let shifted = (5 &* dayOfYear &+ 2) / 153
    day = UInt64(dayOfYear &- (153 &* shifted &+ 2) / 5 &+ 1)
    month = UInt64(shifted < 10 ? shifted &+ 3 : shifted &- 9)
    year = UInt64(yearOfEra &+ era &* 400 &+ (month <= 2 ? 1 : 0))
    hour = UInt64(rest / 3_600)
    minute = UInt64(rest / 60 % 60)
    second = UInt64(rest % 60)
    self.microsecond = microsecond
  }
}

extension ByteWriter {
  /// `2026-01-02`.
  @inline(__always)
  mutating func append(date: CalendarTime) {
    unsafe appendUnsafe(upTo: 10) { out in
      unsafe out.store(date: date)
      return 10
    }
  }

  /// `2026-01-02T03:04:05.678900`, with exactly `digits` digits (0 to 6; none: no point); with `hasZone` also `+00:00`.
  /// `separator` is what stands between date and time.
  @inline(__always)
  mutating func append(dateTime time: CalendarTime, digits: Int, hasZone: Bool, separator: UInt8 = 0x54) {
    unsafe appendUnsafe(upTo: 32) { out in
      unsafe out.store(date: time)
      unsafe out.storeBytes(of: separator, toByteOffset: 10, as: UInt8.self)
      unsafe out.store(hour: time, 11)
      var end = unsafe out.store(fraction: time.microsecond, digits, 19)
      if hasZone {
        unsafe out.storeBytes(of: 0x2B, toByteOffset: end, as: UInt8.self)
        unsafe out.storePair(0, end &+ 1)
        unsafe out.storeBytes(of: 0x3A, toByteOffset: end &+ 3, as: UInt8.self)
        unsafe out.storePair(0, end &+ 4)
        end &+= 6
      }
      return end
    }
  }

  /// TIME as the server prints it: at least two digits of hours, `-838:59:59.000000`.
  @inline(__always)
  mutating func append(time: CalendarTime, isNegative: Bool, digits: Int) {
    if isNegative { append(0x2D as UInt8) }
    if time.hour >= 100 { append(digits: time.hour / 100) }
    unsafe appendUnsafe(upTo: 16) { out in
      unsafe out.store(hour: time, 0)
      return unsafe out.store(fraction: time.microsecond, digits, 8)
    }
  }
}

extension UnsafeMutableRawBufferPointer {
  @inline(__always)
  fileprivate func store(date: CalendarTime) {
    unsafe storeLastPair(date.year / 100, 0)
    unsafe storeLastPair(date.year, 2)
    unsafe storeBytes(of: 0x2D, toByteOffset: 4, as: UInt8.self)
    unsafe storeLastPair(date.month, 5)
    unsafe storeBytes(of: 0x2D, toByteOffset: 7, as: UInt8.self)
    unsafe storeLastPair(date.day, 8)
  }

  @inline(__always)
  fileprivate func store(hour time: CalendarTime, _ offset: Int) {
    unsafe storeLastPair(time.hour, offset)
    unsafe storeBytes(of: 0x3A, toByteOffset: offset &+ 2, as: UInt8.self)
    unsafe storeLastPair(time.minute, offset &+ 3)
    unsafe storeBytes(of: 0x3A, toByteOffset: offset &+ 5, as: UInt8.self)
    unsafe storeLastPair(time.second, offset &+ 6)
  }

  /// The last two digits of a number of 32 bits: whatever the bytes were, no more is written.
  @inline(__always)
  private func storeLastPair(_ value: UInt64, _ offset: Int) {
    unsafe storePair(UInt64(UInt32(truncatingIfNeeded: value) % 100), offset)
  }

  /// The point and up to six digits; answers where they end.
  @inline(__always)
  fileprivate func store(fraction: UInt64, _ digits: Int, _ offset: Int) -> Int {
    if digits <= 0 { return offset }
    unsafe storeBytes(of: 0x2E, toByteOffset: offset, as: UInt8.self)
    // All six are written, those behind the scale are not counted.
    let fraction = UInt32(truncatingIfNeeded: fraction)
    unsafe storeLastPair(UInt64(fraction / 10_000), offset &+ 1)
    unsafe storeLastPair(UInt64(fraction / 100), offset &+ 3)
    unsafe storeLastPair(UInt64(fraction), offset &+ 5)
    return offset &+ 1 &+ digits
  }
}
