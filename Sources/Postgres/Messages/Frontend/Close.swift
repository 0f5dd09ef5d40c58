// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Frontend {
  /// Extended query: closes a statement (`S`) or portal (`P`).
  package struct Close: Message {
    package static let tag = UInt8(ascii: "C")
    package static let name: StaticString = "Close"
    package var kind: UInt8
    package var target: String

    package init(kind: UInt8, target: String) {
      self.kind = kind
      self.target = target
    }

    package init(from reader: inout ByteReader) throws(WireError) {
      kind = try reader.byte()
      target = try reader.string()
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(kind)
      writer.append(cString: target)
    }
  }
}
