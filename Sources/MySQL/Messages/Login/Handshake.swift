// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Login {
  /// "Protocol::HandshakeV10": the server's first packet.
  package struct Handshake: Message {
    package static let name: StaticString = "Handshake"
    package static let protocolVersion: UInt8 = 10

    package var serverVersion: String
    package var connectionID: UInt32
    /// The challenge for the plugin named below; a zero byte ends it.
    package var pluginData: [UInt8]
    package var capabilities: Capabilities
    package var collation: UInt8
    package var status: StatusFlags
    package var plugin: String

    package init(
      serverVersion: String, connectionID: UInt32, pluginData: [UInt8], capabilities: Capabilities, collation: UInt8,
      status: StatusFlags, plugin: String
    ) {
      self.serverVersion = serverVersion
      self.connectionID = connectionID
      self.pluginData = pluginData
      self.capabilities = capabilities
      self.collation = collation
      self.status = status
      self.plugin = plugin
    }

    package init(from reader: inout ByteReader, _: Capabilities) throws(WireError) {
      guard try reader.byte() == Self.protocolVersion else {
        throw WireError(.badValue("not version 10 of the protocol"), offset: 0)
      }
      serverVersion = try reader.string()
      connectionID = try reader.littleEndian()
      pluginData = try reader.bytes(8).array
      try reader.skip(1)
      var low = UInt32(try reader.littleEndian(UInt16.self))
      guard !reader.isAtEnd else { throw WireError(.badValue("a server older than 4.1"), offset: reader.offset) }
      collation = try reader.byte()
      status = StatusFlags(rawValue: try reader.littleEndian())
      low |= UInt32(try reader.littleEndian(UInt16.self)) << 16
      let dataLength = Int(try reader.byte())
      try reader.skip(6)
      let extended: UInt32 = try reader.littleEndian()
      // MariaDB: "if not (server_capabilities & CLIENT_MYSQL)" the last four reserved bytes are capabilities.
      let isExtended = low & Capabilities.longPassword.low == 0
      capabilities = Capabilities(low: low, extended: isExtended ? extended : 0)
      // "$length, Rest of the plugin provided data, length = MAX(13, length of auth-plugin-data - 8)".
      if capabilities.contains(.secureConnection) || capabilities.contains(.pluginAuthentication) {
        pluginData += try reader.bytes(max(13, dataLength - 8)).array
      }
      plugin = capabilities.contains(.pluginAuthentication) ? try reader.string() : ""
    }

    package func encode(to writer: inout ByteWriter, _: Capabilities) {
      writer.append(Self.protocolVersion)
      writer.append(cString: serverVersion)
      writer.append(littleEndian: connectionID)
      writer.append(Array(pluginData.prefix(8)))
      writer.append(0 as UInt8)
      writer.append(littleEndian: UInt16(truncatingIfNeeded: capabilities.low))
      writer.append(collation)
      writer.append(littleEndian: status.rawValue)
      writer.append(littleEndian: UInt16(truncatingIfNeeded: capabilities.low >> 16))
      writer.append(UInt8(truncatingIfNeeded: capabilities.contains(.pluginAuthentication) ? pluginData.count : 0))
      for _ in 0..<6 { writer.append(0 as UInt8) }
      writer.append(littleEndian: capabilities.extended)
      writer.append(Array(pluginData.dropFirst(8)))
      if capabilities.contains(.pluginAuthentication) { writer.append(cString: plugin) }
    }
  }
}
