// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Daemon

@Suite struct DumpProgressTests {
  @Test func elsewhereThanOnATerminalALineEveryTenSeconds() throws {
    let start = ContinuousClock.now
    var progress = DumpProgress(rowsEstimated: 10_000, isTerminal: false)
    let first = progress.show(table: "public.t", now: start)
    progress.add(rows: 2_500, bytes: 1 << 20)
    let early = progress.show(table: "public.t", now: start + .seconds(9))
    #expect(first == nil && early == nil)
    let due = progress.show(table: "public.t", now: start + .seconds(10))
    let line = try #require(due)
    #expect(line.hasPrefix("public.t 2,500 rows, 1024 KiB, "))
    #expect(line.contains(" s left"))
    let next = progress.show(table: "public.t", now: start + .seconds(11))
    #expect(next == nil)
  }

  @Test(arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")])
  func numbersAreGrouped(_ number: Int, _ text: String) { #expect(DumpProgress.grouped(number) == text) }
}
