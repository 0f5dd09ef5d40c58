// SPDX-License-Identifier: Apache-2.0
import Testing
import Wire

@testable import Daemon

@Suite struct JSONNumberTests {
  private func written(_ text: String) -> String {
    var out = ByteWriter()
    unsafe out.append(number: Array(text.utf8).span.bytes)
    return String(decoding: out.bytes)
  }

  @Test("digits of every length are copied, short, in two words, and longer")
  func digits() {
    for count in 1...40 {
      let text = String(repeating: "1234567890", count: 4).prefix(count)
      #expect(written(String(text)) == text)
    }
  }

  @Test("one byte that is no digit, at any place, is seen")
  func others() {
    for count in 8...17 {
      for place in 0..<count {
        for other in ["/", ":", " ", "0x", "\u{80}", "a", "p"] {
          var characters = String(repeating: "7", count: count).map(String.init)
          characters[place] = other
          let text = characters.joined()
          #expect(written(text) == "\"\(text)\"")
        }
      }
    }
  }

  @Test(
    "what JSON does not take as a number is a string", arguments: ["NaN", "Infinity", "-Infinity", "012345678", "1."])
  func strings(_ text: String) { #expect(written(text) == "\"\(text)\"") }

  @Test("signs, fractions and exponents", arguments: ["0", "-0", "-12345678", "12345678.90", "1e10", "0.000000001"])
  func numbers(_ text: String) { #expect(written(text) == text) }
}
