// SPDX-License-Identifier: Apache-2.0
package import Wire

/// The body that ErrorResponse and NoticeResponse share: a code byte and a string each, up to a zero code.
package struct DiagnosticFields: Sendable, Equatable {
  package struct Field: Sendable, Equatable {
    package var code: UInt8
    package var value: String

    package init(code: UInt8, value: String) {
      self.code = code
      self.value = value
    }
  }

  package var fields: [Field]

  package init(fields: [Field]) {
    self.fields = fields
  }

  package init(from reader: inout ByteReader) throws(WireError) {
    fields = []
    while true {
      let code = try reader.byte()
      if code == 0 { return }
      fields.append(Field(code: code, value: try reader.string()))
    }
  }

  package func encode(to writer: inout ByteWriter) {
    for field in fields {
      writer.append(field.code)
      writer.append(cString: field.value)
    }
    writer.append(0 as UInt8)
  }

  /// "Frontends should silently ignore fields of unrecognized type", so fields are asked for by their code.
  package subscript(code: Character) -> String? {
    fields.first { $0.code == code.asciiValue }?.value
  }
}
