// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Backend {
  /// The server awaits CopyData.
  package struct CopyInResponse: Message {
    package static let tag = UInt8(ascii: "G")
    package static let name: StaticString = "CopyInResponse"
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
