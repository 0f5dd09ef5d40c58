// SPDX-License-Identifier: Apache-2.0
import Daemon
import MySQL
import Testing

@Suite struct MySQLValueCorpusTests {
  /// S30: dump and stream agree to the byte, and with what the server prints.
  @Test(arguments: ["mysql-9.7", "mariadb-10.11"])
  func S30_everyTypeInEveryForm(_ name: String) throws {
    let lines = try MySQLValueLine.all(name)
    #expect(lines.count > 1_300)
    var failures = 0
    for line in lines {
      let writer = try MySQLRowWriter([line.column])
      let forms: [(MySQLRowPlan.Form, [UInt8]?)] = [(.log, line.log), (.result, line.result), (.literal, line.literal)]
      for (form, bytes) in forms {
        if form == .literal, !MySQLRowPlan.isExactInLiterals(line.column) { continue }
        let expected = #"{"v":\#(line.expected)}"#
        let actual: String
        do { actual = try writer.value([.init(bytes)], form) } catch { actual = "\(error)" }
        if actual != expected {
          failures += 1
          let hex = (bytes ?? []).prefix(40).map { String($0, radix: 16) }
          if failures < 40 {
            Issue.record("\(line.declaration) \(form) \(hex): \(actual.prefix(300)) instead of \(expected.prefix(300))")
          }
        }
      }
    }
    #expect(failures == 0)
  }
}
