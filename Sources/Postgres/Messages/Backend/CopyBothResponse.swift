// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Backend {
  /// Both sides send CopyData: the answer to START_REPLICATION.
  package struct CopyBothResponse: Message {
    package static let tag = UInt8(ascii: "W")
    package static let name: StaticString = "CopyBothResponse"
    package var format: CopyFormat

    package init(format: CopyFormat) {
      self.format = format
    }

    package init(from reader: inout ByteReader) throws(WireError) {
      format = try CopyFormat(from: &reader)
    }

    package func encode(to writer: inout ByteWriter) {
      format.encode(to: &writer)
    }
  }
}
