// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Backend {
  /// Extended query: the types of a statement's parameters.
  package struct ParameterDescription: Message {
    package static let tag = UInt8(ascii: "t")
    package static let name: StaticString = "ParameterDescription"
    package var types: [UInt32]

    package init(types: [UInt32]) {
      self.types = types
    }

    package init(from reader: inout ByteReader) throws(WireError) {
      let count = Int(try reader.bigEndian(Int16.self))
      guard count >= 0 else { throw WireError(.badLength(count), offset: 0) }
      types = []
      for _ in 0..<count { types.append(try reader.bigEndian()) }
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(bigEndian: Int16(types.count))
      for type in types { writer.append(bigEndian: type) }
    }
  }
}
