// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// How far a dump is, for people: a bar that is drawn over itself on a terminal, elsewhere a log line every 10 s.
package struct DumpProgress {
  package static let redrawInterval = Duration.milliseconds(200)
  package static let lineInterval = Duration.seconds(10)

  package private(set) var rows = 0
  package private(set) var bytes = 0
  package var rowsEstimated: Int
  private let started: ContinuousClock.Instant
  private var lastShown: ContinuousClock.Instant?
  private let isTerminal: Bool
  private var isDrawn = false

  package init(rowsEstimated: Int, isTerminal: Bool = isatty(STDERR_FILENO) == 1) {
    self.rowsEstimated = rowsEstimated
    self.isTerminal = isTerminal
    started = .now
  }

  package mutating func add(rows: Int, bytes: Int) {
    self.rows += rows
    self.bytes += bytes
  }

  /// Draws the bar, or answers the log line that is due.
  package mutating func show(table: String, now: ContinuousClock.Instant = .now) -> String? {
    let interval = isTerminal ? Self.redrawInterval : Self.lineInterval
    if let lastShown, now - lastShown < interval { return nil }
    if lastShown == nil, !isTerminal {
      lastShown = now
      return nil
    }
    lastShown = now
    guard isTerminal else { return text(table: table, now: now) }
    draw(bar(now: now) + " " + text(table: table, now: now))
    return nil
  }

  /// Takes the bar off the terminal, so that the next log line stands alone.
  package mutating func clear() {
    guard isDrawn else { return }
    draw("")
    isDrawn = false
  }

  package func text(table: String, now: ContinuousClock.Instant) -> String {
    let seconds = max(Self.seconds(now - started), 0.001)
    let rate = Int(Double(rows) / seconds)
    var text = "\(table) \(Self.grouped(rows)) rows, \(Self.size(bytes)), \(Self.grouped(rate)) rows/s"
    if rowsEstimated > rows, rate > 0 { text += ", about \((rowsEstimated - rows) / rate + 1) s left" }
    return text
  }

  private func bar(now: ContinuousClock.Instant) -> String {
    let width = 24
    let share = rowsEstimated > 0 ? min(Double(rows) / Double(rowsEstimated), 1) : 0
    let filled = Int(share * Double(width))
    return "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled) + "]"
  }

  private mutating func draw(_ line: String) {
    isDrawn = true
    LogWriter.standardError.draw(bar: line)
  }

  private static func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
  }

  static func grouped(_ number: Int) -> String {
    var digits = String(number)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return ([digits] + groups).joined(separator: ",")
  }

  static func size(_ bytes: Int) -> String {
    switch bytes {
    case ..<10_240: "\(bytes) B"
    case ..<(10 << 20): "\(bytes >> 10) KiB"
    default: "\(bytes >> 20) MiB"
    }
  }
}
