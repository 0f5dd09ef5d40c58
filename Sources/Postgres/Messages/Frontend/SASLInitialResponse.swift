// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Frontend {
  /// The chosen SASL mechanism and its first message.
  package struct SASLInitialResponse: Message {
    package static let tag = UInt8(ascii: "p")
    package static let name: StaticString = "SASLInitialResponse"
    package var mechanism: String
    package var response: [UInt8]?

    package init(mechanism: String, response: [UInt8]?) {
      self.mechanism = mechanism
      self.response = response
    }

    package init(from reader: inout ByteReader) throws(WireError) {
      mechanism = try reader.string()
      let length = Int(try reader.bigEndian(Int32.self))
      // "-1 if there is no Initial Response."
      guard length != -1 else {
        response = nil
        return
      }
      response = try reader.bytes(length).array
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(cString: mechanism)
      guard let response else {
        writer.append(bigEndian: -1 as Int32)
        return
      }
      writer.append(bigEndian: Int32(response.count))
      writer.append(response)
    }
  }
}
