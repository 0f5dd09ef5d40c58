// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Reply {
  /// "ERR_Packet".
  package struct Failure: Message {
    package static let name: StaticString = "ERR"
    package static let code: UInt8 = 0xFF

    package var number: UInt16
    /// Five characters; empty where the server does not know yet what we speak.
    package var sqlState: String
    package var text: [UInt8]

    package init(number: UInt16, sqlState: String, text: [UInt8]) {
      self.number = number
      self.sqlState = sqlState
      self.text = text
    }

    package init(from reader: inout ByteReader, _: Capabilities) throws(WireError) {
      try reader.expect(Self.code)
      number = try reader.littleEndian()
      sqlState = ""
      if reader.peek() == UInt8(ascii: "#") {
        try reader.skip(1)
        sqlState = String(decoding: try reader.bytes(5))
      }
      text = reader.rest().array
    }

    package func encode(to writer: inout ByteWriter, _: Capabilities) {
      writer.append(Self.code)
      writer.append(littleEndian: number)
      if !sqlState.isEmpty {
        writer.append(UInt8(ascii: "#"))
        writer.append(sqlState)
      }
      writer.append(text)
    }
  }
}
