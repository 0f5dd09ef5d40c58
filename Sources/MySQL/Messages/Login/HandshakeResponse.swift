// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Login {
  /// "Protocol::HandshakeResponse41".
  package struct HandshakeResponse: Message {
    package struct Attribute: Sendable, Equatable {
      package var name: String
      package var value: String

      package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
      }
    }

    package static let name: StaticString = "HandshakeResponse"

    /// What it begins with.
    package var head: SSLRequest
    package var user: String
    /// The answer to the server's challenge.
    package var authentication: [UInt8]
    /// Empty for none.
    package var schema: String
    package var plugin: String
    package var attributes: [Attribute]
    /// Only with the capability of zstd.
    package var zstdLevel: UInt8

    package init(
      head: SSLRequest, user: String, authentication: [UInt8], schema: String, plugin: String, attributes: [Attribute],
      zstdLevel: UInt8 = 0
    ) {
      self.head = head
      self.user = user
      self.authentication = authentication
      self.schema = schema
      self.plugin = plugin
      self.attributes = attributes
      self.zstdLevel = zstdLevel
    }

    package init(from reader: inout ByteReader, _ server: Capabilities) throws(WireError) {
      head = try SSLRequest(from: &reader, server)
      let capabilities = head.capabilities
      user = try reader.string()
      if capabilities.contains(.pluginAuthenticationLengthEncoded) {
        authentication = try reader.lengthEncodedBytes().array
      } else {
        authentication = try reader.bytes(Int(try reader.byte())).array
      }
      schema = capabilities.contains(.connectWithDatabase) ? try reader.string() : ""
      plugin = capabilities.contains(.pluginAuthentication) ? try reader.string() : ""
      attributes = []
      if capabilities.contains(.connectAttributes) {
        var list = ByteReader(try reader.lengthEncodedBytes())
        while !list.isAtEnd {
          attributes.append(Attribute(try list.lengthEncodedString(), try list.lengthEncodedString()))
        }
      }
      zstdLevel = capabilities.contains(.zstdCompression) ? try reader.byte() : 0
    }

    package func encode(to writer: inout ByteWriter, _ server: Capabilities) {
      let capabilities = head.capabilities
      head.encode(to: &writer, server)
      writer.append(cString: user)
      if capabilities.contains(.pluginAuthenticationLengthEncoded) {
        writer.append(lengthEncoded: authentication)
      } else {
        writer.append(UInt8(truncatingIfNeeded: authentication.count))
        writer.append(authentication)
      }
      if capabilities.contains(.connectWithDatabase) { writer.append(cString: schema) }
      if capabilities.contains(.pluginAuthentication) { writer.append(cString: plugin) }
      if capabilities.contains(.connectAttributes) {
        var list = ByteWriter()
        for attribute in attributes {
          list.append(lengthEncoded: attribute.name)
          list.append(lengthEncoded: attribute.value)
        }
        writer.append(lengthEncoded: list.bytes.array)
      }
      if capabilities.contains(.zstdCompression) { writer.append(zstdLevel) }
    }
  }
}
