// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Daemon

@Suite struct DurationTextTests {
  @Test(arguments: [
    ("500ms", Duration.milliseconds(500)), ("10s", .seconds(10)), ("5m", .seconds(300)), ("2h", .seconds(7200)),
    ("1.5s", .milliseconds(1500)), ("1h30m", .seconds(5400)), ("0s", .zero), ("0.25ms", .microseconds(250)),
  ])
  func read(_ text: String, _ expected: Duration) {
    #expect(DurationText.read(text) == expected)
  }

  @Test(arguments: [
    "", "5", "s", "-1s", "+1s", "1 s", "1s ", "1.s", ".5s", "1e3s", "1d", "10S", "99999999999999999h", "1s1", "１s",
    "9999999999999999999s", "2562048h",
  ])
  func refuse(_ text: String) {
    #expect(DurationText.read(text) == nil)
  }

  @Test func write() {
    #expect(DurationText.write(.milliseconds(1500)) == "1500ms")
    #expect(DurationText.write(.seconds(10)) == "10s")
    #expect(DurationText.write(.seconds(60)) == "60s")
    #expect(DurationText.write(.seconds(300)) == "5m")
    #expect(DurationText.write(.seconds(7200)) == "2h")
    #expect(DurationText.write(.zero) == "0s")
  }
}

@Suite struct SizeTextTests {
  @Test(arguments: [
    ("64KiB", 65_536), ("1.5MiB", 1_572_864), ("2GiB", 2 << 30), ("10MB", 10_000_000), ("1kB", 1000), ("7", 7),
    ("7B", 7), ("1 MiB", 1 << 20), ("1mib", 1 << 20), ("0.5KiB", 512),
  ])
  func read(_ text: String, _ expected: Int) {
    #expect(SizeText.read(text) == expected)
  }

  @Test(arguments: ["", "KiB", "-1", "1.5.5MiB", "1e6", "10MX", "99999999999GiB", "9999999999999999999", "1,5MiB"])
  func refuse(_ text: String) {
    #expect(SizeText.read(text) == nil)
  }

  @Test(arguments: [1, 1000, 1024, 1536, 65_536, 1_572_864, 1 << 30, 1_000_000])
  func writeReadsBack(_ size: Int) {
    #expect(SizeText.read(SizeText.write(size)) == size)
  }
}

@Suite struct SubstitutionTests {
  private func apply(_ text: String) throws(Refusal) -> String {
    try Substitution.apply(to: text, environment: ["A": "1", "B_2": "${A}", "EMPTY": ""], line: 7).text
  }

  @Test(arguments: [
    ("${A}", "1"), ("x${A}y${A}", "x1y1"), ("${B_2}", "${A}"), ("${EMPTY}", ""), ("$A", "$A"), ("a$", "a$"),
    ("$${A}", "${A}"), ("$$", "$$"), ("$$${A}", "$${A}"), ("100$ ${A}", "100$ 1"),
  ])
  func given(_ text: String, _ expected: String) throws {
    #expect(try apply(text) == expected)
  }

  @Test(arguments: ["${}", "${A", "${", "${1A}", "${A-B}", "${A:-x}", "${ A}"])
  func malformed(_ text: String) {
    #expect(throws: Refusal("has a ${ that no name and } follow", mend: .clause("write $${ for a literal ${"), line: 7))
    {
      try apply(text)
    }
  }

  @Test func notInTheEnvironment() {
    #expect(throws: Refusal.self) { try apply("${C}") }
  }
}

@Suite struct NearestTests {
  @Test func distance() {
    #expect(Nearest.distance("", "abc") == 3)
    #expect(Nearest.distance("kitten", "sitting") == 3)
    #expect(Nearest.distance("sync", "sycn") == 2)
    #expect(Nearest.distance("same", "same") == 0)
  }

  @Test func whatDoesNotLookLikeAKeyIsNotRepeated() {
    #expect(keyName("max_txn_ops") == "max_txn_ops")
    for key in ["password hunter2", "password=hunter2", "a\nb", "", "ü", String(repeating: "a", count: 41)] {
      #expect(keyName(key) == "a key that is no name")
    }
  }
}
