// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Command {
  /// COM_STMT_FETCH: rows of an open cursor.
  package struct StatementFetch: Message {
    package static let name: StaticString = "COM_STMT_FETCH"
    package static let code: UInt8 = 0x1C

    package var statementID: UInt32
    package var rowCount: UInt32

    package init(statementID: UInt32, rowCount: UInt32) {
      self.statementID = statementID
      self.rowCount = rowCount
    }

    package init(from reader: inout ByteReader, _: Capabilities) throws(WireError) {
      try reader.expect(Self.code)
      statementID = try reader.littleEndian()
      rowCount = try reader.littleEndian()
    }

    package func encode(to writer: inout ByteWriter, _: Capabilities) {
      writer.append(Self.code)
      writer.append(littleEndian: statementID)
      writer.append(littleEndian: rowCount)
    }
  }
}
