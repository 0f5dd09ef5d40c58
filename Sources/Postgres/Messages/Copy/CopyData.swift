// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Copy {
  /// A piece of a COPY stream, in either direction. The hot paths borrow the bytes instead of making one of these.
  package struct CopyData: Message {
    package static let tag = UInt8(ascii: "d")
    package static let name: StaticString = "CopyData"
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
