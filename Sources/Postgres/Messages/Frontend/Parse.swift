// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Frontend {
  /// Extended query: a statement to prepare; an empty name is the unnamed statement.
  package struct Parse: Message {
    package static let tag = UInt8(ascii: "P")
    package static let name: StaticString = "Parse"
    package var statement: String
    package var query: String
    package var parameterTypes: [UInt32]

    package init(statement: String, query: String, parameterTypes: [UInt32]) {
      self.statement = statement
      self.query = query
      self.parameterTypes = parameterTypes
    }

    package init(from reader: inout ByteReader) throws(WireError) {
      statement = try reader.string()
      query = try reader.string()
      let count = Int(try reader.bigEndian(Int16.self))
      guard count >= 0 else { throw WireError(.badLength(count), offset: reader.offset &- 2) }
      parameterTypes = []
      for _ in 0..<count { parameterTypes.append(try reader.bigEndian()) }
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(cString: statement)
      writer.append(cString: query)
      writer.append(bigEndian: Int16(parameterTypes.count))
      for type in parameterTypes { writer.append(bigEndian: type) }
    }
  }
}
