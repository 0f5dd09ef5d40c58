// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Reply {
  /// "Protocol::ColumnDefinition41": a column of a result set, or a parameter.
  package struct ResultColumn: Message {
    package static let name: StaticString = "ColumnDefinition"
    private static let fixedBytes: UInt64 = 12

    package var catalogue: String
    package var schema: String
    package var table: String
    package var originalTable: String
    package var column: String
    package var originalColumn: String
    /// MariaDB's name of the data type, where that was agreed on.
    package var extendedMetadata: [UInt8]
    package var collation: UInt16
    /// Characters times the longest of them, in bytes.
    package var length: UInt32
    package var type: ColumnType
    package var flags: UInt16
    package var decimals: UInt8

    package init(
      column: String, type: ColumnType, collation: UInt16 = 63, length: UInt32 = 0, flags: UInt16 = 0,
      decimals: UInt8 = 0
    ) {
      catalogue = "def"
      (schema, table, originalTable, originalColumn) = ("", "", "", "")
      self.column = column
      extendedMetadata = []
      self.collation = collation
      self.length = length
      self.type = type
      self.flags = flags
      self.decimals = decimals
    }

    package init(from reader: inout ByteReader, _ capabilities: Capabilities) throws(WireError) {
      catalogue = try reader.lengthEncodedString()
      schema = try reader.lengthEncodedString()
      table = try reader.lengthEncodedString()
      originalTable = try reader.lengthEncodedString()
      column = try reader.lengthEncodedString()
      originalColumn = try reader.lengthEncodedString()
      let isExtended = capabilities.contains(.mariaDBExtendedMetadata)
      extendedMetadata = isExtended ? try reader.lengthEncodedBytes().array : []
      let start = reader.offset
      guard try reader.lengthEncoded() == Self.fixedBytes else {
        throw WireError(.badValue("fixed fields of another length"), offset: start)
      }
      collation = try reader.littleEndian()
      length = try reader.littleEndian()
      type = ColumnType(rawValue: try reader.byte())
      flags = try reader.littleEndian()
      decimals = try reader.byte()
      try reader.skip(2)
    }

    package func encode(to writer: inout ByteWriter, _ capabilities: Capabilities) {
      for text in [catalogue, schema, table, originalTable, column, originalColumn] {
        writer.append(lengthEncoded: text)
      }
      if capabilities.contains(.mariaDBExtendedMetadata) { writer.append(lengthEncoded: extendedMetadata) }
      writer.append(lengthEncoded: Self.fixedBytes)
      writer.append(littleEndian: collation)
      writer.append(littleEndian: length)
      writer.append(type.rawValue)
      writer.append(littleEndian: flags)
      writer.append(decimals)
      writer.append(littleEndian: 0 as UInt16)
    }
  }
}
