// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Frontend {
  /// Extended query: asks for the description of a statement (`S`) or portal (`P`).
  package struct Describe: Message {
    package static let tag = UInt8(ascii: "D")
    package static let name: StaticString = "Describe"
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
