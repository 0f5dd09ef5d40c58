// SPDX-License-Identifier: Apache-2.0
package import Wire

extension ByteWriter {
  /// One component of a key: `%`, `/`, 0x00–0x1F and 0x7F become `%XX`, so that two different keys never meet.
  package mutating func append(keyComponent text: RawSpan) {
    var start = 0
    while true {
      let position = text.firstToPercentEncode(from: start)
      append(text.extracting(start..<position))
      guard position < text.byteCount else { return }
      let byte = text[position]
      append(0x25 as UInt8)
      append(UInt8.hexDigit(byte &>> 4, upper: true))
      append(UInt8.hexDigit(byte & 0x0F, upper: true))
      start = position &+ 1
    }
  }
}

extension RawSpan {
  fileprivate func firstToPercentEncode(from start: Int) -> Int {
    let end = byteCount
    var position = start
    precondition(start >= 0)
    while position &+ 16 <= end {
      let chunk = checkedChunk(position)
      let hits = chunk.equals(0x25) .| chunk.equals(0x2F) .| chunk.equals(0x7F) .| (chunk .< SIMD16(repeating: 0x20))
      if let hit = hits.firstSet { return position &+ hit }
      position &+= 16
    }
    while position < end {
      let byte = checkedByte(position)
      if byte == 0x25 || byte == 0x2F || byte < 0x20 || byte == 0x7F { return position }
      position &+= 1
    }
    return position
  }
}
