// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Login {
  /// "Protocol::AuthSwitchRequest": answer to this challenge by that plugin instead.
  package struct AuthSwitchRequest: Message {
    package static let name: StaticString = "AuthSwitchRequest"
    package static let code: UInt8 = 0xFE

    package var plugin: String
    /// As the plugin has it: most end theirs with a zero byte.
    package var pluginData: [UInt8]

    package init(plugin: String, pluginData: [UInt8]) {
      self.plugin = plugin
      self.pluginData = pluginData
    }

    package init(from reader: inout ByteReader, _: Capabilities) throws(WireError) {
      try reader.expect(Self.code)
      // "Protocol::OldAuthSwitchRequest" is the code alone.
      if reader.isAtEnd { throw WireError(.badValue("the authentication of servers before 4.1"), offset: 1) }
      plugin = try reader.string()
      pluginData = reader.rest().array
    }

    package func encode(to writer: inout ByteWriter, _: Capabilities) {
      writer.append(Self.code)
      writer.append(cString: plugin)
      writer.append(pluginData)
    }
  }
}
