// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Backend {
  /// The server awaits the next query.
  package struct ReadyForQuery: Message {
    package static let tag = UInt8(ascii: "Z")
    package static let name: StaticString = "ReadyForQuery"
    package var status: TransactionStatus

    package init(status: TransactionStatus) {
      self.status = status
    }

    package init(from reader: inout ByteReader) throws(WireError) {
      status = TransactionStatus(byte: try reader.byte())
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(status.byte)
    }
  }
}
