// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Backend {
  /// A warning or other notice; may come at any time.
  package struct NoticeResponse: Message {
    package static let tag = UInt8(ascii: "N")
    package static let name: StaticString = "NoticeResponse"
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
