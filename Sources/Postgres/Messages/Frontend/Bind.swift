// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Frontend {
  /// Extended query: values for a prepared statement.
  package struct Bind: Message {
    package static let tag = UInt8(ascii: "B")
    package static let name: StaticString = "Bind"
    package var portal: String
    package var statement: String
    package var parameterFormats: [Int16]
    package var parameters: [[UInt8]?]
    package var resultFormats: [Int16]

    package init(
      portal: String, statement: String, parameterFormats: [Int16], parameters: [[UInt8]?], resultFormats: [Int16]
    ) {
      self.portal = portal
      self.statement = statement
      self.parameterFormats = parameterFormats
      self.parameters = parameters
      self.resultFormats = resultFormats
    }

    package init(from reader: inout ByteReader) throws(WireError) {
      portal = try reader.string()
      statement = try reader.string()
      parameterFormats = try reader.formatCodes()
      parameters = try reader.values()
      resultFormats = try reader.formatCodes()
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(cString: portal)
      writer.append(cString: statement)
      writer.append(formatCodes: parameterFormats)
      writer.append(values: parameters)
      writer.append(formatCodes: resultFormats)
    }
  }
}
