// SPDX-License-Identifier: Apache-2.0

/// A text from outside as part of one line for people: control characters escaped, and cut where it gets long.
func printable(_ text: some StringProtocol, charactersMax: Int = 80) -> String {
  var result = ""
  for (count, scalar) in text.unicodeScalars.enumerated() {
    guard count < charactersMax else { return result + "…" }
    switch scalar.value {
    case 0x00...0x1F, 0x7F...0x9F, 0x2028, 0x2029: result += "\\u{\(String(scalar.value, radix: 16))}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}
