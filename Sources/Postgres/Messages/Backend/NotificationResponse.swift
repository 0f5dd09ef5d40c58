// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Backend {
  /// A NOTIFY that this session listens for; may come at any time.
  package struct NotificationResponse: Message {
    package static let tag = UInt8(ascii: "A")
    package static let name: StaticString = "NotificationResponse"
    package var processID: Int32
    package var channel: String
    package var payload: String

    package init(processID: Int32, channel: String, payload: String) {
      self.processID = processID
      self.channel = channel
      self.payload = payload
    }

    package init(from reader: inout ByteReader) throws(WireError) {
      processID = try reader.bigEndian()
      channel = try reader.string()
      payload = try reader.string()
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(bigEndian: processID)
      writer.append(cString: channel)
      writer.append(cString: payload)
    }
  }
}
