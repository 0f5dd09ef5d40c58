// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Frontend {
  /// The client gives up a COPY IN.
  package struct CopyFail: Message {
    package static let tag = UInt8(ascii: "f")
    package static let name: StaticString = "CopyFail"
    package var reason: String

    package init(reason: String) {
      self.reason = reason
    }

    package init(from reader: inout ByteReader) throws(WireError) {
      reason = try reader.string()
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(cString: reason)
    }
  }
}
