// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Login {
  /// "Protocol::SSLRequest": the head of a handshake response, alone; the TLS handshake follows at once.
  package struct SSLRequest: Message {
    package static let name: StaticString = "SSLRequest"

    package var capabilities: Capabilities
    /// The longest payload that the client takes.
    package var payloadBytesMax: UInt32
    package var collation: UInt8

    package init(capabilities: Capabilities, payloadBytesMax: UInt32, collation: UInt8) {
      self.capabilities = capabilities
      self.payloadBytesMax = payloadBytesMax
      self.collation = collation
    }

    package init(from reader: inout ByteReader, _: Capabilities) throws(WireError) {
      let low: UInt32 = try reader.littleEndian()
      payloadBytesMax = try reader.littleEndian()
      collation = try reader.byte()
      try reader.skip(19)
      capabilities = Capabilities(low: low, extended: try reader.littleEndian())
    }

    package func encode(to writer: inout ByteWriter, _: Capabilities) {
      writer.append(littleEndian: capabilities.low)
      writer.append(littleEndian: payloadBytesMax)
      writer.append(collation)
      for _ in 0..<19 { writer.append(0 as UInt8) }
      // Zero unless the server is a MariaDB that has shown its own.
      writer.append(littleEndian: capabilities.extended)
    }
  }
}
