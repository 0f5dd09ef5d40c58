// SPDX-License-Identifier: Apache-2.0
import Testing
import Wire

@Suite struct TimeTests {
  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00.000000Z"),
      (-1, "1969-12-31T23:59:59.999999Z"),
      (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"),
      (951_868_799_999_999, "2000-02-29T23:59:59.999999Z"),
      (1_767_323_045_678_900, "2026-01-02T03:04:05.678900Z"),
      (4_107_542_400_000_000, "2100-03-01T00:00:00.000000Z"),
      (-62_135_596_800_000_000, "0001-01-01T00:00:00.000000Z"),
    ] as [(Int64, String)])
  func rfc3339(microseconds: Int64, expected: String) {
    #expect(WallTime(microsecondsSinceEpoch: microseconds).rfc3339 == expected)
  }

  @Test func wallClockIsInThisCentury() {
    #expect(WallTime.now.rfc3339.hasPrefix("20"))
  }

  @Test func extremeTimesDoNotTrap() {
    #expect(WallTime(microsecondsSinceEpoch: .max).rfc3339.hasPrefix("294247-01-10T"))
    #expect(WallTime(microsecondsSinceEpoch: .min).rfc3339.hasSuffix("Z"))
  }

  @Test func deadlines() {
    #expect(Deadline.now.isPast)
    #expect(!Deadline.never.isPast)
    #expect(!Deadline.after(.seconds(60)).isPast)
    #expect(Deadline.after(.seconds(60)) < .never)
    #expect(Deadline.after(.seconds(Int64.max)) == .never)
    #expect(Deadline.never.advanced(by: .seconds(1)) == .never)
    #expect(Deadline.after(.seconds(-1)).remaining == .zero)
    #expect(Deadline.after(.seconds(60)).remaining > .seconds(59))
  }
}
