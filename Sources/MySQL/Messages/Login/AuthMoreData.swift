// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Login {
  /// "Protocol::AuthMoreData": another step of the plugin.
  package struct AuthMoreData: Message {
    package static let name: StaticString = "AuthMoreData"
    package static let code: UInt8 = 0x01

    package var pluginData: [UInt8]

    package init(pluginData: [UInt8]) { self.pluginData = pluginData }

    package init(from reader: inout ByteReader, _: Capabilities) throws(WireError) {
      try reader.expect(Self.code)
      pluginData = reader.rest().array
    }

    package func encode(to writer: inout ByteWriter, _: Capabilities) {
      writer.append(Self.code)
      writer.append(pluginData)
    }
  }
}
