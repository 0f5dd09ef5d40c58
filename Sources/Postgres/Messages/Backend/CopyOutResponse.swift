// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Backend {
  /// The server will send CopyData.
  package struct CopyOutResponse: Message {
    package static let tag = UInt8(ascii: "H")
    package static let name: StaticString = "CopyOutResponse"
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
