// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Backend {
  /// One row of a result.
  package struct DataRow: Message {
    package static let tag = UInt8(ascii: "D")
    package static let name: StaticString = "DataRow"
    package var values: [[UInt8]?]

    package init(values: [[UInt8]?]) {
      self.values = values
    }

    package init(from reader: inout ByteReader) throws(WireError) {
      values = try reader.values()
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(values: values)
    }
  }
}
