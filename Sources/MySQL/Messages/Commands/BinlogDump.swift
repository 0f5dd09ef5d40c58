// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Command {
  /// COM_BINLOG_DUMP: the log from a file and an offset in it. MariaDB ignores both where the session's variable
  /// `slave_connect_state` is set.
  package struct BinlogDump: Message {
    package static let name: StaticString = "COM_BINLOG_DUMP"
    package static let code: UInt8 = 0x12
    /// BINLOG_DUMP_NON_BLOCK: EOF instead of waiting for more.
    package static let nonBlocking: UInt16 = 1

    package var position: UInt32
    package var flags: UInt16
    package var serverID: UInt32
    /// "" for the first one.
    package var file: String

    package init(position: UInt32, flags: UInt16, serverID: UInt32, file: String) {
      self.position = position
      self.flags = flags
      self.serverID = serverID
      self.file = file
    }

    package init(from reader: inout ByteReader, _: Capabilities) throws(WireError) {
      try reader.expect(Self.code)
      position = try reader.littleEndian()
      flags = try reader.littleEndian()
      serverID = try reader.littleEndian()
      file = String(decoding: reader.rest())
    }

    package func encode(to writer: inout ByteWriter, _: Capabilities) {
      writer.append(Self.code)
      writer.append(littleEndian: position)
      writer.append(littleEndian: flags)
      writer.append(littleEndian: serverID)
      writer.append(file)
    }
  }
}
