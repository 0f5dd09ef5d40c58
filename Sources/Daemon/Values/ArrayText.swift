// SPDX-License-Identifier: Apache-2.0
//
//   {1,NULL,"a \"b\""}     {{1,2},{3,4}}     [0:1][-1:0]={{1,2},{3,4}}     {}     1 2 3 (int2vector, oidvector)
internal import Wire

extension TypeTree {
  /// "Maximum number of array subscripts" (MAXDIM).
  private static let dimensionsMax = 6

  /// What `array_out` printed as a JSON array; lower bounds are lost, as in `row_to_json`.
  func appendArray(
    _ text: RawSpan, _ node: TypeNode, _ buffer: UnescapeBuffer?, into out: inout ByteWriter
  ) throws(WireError) {
    var position = try endOfBounds(text)
    var depth = 0
    repeat {
      // Where an element, or an array of the next dimension, begins.
      if position < text.byteCount, text[position] == 0x7B {
        depth += 1
        guard depth <= TypeTree.dimensionsMax else { throw malformed("more than 6 dimensions", position) }
        out.append(0x5B as UInt8)
        position += 1
        guard position < text.byteCount, text[position] == 0x7D else { continue }
      } else {
        guard depth > 0 else { throw malformed("no opening brace", position) }
        position = try appendElement(text, position, node, buffer, into: &out)
      }
      // What follows it.
      while depth > 0, position < text.byteCount, text[position] == 0x7D {
        out.append(0x5D as UInt8)
        position += 1
        depth -= 1
      }
      if depth > 0 {
        guard position < text.byteCount, text[position] == node.delimiter else {
          throw malformed("neither delimiter nor closing brace", position)
        }
        out.append(0x2C as UInt8)
        position += 1
      }
    } while depth > 0
    guard position == text.byteCount else { throw malformed("bytes after the closing brace", position) }
  }

  private func appendElement(
    _ text: RawSpan, _ start: Int, _ node: TypeNode, _ buffer: UnescapeBuffer?, into out: inout ByteWriter
  ) throws(WireError) -> Int {
    if start < text.byteCount, text[start] == 0x22 {
      return try appendQuoted(text, start, node.first, doubled: false, buffer, into: &out)
    }
    var end = start
    while end < text.byteCount, text[end] != node.delimiter, text[end] != 0x7D {
      // `array_out` quotes every element that has one of these.
      guard text[end] != 0x22, text[end] != 0x5C, text[end] != 0x7B else {
        throw malformed("a special character outside quotes", end)
      }
      end += 1
    }
    guard end > start else { throw malformed("empty element", start) }
    if text.extracting(start..<end).isEqual(to: "NULL") {
      out.append("null" as StaticString)
    } else {
      try appendNested(text, start..<end, node.first, buffer, into: &out)
    }
    return end
  }

  /// Skips `[0:1][-1:0]=`, which is printed when a lower bound is not 1.
  private func endOfBounds(_ text: RawSpan) throws(WireError) -> Int {
    guard text.byteCount > 0, text[0] == 0x5B else { return 0 }
    for position in 0..<text.byteCount {
      switch text[position] {
      case 0x3D: return position + 1
      case 0x5B, 0x5D, 0x3A, 0x2D, 0x2B, 0x30...0x39: continue
      default: throw malformed("not in array bounds", position)
      }
    }
    throw malformed("bounds without an array", text.byteCount)
  }

  /// int2vector and oidvector: elements separated by blanks.
  func appendVector(_ text: RawSpan, _ node: TypeNode, into out: inout ByteWriter) throws(WireError) {
    out.append(0x5B as UInt8)
    var start = 0
    while start < text.byteCount {
      let end = text.firstIndex(of: 0x20, from: start) ?? text.byteCount
      guard end > start, end + 1 != text.byteCount else { throw malformed("empty element", start) }
      if start > 0 { out.append(0x2C as UInt8) }
      try appendNested(text, start..<end, node.first, nil, into: &out)
      start = end + 1
    }
    out.append(0x5D as UInt8)
  }

  private func malformed(_ what: StaticString, _ position: Int) -> WireError {
    WireError(.badValue(what), offset: position, context: "array")
  }
}
