// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Reply {
  /// "Protocol::ResultsetRow": each value as text behind its length, or 0xfb for NULL.
  package struct TextRow: Message {
    package static let name: StaticString = "TextRow"
    package static let null: UInt8 = 0xFB

    package var values: [[UInt8]?]

    package init(values: [[UInt8]?]) { self.values = values }

    package init(from reader: inout ByteReader, _: Capabilities) throws(WireError) {
      values = []
      while !reader.isAtEnd {
        if reader.peek() == Self.null {
          try reader.skip(1)
          values.append(nil)
        } else {
          values.append(try reader.lengthEncodedBytes().array)
        }
      }
    }

    package func encode(to writer: inout ByteWriter, _: Capabilities) {
      for value in values {
        if let value { writer.append(lengthEncoded: value) } else { writer.append(Self.null) }
      }
    }
  }
}
