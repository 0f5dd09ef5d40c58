// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Frontend {
  /// The simple query: one string, possibly of several statements.
  package struct Query: Message {
    package static let tag = UInt8(ascii: "Q")
    package static let name: StaticString = "Query"
    package var text: String

    package init(text: String) {
      self.text = text
    }

    package init(from reader: inout ByteReader) throws(WireError) {
      text = try reader.string()
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(cString: text)
    }
  }
}
