// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Frontend {
  /// Sent alone on a connection of its own: cancels what the session with this process and key is doing.
  package struct CancelRequest: Sendable, Equatable {
    package static let code = UInt32(1234) << 16 | 5678
    package var processID: Int32
    /// Four bytes in protocol 3.0, up to 256 from 3.2 on.
    package var secretKey: [UInt8]

    package init(processID: Int32, secretKey: [UInt8]) {
      self.processID = processID
      self.secretKey = secretKey
    }

    /// What follows length and code.
    package init(from reader: inout ByteReader) throws(WireError) {
      processID = try reader.bigEndian()
      secretKey = reader.rest().array
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(bigEndian: Self.code)
      writer.append(bigEndian: processID)
      writer.append(secretKey)
    }
  }
}
