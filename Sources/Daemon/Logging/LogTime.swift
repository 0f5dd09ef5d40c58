// SPDX-License-Identifier: Apache-2.0

private import Glibc

/// A moment as the log writes it: RFC 3339, UTC, milliseconds. (A formatter would bring Foundation with it.)
struct LogTime: Sendable, Equatable {
  var seconds: Int
  var nanoseconds: Int

  static func now() -> LogTime {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
    return LogTime(seconds: time.tv_sec, nanoseconds: time.tv_nsec)
  }

  var text: String {
    let days = seconds / 86_400 - (seconds % 86_400 < 0 ? 1 : 0)
    let second = seconds - days * 86_400
    let (year, month, day) = LogTime.date(daysSince1970: days)
    let time = "\(pad(second / 3600, 2)):\(pad(second / 60 % 60, 2)):\(pad(second % 60, 2))"
    return "\(pad(year, 4))-\(pad(month, 2))-\(pad(day, 2))T\(time).\(pad(nanoseconds / 1_000_000, 3))Z"
  }

  /// In years that begin in March the leap day is the last day, and the months' lengths repeat every five months: the
  /// day of the year gives the month by one division.
  private static func date(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
    let daysIn400Years = 146_097
    let sinceMarch0000 = days + 719_468
    let cycle = (sinceMarch0000 >= 0 ? sinceMarch0000 : sinceMarch0000 - daysIn400Years + 1) / daysIn400Years
    let dayOfCycle = sinceMarch0000 - cycle * daysIn400Years
    let yearOfCycle = (dayOfCycle - dayOfCycle / 1460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
    let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (cycle * 400 + yearOfCycle + (month <= 2 ? 1 : 0), month, day)
  }

  private func pad(_ number: Int, _ digits: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }
}
