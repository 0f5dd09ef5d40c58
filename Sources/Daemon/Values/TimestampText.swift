// SPDX-License-Identifier: Apache-2.0
//
//   2026-01-02 03:04:05.6789+00 BC  →  2026-01-02T03:04:05.6789+00:00 BC
internal import Wire

extension ByteWriter {
  /// The same as a JSON string. The usual shape is copied whole and patched.
  mutating func append(timestampString text: RawSpan, hasZone: Bool) {
    let count = text.byteCount
    let start = self.count
    if count >= 19, text[10] == 0x20, text[11].isDigit, text[count &- 1] != 0x43 {
      append(string: text)
      // No escapes, so positions are those of the text, one further.
      if self.count == start &+ count &+ 2 {
        patch(bigEndian: 0x54 as UInt8, at: start &+ 11)
        if hasZone, text[count &- 3] == 0x2B || text[count &- 3] == 0x2D {
          truncate(to: self.count &- 1)
          append(":00\"" as StaticString)
        }
        return
      }
      truncate(to: start)
    }
    append(0x22 as UInt8)
    append(timestamp: text, hasZone: hasZone)
    append(0x22 as UInt8)
  }

  /// A timestamp's text under `DateStyle=ISO` as ISO 8601, without quotes. `infinity` stays as it is.
  ///
  /// PostgreSQL's XSD style differs from its ISO style in two places: the `T`, and that a zone is never printed
  /// without its minutes. The date's text is the same in both.
  mutating func append(timestamp text: RawSpan, hasZone: Bool) {
    let count = text.byteCount
    let usual = count > 11 && text[10] == 0x20 ? 10 : text.firstIndex(of: 0x20)
    guard let space = usual, space &+ 1 < count, text[space &+ 1].isDigit else {
      append(escaped: text)
      return
    }
    var end = count
    let isBeforeChrist = text[count &- 1] == 0x43  // "… BC"
    if isBeforeChrist, let last = text.firstIndex(of: 0x20, from: space &+ 1) { end = last }
    append(escaped: text.extracting(0..<space))
    append(0x54 as UInt8)
    append(escaped: text.extracting((space &+ 1)..<end))
    if hasZone, end >= 3, text[end &- 3] == 0x2B || text[end &- 3] == 0x2D { append(":00" as StaticString) }
    append(escaped: text.extracting(end..<count))
  }
}
