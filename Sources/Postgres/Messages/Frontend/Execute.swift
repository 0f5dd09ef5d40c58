// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Frontend {
  /// Extended query: runs a portal; zero rows means no limit.
  package struct Execute: Message {
    package static let tag = UInt8(ascii: "E")
    package static let name: StaticString = "Execute"
    package var portal: String
    package var rowsMax: Int32

    package init(portal: String, rowsMax: Int32) {
      self.portal = portal
      self.rowsMax = rowsMax
    }

    package init(from reader: inout ByteReader) throws(WireError) {
      portal = try reader.string()
      rowsMax = try reader.bigEndian()
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(cString: portal)
      writer.append(bigEndian: rowsMax)
    }
  }
}
