// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Backend {
  /// The columns of the rows that follow.
  package struct RowDescription: Message {
    package static let tag = UInt8(ascii: "T")
    package static let name: StaticString = "RowDescription"

    package struct Field: Sendable, Equatable {
      package var name: String
      package var table: UInt32
      package var attribute: Int16
      package var type: UInt32
      package var typeSize: Int16
      package var typeModifier: Int32
      /// 0: text, 1: binary.
      package var format: Int16

      package init(from reader: inout ByteReader) throws(WireError) {
        name = try reader.string()
        table = try reader.bigEndian()
        attribute = try reader.bigEndian()
        type = try reader.bigEndian()
        typeSize = try reader.bigEndian()
        typeModifier = try reader.bigEndian()
        format = try reader.bigEndian()
      }

      package func encode(to writer: inout ByteWriter) {
        writer.append(cString: name)
        writer.append(bigEndian: table)
        writer.append(bigEndian: attribute)
        writer.append(bigEndian: type)
        writer.append(bigEndian: typeSize)
        writer.append(bigEndian: typeModifier)
        writer.append(bigEndian: format)
      }
    }

    package var fields: [Field]

    package init(from reader: inout ByteReader) throws(WireError) {
      let count = Int(try reader.bigEndian(Int16.self))
      guard count >= 0 else { throw WireError(.badLength(count), offset: 0) }
      fields = []
      for _ in 0..<count { fields.append(try Field(from: &reader)) }
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(bigEndian: Int16(fields.count))
      for field in fields { field.encode(to: &writer) }
    }
  }
}
