// SPDX-License-Identifier: Apache-2.0
//
//   DATE, DATETIME, TIMESTAMP  nothing (all zero), or year in 2 bytes, month, day; or also hour, minute, second;
//                              or also 4 bytes of microseconds
//   TIME                       nothing (zero), or sign, 4 bytes of days, hour, minute, second; or also microseconds
internal import Wire

/// Dates and times as the binary protocol's rows have them, without the length byte in front; integers have their least
/// significant byte first.
enum ResultTime {
  static func dateTime(_ bytes: RawSpan) throws(WireError) -> CalendarTime {
    let count = bytes.byteCount
    guard count == 0 || count == 4 || count == 7 || count == 11 else { throw .time(bytes) }
    if count == 0 { return CalendarTime() }
    var time = CalendarTime(year: bytes.littleEndian(0, 2), month: UInt64(bytes[2]), day: UInt64(bytes[3]))
    guard count >= 7 else { return time }
    time.hour = UInt64(bytes[4])
    time.minute = UInt64(bytes[5])
    time.second = UInt64(bytes[6])
    if count == 11 { time.microsecond = bytes.littleEndian(7, 4) }
    return time
  }

  static func time(_ bytes: RawSpan) throws(WireError) -> (time: CalendarTime, isNegative: Bool) {
    let count = bytes.byteCount
    guard count == 0 || count == 8 || count == 12 else { throw .time(bytes) }
    var time = CalendarTime()
    if count == 0 { return (time, false) }
    time.hour = bytes.littleEndian(1, 4) &* 24 &+ UInt64(bytes[5])
    time.minute = UInt64(bytes[6])
    time.second = UInt64(bytes[7])
    if count == 12 { time.microsecond = bytes.littleEndian(8, 4) }
    return (time, bytes[0] != 0)
  }
}
