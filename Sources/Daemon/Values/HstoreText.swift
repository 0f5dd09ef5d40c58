// SPDX-License-Identifier: Apache-2.0
//
//   "a"=>"1", "b"=>NULL    →    {"a": "1", "b": null}
internal import Wire

extension TypeTree {
  /// What `hstore_out` printed as `hstore_to_json` prints it: with a blank behind each colon and comma.
  func appendHstore(_ text: RawSpan, into out: inout ByteWriter) throws(WireError) {
    out.append(0x7B as UInt8)
    var position = 0
    while position < text.byteCount {
      if position > 0 {
        position = try text.expect(", ", at: position)
        out.append(", " as StaticString)
      }
      position = try appendQuotedText(text, position, into: &out)
      position = try text.expect("=>", at: position)
      out.append(": " as StaticString)
      if position < text.byteCount, text[position] == 0x22 {
        position = try appendQuotedText(text, position, into: &out)
      } else {
        position = try text.expect("NULL", at: position)
        out.append("null" as StaticString)
      }
    }
    out.append(0x7D as UInt8)
  }

  /// A quoted text as a JSON string. The runs between backslashes are escaped one by one; no buffer is needed.
  private func appendQuotedText(
    _ text: RawSpan, _ start: Int, into out: inout ByteWriter
  ) throws(WireError) -> Int {
    var position = try text.expect("\"", at: start)
    out.append(0x22 as UInt8)
    while true {
      let run = text.firstQuoteOrBackslash(from: position)
      out.append(escaped: text.extracting(position..<run))
      guard run < text.byteCount, text[run] == 0x22 || run + 1 < text.byteCount else {
        throw WireError(.badValue("no closing quote"), offset: start, context: "hstore")
      }
      if text[run] == 0x22 {
        out.append(0x22 as UInt8)
        return run + 1
      }
      out.append(escaped: text.extracting((run + 1)..<(run + 2)))
      position = run + 2
    }
  }
}

extension RawSpan {
  fileprivate func expect(_ what: StaticString, at position: Int) throws(WireError) -> Int {
    let end = position + what.utf8CodeUnitCount
    guard end <= byteCount, extracting(position..<end).isEqual(to: what) else {
      throw WireError(.badValue("not where a pair or its arrow is expected"), offset: position, context: "hstore")
    }
    return end
  }
}
