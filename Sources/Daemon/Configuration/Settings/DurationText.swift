// SPDX-License-Identifier: Apache-2.0

/// Durations as people write them: `500ms`, `10s`, `1.5s`, `5m`, `1h30m`.
enum DurationText {
  private static let units: [(name: String, nanoseconds: Int64)] = [
    ("ms", 1_000_000), ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000),
  ]

  /// `nil` for everything else: no unit, a sign, a number that no clock counts to.
  static func read(_ text: String) -> Duration? {
    var rest = text[...]
    var total: Int64 = 0
    while !rest.isEmpty {
      guard let number = DecimalText(cutFrom: &rest),
        let unit = units.first(where: { rest.hasPrefix($0.name) }),
        let nanoseconds = number.scaled(by: unit.nanoseconds)
      else { return nil }
      rest = rest.dropFirst(unit.name.count)
      let (sum, hasOverflown) = total.addingReportingOverflow(nanoseconds)
      if hasOverflown { return nil }
      total = sum
    }
    return text.isEmpty ? nil : .nanoseconds(total)
  }

  /// With the largest unit that gives a whole number.
  static func write(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    guard attoseconds == 0 else { return "\(seconds * 1000 + attoseconds / 1_000_000_000_000_000)ms" }
    if seconds != 0, seconds % 3600 == 0 { return "\(seconds / 3600)h" }
    if seconds != 0, seconds % 60 == 0, seconds != 60 { return "\(seconds / 60)m" }
    return "\(seconds)s"
  }
}

/// Sizes as people write them: `64KiB`, `1.5MiB`, `2MB`, or a plain number of bytes.
enum SizeText {
  private static let units: [(name: String, bytes: Int64)] = [
    ("kib", 1 << 10), ("mib", 1 << 20), ("gib", 1 << 30),
    ("kb", 1_000), ("mb", 1_000_000), ("gb", 1_000_000_000), ("b", 1), ("", 1),
  ]

  static func read(_ text: String) -> Int? {
    var rest = text[...]
    guard let number = DecimalText(cutFrom: &rest) else { return nil }
    let suffix = rest.trimmed.lowercased()
    guard let unit = units.first(where: { $0.name == suffix }) else { return nil }
    return number.scaled(by: unit.bytes).flatMap { Int(exactly: $0) }
  }

  /// With the largest binary unit that gives a whole or a half number.
  static func write(_ bytes: Int) -> String {
    for (name, unit) in [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)] where bytes >= unit {
      if bytes % unit == 0 { return "\(bytes / unit)\(name)" }
      if bytes % (unit / 2) == 0 { return "\(bytes / unit).5\(name)" }
    }
    return "\(bytes)"
  }
}

/// An unsigned decimal number, taken exactly.
private struct DecimalText {
  private var digits: Int64
  private var divisor: Int64 = 1

  init?(cutFrom rest: inout Substring) {
    let whole = rest.prefix { $0.isASCII && $0.isNumber }
    guard !whole.isEmpty, whole.count <= 18, var value = Int64(whole) else { return nil }
    rest = rest.dropFirst(whole.count)
    if rest.first == "." {
      let fraction = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
      guard !fraction.isEmpty, whole.count + fraction.count <= 18 else { return nil }
      for digit in fraction.utf8 {
        value = value * 10 + Int64(digit - UInt8(ascii: "0"))
        divisor *= 10
      }
      rest = rest.dropFirst(fraction.count + 1)
    }
    digits = value
  }

  func scaled(by unit: Int64) -> Int64? {
    let (high, low) = digits.multipliedFullWidth(by: unit)
    guard high == 0, low <= UInt64(Int64.max) else { return nil }
    return Int64(low) / divisor
  }
}
