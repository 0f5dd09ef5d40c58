// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Command {
  /// COM_BINLOG_DUMP_GTID: the transactions that are not in a set.
  package struct BinlogDumpGTID: Message {
    package static let name: StaticString = "COM_BINLOG_DUMP_GTID"
    package static let code: UInt8 = 0x1E
    /// BINLOG_THROUGH_GTID: the set counts, not file and position.
    package static let throughGTID: UInt16 = 4

    package var flags: UInt16
    package var serverID: UInt32
    package var file: String
    package var position: UInt64
    /// The encoded set.
    package var set: [UInt8]

    package init(flags: UInt16, serverID: UInt32, file: String = "", position: UInt64 = 4, set: [UInt8]) {
      self.flags = flags
      self.serverID = serverID
      self.file = file
      self.position = position
      self.set = set
    }

    package init(from reader: inout ByteReader, _: Capabilities) throws(WireError) {
      try reader.expect(Self.code)
      flags = try reader.littleEndian()
      serverID = try reader.littleEndian()
      file = String(decoding: try reader.bytes(Int(try reader.littleEndian(UInt32.self))))
      position = try reader.littleEndian()
      set = try reader.bytes(Int(try reader.littleEndian(UInt32.self))).array
    }

    package func encode(to writer: inout ByteWriter, _: Capabilities) {
      writer.append(Self.code)
      writer.append(littleEndian: flags)
      writer.append(littleEndian: serverID)
      writer.append(littleEndian: UInt32(file.utf8.count))
      writer.append(file)
      writer.append(littleEndian: position)
      writer.append(littleEndian: UInt32(set.count))
      writer.append(set)
    }
  }
}
