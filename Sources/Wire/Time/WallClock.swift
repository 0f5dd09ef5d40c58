// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// The time of day, as microseconds since 1970-01-01T00:00:00Z (leap seconds not counted). For people and for protocols
/// that carry a date; never for waiting, which is `Deadline`'s.
public struct WallTime: Sendable, Comparable, Hashable {
  public var microsecondsSinceEpoch: Int64

  public init(microsecondsSinceEpoch: Int64) { self.microsecondsSinceEpoch = microsecondsSinceEpoch }

  public static var now: WallTime {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return WallTime(microsecondsSinceEpoch: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
  }

  public static func < (a: WallTime, b: WallTime) -> Bool { a.microsecondsSinceEpoch < b.microsecondsSinceEpoch }

  /// RFC 3339 in UTC with six digits of the second: `2026-01-02T03:04:05.678900Z`.
  public func append(to writer: inout ByteWriter) {
    let secondOfEpoch = microsecondsSinceEpoch.flooredDivision(by: 1_000_000)
    let days = secondOfEpoch.quotient.flooredDivision(by: 86_400)
    let (year, month, day) = Self.civil(fromDays: days.quotient)
    writer.append(padded: year, digits: 4)
    writer.append(UInt8(ascii: "-"))
    writer.append(padded: month, digits: 2)
    writer.append(UInt8(ascii: "-"))
    writer.append(padded: day, digits: 2)
    writer.append(UInt8(ascii: "T"))
    writer.append(padded: days.remainder / 3_600, digits: 2)
    writer.append(UInt8(ascii: ":"))
    writer.append(padded: days.remainder / 60 % 60, digits: 2)
    writer.append(UInt8(ascii: ":"))
    writer.append(padded: days.remainder % 60, digits: 2)
    writer.append(UInt8(ascii: "."))
    writer.append(padded: secondOfEpoch.remainder, digits: 6)
    writer.append(UInt8(ascii: "Z"))
  }

  public var rfc3339: String {
    var writer = ByteWriter(capacity: 64)
    append(to: &writer)
    return String(decoding: writer.bytes)
  }

  /// Day number since 1970-01-01 to a Gregorian date. The year is counted from 1 March, so that the leap day is the
  /// last of its year, and in eras of 400 years, which are 146,097 days each.
  private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let era = (days + 719_468).flooredDivision(by: 146_097)
    let dayOfEra = era.remainder
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (era.quotient * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day)
  }
}

extension Int64 {
  /// Division towards negative infinity; the remainder is never negative.
  fileprivate func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}

extension ByteWriter {
  /// Decimal digits with leading zeros; a value that needs more digits gets them.
  fileprivate mutating func append(padded value: Int64, digits: Int) {
    let text = String(value.magnitude)
    if value < 0 { append(UInt8(ascii: "-")) }
    for _ in 0..<max(0, digits - text.utf8.count) { append(UInt8(ascii: "0")) }
    append(text)
  }
}
