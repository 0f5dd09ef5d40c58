// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Frontend {
  /// A further message of the SASL exchange.
  package struct SASLResponse: Message {
    package static let tag = UInt8(ascii: "p")
    package static let name: StaticString = "SASLResponse"
    package var data: [UInt8]

    package init(data: [UInt8]) {
      self.data = data
    }

    package init(from reader: inout ByteReader) throws(WireError) {
      data = reader.rest().array
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(data)
    }
  }
}
