// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Daemon

@Suite struct DumpProgressTests {
  @Test func elsewhereThanOnATerminalALineEveryTenSeconds() throws {
    let start = ContinuousClock.now
    var progress = DumpProgress(rowsEstimated: 10_000, isTerminal: false)
    #expect(progress.show(table: "public.t", now: start) == nil)
    progress.add(rows: 2_500, bytes: 1 << 20)
    #expect(progress.show(table: "public.t", now: start + .seconds(9)) == nil)
    let line = try #require(progress.show(table: "public.t", now: start + .seconds(10)))
    #expect(line.hasPrefix("public.t 2,500 rows, 1024 KiB, "))
    #expect(line.contains(" s left"))
    #expect(progress.show(table: "public.t", now: start + .seconds(11)) == nil)
  }

  @Test(arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")])
  func numbersAreGrouped(_ number: Int, _ text: String) { #expect(DumpProgress.grouped(number) == text) }
}
