// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Command {
  /// COM_STMT_CLOSE: "No response is sent back to the client."
  package struct StatementClose: Message {
    package static let name: StaticString = "COM_STMT_CLOSE"
    package static let code: UInt8 = 0x19

    package var statementID: UInt32

    package init(statementID: UInt32) { self.statementID = statementID }

    package init(from reader: inout ByteReader, _: Capabilities) throws(WireError) {
      try reader.expect(Self.code)
      statementID = try reader.littleEndian()
    }

    package func encode(to writer: inout ByteWriter, _: Capabilities) {
      writer.append(Self.code)
      writer.append(littleEndian: statementID)
    }
  }
}
