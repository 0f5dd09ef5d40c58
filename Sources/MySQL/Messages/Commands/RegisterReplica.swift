// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Command {
  /// COM_REGISTER_SLAVE: who we are, for SHOW REPLICAS. The server answers OK.
  package struct RegisterReplica: Message {
    package static let name: StaticString = "COM_REGISTER_SLAVE"
    package static let code: UInt8 = 0x15

    package var serverID: UInt32
    package var host: String
    package var user: String
    package var password: String
    package var port: UInt16
    /// "ignored".
    package var rank: UInt32
    /// "usually 0".
    package var sourceID: UInt32

    package init(serverID: UInt32, host: String, port: UInt16 = 0) {
      self.serverID = serverID
      self.host = host
      (user, password) = ("", "")
      self.port = port
      (rank, sourceID) = (0, 0)
    }

    package init(from reader: inout ByteReader, _: Capabilities) throws(WireError) {
      try reader.expect(Self.code)
      serverID = try reader.littleEndian()
      host = String(decoding: try reader.bytes(Int(try reader.byte())))
      user = String(decoding: try reader.bytes(Int(try reader.byte())))
      password = String(decoding: try reader.bytes(Int(try reader.byte())))
      port = try reader.littleEndian()
      rank = try reader.littleEndian()
      sourceID = try reader.littleEndian()
    }

    package func encode(to writer: inout ByteWriter, _: Capabilities) {
      writer.append(Self.code)
      writer.append(littleEndian: serverID)
      for text in [host, user, password] {
        // MySQL's table of replicas has 60 characters for a host and refuses more.
        let bytes = Array(text.utf8.prefix(60))
        writer.append(UInt8(bytes.count))
        writer.append(bytes)
      }
      writer.append(littleEndian: port)
      writer.append(littleEndian: rank)
      writer.append(littleEndian: sourceID)
    }
  }
}
