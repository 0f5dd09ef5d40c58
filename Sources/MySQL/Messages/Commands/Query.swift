// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Command {
  /// COM_QUERY.
  package struct Query: Message {
    package static let name: StaticString = "COM_QUERY"
    package static let code: UInt8 = 0x03

    package var text: String

    package init(text: String) { self.text = text }

    package init(from reader: inout ByteReader, _ capabilities: Capabilities) throws(WireError) {
      try reader.expect(Self.code)
      if capabilities.contains(.queryAttributes) {
        // parameter_count, and parameter_set_count, "always 1".
        guard try reader.lengthEncoded() == 0, try reader.lengthEncoded() == 1 else {
          throw WireError(.badValue("query attributes, which Sync does not read"), offset: 1)
        }
      }
      text = String(decoding: reader.rest())
    }

    package func encode(to writer: inout ByteWriter, _ capabilities: Capabilities) {
      writer.append(Self.code)
      if capabilities.contains(.queryAttributes) {
        writer.append(lengthEncoded: 0)
        writer.append(lengthEncoded: 1)
      }
      writer.append(text)
    }
  }
}
