// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Backend {
  /// Process id and secret with which this session can be cancelled.
  package struct BackendKeyData: Message {
    package static let tag = UInt8(ascii: "K")
    package static let name: StaticString = "BackendKeyData"
    package var processID: Int32
    package var secretKey: [UInt8]

    package init(processID: Int32, secretKey: [UInt8]) {
      self.processID = processID
      self.secretKey = secretKey
    }

    package init(from reader: inout ByteReader) throws(WireError) {
      processID = try reader.bigEndian()
      // Four bytes in protocol 3.0; "the rest of the message" from 3.2 on, at most 256.
      secretKey = reader.rest().array
      guard secretKey.count >= 4, secretKey.count <= 256 else {
        throw WireError(.badLength(secretKey.count), offset: 4)
      }
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(bigEndian: processID)
      writer.append(secretKey)
    }
  }
}
