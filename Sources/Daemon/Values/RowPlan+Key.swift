// SPDX-License-Identifier: Apache-2.0
package import Wire

extension RowPlan {
  /// Writes the row's key: the prefix and the key columns' texts, escaped and joined by `/`.
  ///
  /// A column's text is the raw text of its JSON string, or, where its JSON is not a string, that JSON. A json column
  /// gives its JSON always: the document `"1"` and the document `1` are two keys.
  package func appendKey(
    _ fields: Span<FieldRange>, _ base: RawSpan, into out: inout ByteWriter
  ) throws(RowError) {
    guard fields.count == plans.count else {
      throw RowError(table: table, column: "", reason: .fields(count: fields.count, expected: plans.count))
    }
    out.append(keyPrefix)
    var isFirst = true
    for index in key {
      if isFirst { isFirst = false } else { out.append(0x2F as UInt8) }
      let field = fields[index]
      guard field.hasBytes else {
        throw RowError(
          table: table, column: columns[index].name, reason: field.isUnchanged ? .unchangedInKey : .nullInKey)
      }
      do throws(WireError) {
        try appendComponent(base.field(field), plans[index].keyNode, into: &out)
      } catch {
        throw RowError(table: table, column: columns[index].name, reason: .value(error))
      }
    }
  }

  private func appendComponent(
    _ text: RawSpan, _ node: TypeNode, into out: inout ByteWriter
  ) throws(WireError) {
    switch node.form {
    case .string, .number:
      // NaN is a string to JSON; its raw text is the same.
      out.append(keyComponent: text)
    case .timestamp, .timestampWithZone, .base64, .hex, .digest:
      keyText.clear()
      try types.appendRaw(text, as: node.form, into: &keyText)
      keyText.withBytes { out.append(keyComponent: $0) }
    case .boolean, .json, .array, .vector, .composite, .hstore, .excluded:
      keyText.clear()
      try types.append(text, as: node, buffer, into: &keyText)
      keyText.withBytes { out.append(keyComponent: $0) }
    }
  }
}
