// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Backend {
  /// A run-time parameter's value, at login and whenever it changes.
  package struct ParameterStatus: Message {
    package static let tag = UInt8(ascii: "S")
    package static let name: StaticString = "ParameterStatus"
    package var parameter: String
    package var value: String

    package init(parameter: String, value: String) {
      self.parameter = parameter
      self.value = value
    }

    package init(from reader: inout ByteReader) throws(WireError) {
      parameter = try reader.string()
      value = try reader.string()
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(cString: parameter)
      writer.append(cString: value)
    }
  }
}
