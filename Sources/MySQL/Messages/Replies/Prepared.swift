// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Reply {
  /// "COM_STMT_PREPARE_OK": then the definitions of the parameters and of the columns.
  package struct Prepared: Message {
    package static let name: StaticString = "COM_STMT_PREPARE_OK"

    package var statementID: UInt32
    package var columnCount: UInt16
    package var parameterCount: UInt16
    package var warnings: UInt16

    package init(statementID: UInt32, columnCount: UInt16, parameterCount: UInt16, warnings: UInt16 = 0) {
      self.statementID = statementID
      self.columnCount = columnCount
      self.parameterCount = parameterCount
      self.warnings = warnings
    }

    package init(from reader: inout ByteReader, _: Capabilities) throws(WireError) {
      try reader.expect(OK.code)
      statementID = try reader.littleEndian()
      columnCount = try reader.littleEndian()
      parameterCount = try reader.littleEndian()
      try reader.skip(1)
      warnings = try reader.littleEndian()
    }

    package func encode(to writer: inout ByteWriter, _: Capabilities) {
      writer.append(OK.code)
      writer.append(littleEndian: statementID)
      writer.append(littleEndian: columnCount)
      writer.append(littleEndian: parameterCount)
      writer.append(0 as UInt8)
      writer.append(littleEndian: warnings)
    }
  }
}
