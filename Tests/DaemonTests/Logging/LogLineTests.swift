// SPDX-License-Identifier: Apache-2.0

import Logging
import Testing

@testable import Daemon

@Suite struct LogLineTests {
  private func line(_ message: String, _ metadata: Logger.Metadata, _ format: LogFormat) -> String {
    let time = LogTime(seconds: 1_767_225_599, nanoseconds: 7_999_999)
    return LogLine(time: time, level: .warning, message: message, metadata: metadata).rendered(as: format)
  }

  @Test func text() {
    #expect(
      line("dump finished", ["rows": .stringConvertible(100), "table": "public.users", "etcd": ""], .text)
        == "time=2025-12-31T23:59:59.007Z level=warning message=\"dump finished\" etcd=\"\" rows=100 table=public.users\n"
    )
  }

  @Test func json() {
    let metadata: Logger.Metadata = [
      "rows": .stringConvertible(100), "ok": .stringConvertible(true), "rate": .stringConvertible(1.5),
      "nan": .stringConvertible(Double.nan), "list": ["a", "b"], "map": ["k": "v"], "text": "100",
      "password": .stringConvertible(Secret("hunter2")),
    ]
    #expect(
      line("done", metadata, .json) == """
        {"time":"2025-12-31T23:59:59.007Z","level":"warning","message":"done","list":["a","b"],"map":{"k":"v"},\
        "nan":"nan","ok":true,"password":"(redacted)","rate":1.5,"rows":100,"text":"100"}

        """)
  }

  @Test(arguments: [LogFormat.text, .json])
  func oneEventIsOneLine(_ format: LogFormat) {
    let odd = "a\nb\r\t\"=\\ \u{0}\u{1B}[31m\u{7F}\u{9B}\u{85}\u{2028}ü"
    let line = line(odd, ["k\n=": .string(odd), "list": [.string(odd)]], format)
    #expect(line.last == "\n")
    #expect(
      line.dropLast().unicodeScalars.allSatisfy { scalar in
        scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value) && scalar.value != 0x2028
      })
    #expect(line.contains("a\\nb\\r\\t\\\"=\\\\ \\u0000\\u001b[31m\\u007f\\u009b\\u0085\\u2028ü"))
  }

  @Test func noFieldHidesOurs() {
    #expect(line("m", ["level": "x"], .text).hasSuffix("level=warning message=m level_=x\n"))
    #expect(line("m", ["time": "x"], .json).hasSuffix("\"message\":\"m\",\"time_\":\"x\"}\n"))
  }
}

@Suite struct LogTimeTests {
  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000Z"), (951_782_400, "2000-02-29T00:00:00.000Z"),
    (951_868_799, "2000-02-29T23:59:59.000Z"), (1_740_787_199, "2025-02-28T23:59:59.000Z"),
    (1_740_787_200, "2025-03-01T00:00:00.000Z"), (4_107_542_400, "2100-03-01T00:00:00.000Z"),
    (-1, "1969-12-31T23:59:59.000Z"), (-86_400, "1969-12-31T00:00:00.000Z"),
    (253_402_300_799, "9999-12-31T23:59:59.000Z"),
  ])
  func text(_ seconds: Int, _ expected: String) {
    #expect(LogTime(seconds: seconds, nanoseconds: 0).text == expected)
  }

  @Test func milliseconds() {
    #expect(LogTime(seconds: 0, nanoseconds: 123_999_999).text == "1970-01-01T00:00:00.123Z")
  }
}
