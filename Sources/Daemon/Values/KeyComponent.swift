// SPDX-License-Identifier: Apache-2.0
package import Wire

extension ByteWriter {
  /// One component of a key: `%`, `/`, 0x00–0x1F and 0x7F become `%XX`, so that two different keys never meet.
  package mutating func append(keyComponent text: RawSpan) {
    var start = 0
    for position in 0..<text.byteCount {
      let byte = text[position]
      guard byte == 0x25 || byte == 0x2F || byte < 0x20 || byte == 0x7F else { continue }
      append(text.extracting(start..<position))
      append(0x25 as UInt8)
      append(UInt8.hexDigit(byte &>> 4, upper: true))
      append(UInt8.hexDigit(byte & 0x0F, upper: true))
      start = position &+ 1
    }
    append(text.extracting(start..<text.byteCount))
  }
}
