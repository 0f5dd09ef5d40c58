// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Login {
  /// "Protocol::AuthSwitchResponse", and each further answer of the plugin: its bytes and nothing else.
  package struct AuthResponse: Message {
    package static let name: StaticString = "AuthResponse"

    package var pluginData: [UInt8]

    package init(pluginData: [UInt8]) { self.pluginData = pluginData }

    package init(from reader: inout ByteReader, _: Capabilities) throws(WireError) {
      pluginData = reader.rest().array
    }

    package func encode(to writer: inout ByteWriter, _: Capabilities) { writer.append(pluginData) }
  }
}
