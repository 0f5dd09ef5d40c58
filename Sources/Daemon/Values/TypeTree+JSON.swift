// SPDX-License-Identifier: Apache-2.0
internal import Wire

extension TypeTree {
  /// Writes the JSON of one value that is not null: PostgreSQL's `datum_to_json`.
  ///
  /// It recurses over types, whose depth is bounded when they are resolved, never over the data.
  func append(
    _ text: RawSpan, as node: TypeNode, _ buffer: UnescapeBuffer?, into out: inout ByteWriter
  ) throws(WireError) {
    switch node.form {
    case .string: out.append(string: text)
    case .number: out.append(number: text)
    case .boolean: try appendBoolean(text, into: &out)
    case .json: out.append(text)
    case .timestamp: out.append(timestampString: text, hasZone: false)
    case .timestampWithZone: out.append(timestampString: text, hasZone: true)
    case .base64, .hex, .digest:
      out.append(0x22 as UInt8)
      try appendRaw(text, as: node.form, into: &out)
      out.append(0x22 as UInt8)
    case .array: try appendArray(text, node, buffer, into: &out)
    case .vector: try appendVector(text, node, into: &out)
    case .composite: try appendComposite(text, node, buffer, into: &out)
    case .hstore: try appendHstore(text, into: &out)
    case .excluded: break
    }
  }

  /// Writes what stands between the quotes of a form whose JSON is a string; `.string` itself without escaping.
  func appendRaw(_ text: RawSpan, as form: JSONForm, into out: inout ByteWriter) throws(WireError) {
    switch form {
    case .timestamp: out.append(timestamp: text, hasZone: false)
    case .timestampWithZone: out.append(timestamp: text, hasZone: true)
    case .base64: try out.append(base64Of: text)
    case .hex: try out.append(hexOf: text)
    case .digest: digest(text, &out)
    case .string, .number, .boolean, .json, .array, .vector, .composite, .hstore, .excluded: out.append(text)
    }
  }

  /// A member of an array or a composite that stands between `start` and `end`, without escapes.
  func appendNested(
    _ text: RawSpan, _ range: Range<Int>, _ node: Int, _ buffer: UnescapeBuffer?, into out: inout ByteWriter
  ) throws(WireError) {
    try append(text.extracting(range), as: nodes[node], buffer?.next, into: &out)
  }

  /// A quoted member whose opening quote is at `start`; answers what follows the closing one.
  ///
  /// A backslash takes the next byte as it is; inside composites a doubled quote is a quote.
  func appendQuoted(
    _ text: RawSpan, _ start: Int, _ node: Int, doubled: Bool, _ buffer: UnescapeBuffer?, into out: inout ByteWriter
  ) throws(WireError) -> Int {
    guard let buffer else { preconditionFailure("a type that nests deeper than its tree") }
    var position = text.firstQuoteOrBackslash(from: start + 1)
    if position < text.byteCount, text[position] == 0x22,
      !(doubled && position + 1 < text.byteCount && text[position + 1] == 0x22)
    {
      try appendNested(text, (start + 1)..<position, node, buffer, into: &out)
      return position + 1
    }
    position = try text.unquote(from: start, doubled: doubled, into: &buffer.writer)
    try buffer.writer.withBytes { (unquoted: RawSpan) throws(WireError) in
      try append(unquoted, as: nodes[node], buffer.next, into: &out)
    }
    return position
  }

  private func appendBoolean(_ text: RawSpan, into out: inout ByteWriter) throws(WireError) {
    guard text.byteCount == 1, text[0] == 0x74 || text[0] == 0x66 else {
      throw WireError(.badValue("neither t nor f"), offset: 0, context: "boolean")
    }
    if text[0] == 0x74 { out.append("true" as StaticString) } else { out.append("false" as StaticString) }
  }
}

extension RawSpan {
  func firstQuoteOrBackslash(from start: Int) -> Int {
    var position = start
    while position < byteCount, checkedByte(position) != 0x22, checkedByte(position) != 0x5C { position &+= 1 }
    return position
  }

  /// Writes the quoted text whose opening quote is at `start` into `out`, which is cleared first, and answers what
  /// follows the closing quote.
  func unquote(from start: Int, doubled: Bool, into out: inout ByteWriter) throws(WireError) -> Int {
    out.clear()
    var position = start + 1
    while true {
      let run = firstQuoteOrBackslash(from: position)
      out.append(extracting(position..<run))
      let isDoubled = doubled && run + 1 < byteCount && self[run] == 0x22 && self[run + 1] == 0x22
      if run < byteCount, self[run] == 0x22, !isDoubled { return run + 1 }
      guard run + 1 < byteCount else { throw WireError(.badValue("no closing quote"), offset: start) }
      out.append(self[run + 1])
      position = run + 2
    }
  }
}
