// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Command {
  /// COM_STMT_PREPARE.
  package struct StatementPrepare: Message {
    package static let name: StaticString = "COM_STMT_PREPARE"
    package static let code: UInt8 = 0x16

    package var text: String

    package init(text: String) { self.text = text }

    package init(from reader: inout ByteReader, _: Capabilities) throws(WireError) {
      try reader.expect(Self.code)
      text = String(decoding: reader.rest())
    }

    package func encode(to writer: inout ByteWriter, _: Capabilities) {
      writer.append(Self.code)
      writer.append(text)
    }
  }
}
