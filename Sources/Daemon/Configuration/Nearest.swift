// SPDX-License-Identifier: Apache-2.0

/// The word that was probably meant.
enum Nearest {
  /// How many letters must be put in, left out or replaced to make one word of the other (Levenshtein).
  static func distance(_ a: some StringProtocol, _ b: some StringProtocol) -> Int {
    let a = Array(a.unicodeScalars)
    let b = Array(b.unicodeScalars)
    var row = Array(0...b.count)
    for (i, letter) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in b.enumerated() {
        let replaced = diagonal + (letter == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[b.count]
  }

  /// The first of the words with the smallest distance; case does not count.
  static func word(to text: String, among words: [String]) -> (word: String, distance: Int)? {
    // Longer texts resemble nothing of ours: what is compared stays small whatever the file holds.
    let text = String(text.unicodeScalars.prefix(64)).lowercased()
    return words.map { ($0, distance(text, $0.lowercased())) }.min { $0.1 < $1.1 }
  }
}

/// An unknown key as a message may show it. A line that lost its colon (`password hunter2`) looks like a key too: what
/// does not look like a key's name is not repeated.
func keyName(_ key: String) -> String {
  let isName =
    key.utf8.count <= 40
    && key.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
        true
      default: false
      }
    }
  return isName && !key.isEmpty ? key : "a key that is no name"
}
