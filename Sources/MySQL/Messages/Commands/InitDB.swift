// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Command {
  /// COM_INIT_DB: the schema that unqualified names mean.
  package struct InitDB: Message {
    package static let name: StaticString = "COM_INIT_DB"
    package static let code: UInt8 = 0x02

    package var schema: String

    package init(schema: String) { self.schema = schema }

    package init(from reader: inout ByteReader, _: Capabilities) throws(WireError) {
      try reader.expect(Self.code)
      schema = String(decoding: reader.rest())
    }

    package func encode(to writer: inout ByteWriter, _: Capabilities) {
      writer.append(Self.code)
      writer.append(schema)
    }
  }
}
