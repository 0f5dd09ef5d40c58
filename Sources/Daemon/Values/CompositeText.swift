// SPDX-License-Identifier: Apache-2.0
//
//   (1,plain,"a ""b"" \\ c",,"")        nothing is null, "" is the empty string
internal import Wire

extension TypeTree {
  /// What `record_out` printed as a JSON object.
  func appendComposite(
    _ text: RawSpan, _ node: TypeNode, _ buffer: UnescapeBuffer?, into out: inout ByteWriter
  ) throws(WireError) {
    guard text.byteCount >= 2, text[0] == 0x28 else { throw malformed("no opening parenthesis", 0) }
    var position = 1
    if node.count == 0 { out.append(0x7B as UInt8) }
    for index in 0..<node.count {
      let member = members[node.first + index]
      if index > 0 {
        guard position < text.byteCount, text[position] == 0x2C else { throw malformed("no comma", position) }
        position += 1
      }
      unsafe out.append(
        literals.span.bytes.extracting(member.literalStart..<(member.literalStart + member.literalCount)))
      position = try appendMember(text, position, member.node, buffer, into: &out)
    }
    guard position + 1 == text.byteCount, text[position] == 0x29 else {
      throw malformed("no closing parenthesis", position)
    }
    out.append(0x7D as UInt8)
  }

  private func appendMember(
    _ text: RawSpan, _ start: Int, _ node: Int, _ buffer: UnescapeBuffer?, into out: inout ByteWriter
  ) throws(WireError) -> Int {
    if start < text.byteCount, text[start] == 0x22 {
      return try appendQuoted(text, start, node, doubled: true, buffer, into: &out)
    }
    var end = start
    while end < text.byteCount, text[end] != 0x2C, text[end] != 0x29 {
      // `record_out` quotes every field that has one of these.
      guard text[end] != 0x22, text[end] != 0x5C, text[end] != 0x28 else {
        throw malformed("a special character outside quotes", end)
      }
      end += 1
    }
    if end == start {
      out.append("null" as StaticString)
    } else {
      try appendNested(text, start..<end, node, buffer, into: &out)
    }
    return end
  }

  private func malformed(_ what: StaticString, _ position: Int) -> WireError {
    WireError(.badValue(what), offset: position, context: "composite")
  }
}
