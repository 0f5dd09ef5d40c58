// SPDX-License-Identifier: Apache-2.0
//
//   DATE        3 bytes, least significant first: day in 5 bits, month in 4, year
//   DATETIME2   5 bytes + fraction: 1 bit sign, 17 bits year × 13 + month, 5 day, 5 hour, 6 minute, 6 second
//   TIMESTAMP2  4 bytes + fraction: seconds since 1970
//   TIME2       3 bytes + fraction: 1 bit sign, 1 unused, 10 hour, 6 minute, 6 second; a negative one as its complement
//   fraction    (digits + 1) / 2 bytes: hundredths, ten-thousandths or millionths of a second
//
// All but DATE have their most significant byte first (MySQL: libs/mysql/…/my_time.cc).
internal import Wire

/// Dates and times as the log has them in the formats of MySQL 5.6 and later.
enum LoggedTime {
  @inline(__always)
  static func date(_ bytes: RawSpan) throws(WireError) -> CalendarTime {
    guard bytes.byteCount == 3 else { throw .time(bytes) }
    let packed = UInt64(bytes[0]) | UInt64(bytes[1]) &<< 8 | UInt64(bytes[2]) &<< 16
    return CalendarTime(year: packed &>> 9, month: packed &>> 5 & 15, day: packed & 31)
  }

  /// The second zero is the zero TIMESTAMP: `0000-00-00T00:00:00`.
  @inline(__always)
  static func timestamp(_ bytes: RawSpan, digits: Int) throws(WireError) -> CalendarTime {
    let fraction = (digits &+ 1) / 2
    guard digits <= 6, bytes.byteCount == 4 &+ fraction else { throw .time(bytes) }
    let seconds = unsafe UInt64(UInt32(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt32.self)))
    let microsecond = bytes.bigEndian(4, fraction) &* scale(fraction)
    if seconds == 0, microsecond == 0 { return CalendarTime() }
    return CalendarTime(unixSeconds: seconds, microsecond: microsecond)
  }

  @inline(__always)
  static func dateTime(_ bytes: RawSpan, digits: Int) throws(WireError) -> CalendarTime {
    let fraction = (digits &+ 1) / 2
    guard digits <= 6, bytes.byteCount == 5 &+ fraction, bytes[0] >= 0x80 else { throw .time(bytes) }
    let packed = bytes.bigEndian(0, 5) & 0x7F_FFFF_FFFF
    let days = packed &>> 17
    let months = days &>> 5
    var time = CalendarTime(year: months / 13, month: months % 13, day: days & 31)
    time.hour = packed &>> 12 & 31
    time.minute = packed &>> 6 & 63
    time.second = packed & 63
    time.microsecond = bytes.bigEndian(5, fraction) &* scale(fraction)
    return time
  }

  @inline(__always)
  static func time(_ bytes: RawSpan, digits: Int) throws(WireError) -> (time: CalendarTime, isNegative: Bool) {
    let fraction = (digits &+ 1) / 2
    guard digits <= 6, bytes.byteCount == 3 &+ fraction else { throw .time(bytes) }
    // The fraction belongs to the number: the whole is complemented, not each part.
    let bits = UInt64(24 &+ 8 &* fraction)
    var packed = Int64(bytes.bigEndian(0, 3 &+ fraction)) &- 1 &<< Int64(bits &- 1)
    let isNegative = packed < 0
    if isNegative { packed = 0 &- packed }
    let whole = UInt64(packed) &>> UInt64(8 &* fraction)
    var time = CalendarTime()
    time.hour = whole &>> 12 & 0x3FF
    time.minute = whole &>> 6 & 63
    time.second = whole & 63
    time.microsecond = (UInt64(packed) & (1 &<< UInt64(8 &* fraction) &- 1)) &* scale(fraction)
    return (time, isNegative)
  }

  /// Microseconds of a fraction's unit.
  @inline(__always)
  private static func scale(_ fraction: Int) -> UInt64 {
    switch fraction {
    case 1: 10_000
    case 2: 100
    default: 1
    }
  }
}

extension WireError {
  static func time(_ bytes: RawSpan) -> WireError {
    WireError(.badLength(bytes.byteCount), offset: 0, context: "date or time")
  }
}

extension RawSpan {
  /// An integer of up to eight bytes; the range is one that the caller has compared with the count.
  @inline(__always)
  func bigEndian(_ start: Int, _ size: Int) -> UInt64 {
    var value: UInt64 = 0
    for index in start..<(start &+ size) { value = value &<< 8 | UInt64(self[index]) }
    return value
  }

  @inline(__always)
  func littleEndian(_ start: Int, _ size: Int) -> UInt64 {
    var value: UInt64 = 0
    var index = start &+ size
    while index > start {
      index &-= 1
      value = value &<< 8 | UInt64(self[index])
    }
    return value
  }
}
