// SPDX-License-Identifier: Apache-2.0
internal import Wire

extension ByteWriter {
  /// JSON text without the blanks between its tokens; everything else stays as it is, byte for byte.
  mutating func append(compactJSON text: RawSpan) throws(WireError) {
    var start = 0
    var position = 0
    while position < text.byteCount {
      let byte = text.checkedByte(position)
      if byte == 0x22 {
        position = try text.endOfString(from: position)
      } else if byte == 0x20 || byte &- 9 < 2 || byte == 0x0D {
        append(text.extracting(start..<position))
        position = text.endOfBlanks(from: position)
        start = position
      } else {
        position &+= 1
      }
    }
    append(text.extracting(start..<position))
  }

  /// A text that need not be JSON, although its column says so (MariaDB's `json_valid` can be switched off): then a
  /// string, on every path.
  mutating func append(jsonOrString text: RawSpan) {
    let start = count
    do throws(WireError) {
      let end = try text.endOfValue(from: text.endOfBlanks(from: 0))
      guard text.endOfBlanks(from: end) == text.byteCount else { throw .json("bytes behind the document", end) }
      try append(compactJSON: text)
    } catch {
      truncate(to: start)
      append(string: text)
    }
  }
}
