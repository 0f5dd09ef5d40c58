// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Reply {
  /// "EOF_Packet": behind column definitions, rows and a binary log, unless both sides deprecate it.
  package struct EndOfFile: Message {
    package static let name: StaticString = "EOF"
    package static let code: UInt8 = 0xFE
    /// "You must check whether the packet length is less than 9 to make sure that it is a EOF_Packet packet."
    package static let byteCountMax = 8

    package var warnings: UInt16
    package var status: StatusFlags

    package init(warnings: UInt16 = 0, status: StatusFlags = []) {
      self.warnings = warnings
      self.status = status
    }

    package init(from reader: inout ByteReader, _: Capabilities) throws(WireError) {
      try reader.expect(Self.code)
      warnings = try reader.littleEndian()
      status = StatusFlags(rawValue: try reader.littleEndian())
    }

    package func encode(to writer: inout ByteWriter, _: Capabilities) {
      writer.append(Self.code)
      writer.append(littleEndian: warnings)
      writer.append(littleEndian: status.rawValue)
    }
  }
}
