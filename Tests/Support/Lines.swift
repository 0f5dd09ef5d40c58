// SPDX-License-Identifier: Apache-2.0
internal import Glibc

extension Array<UInt8> {
  /// Whether the text stands in it at `start` or behind.
  func contains(_ text: String, from start: Int) -> Bool {
    let text = Array(text.utf8)
    return unsafe withUnsafeBytes { bytes in
      var place = start
      while place + text.count <= bytes.count {
        let first = unsafe memchr(bytes.baseAddress! + place, Int32(text[0]), bytes.count - text.count + 1 - place)
        guard let first = unsafe first else { return false }
        if unsafe memcmp(first, text, text.count) == 0 { return true }
        place = unsafe bytes.baseAddress!.distance(to: first) + 1
      }
      return false
    }
  }

  /// Its lines without their ends, empty ones left out. The library's `split` asks a function of each byte, which
  /// megabytes of a log or of a watch have made the tests wait for.
  func lines() -> [ArraySlice<UInt8>] {
    var lines: [ArraySlice<UInt8>] = []
    var place = 0
    while place < count {
      let end = unsafe withUnsafeBytes { bytes in
        unsafe memchr(bytes.baseAddress! + place, 0x0A, bytes.count - place).map {
          unsafe bytes.baseAddress!.distance(to: $0)
        }
          ?? bytes.count
      }
      if end > place { lines.append(self[place..<end]) }
      place = end + 1
    }
    return lines
  }
}
