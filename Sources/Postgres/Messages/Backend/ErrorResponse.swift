// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Backend {
  /// Something failed; the fields say what.
  package struct ErrorResponse: Message {
    package static let tag = UInt8(ascii: "E")
    package static let name: StaticString = "ErrorResponse"
    package var fields: DiagnosticFields

    package init(fields: DiagnosticFields) {
      self.fields = fields
    }

    package init(from reader: inout ByteReader) throws(WireError) {
      fields = try DiagnosticFields(from: &reader)
    }

    package func encode(to writer: inout ByteWriter) {
      fields.encode(to: &writer)
    }
  }
}
