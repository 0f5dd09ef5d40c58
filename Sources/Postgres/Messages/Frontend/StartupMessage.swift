// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Frontend {
  /// The first message of a session: protocol version and parameters. It has no tag.
  package struct StartupMessage: Sendable, Equatable {
    package static let version3 = UInt32(3) << 16

    package struct Parameter: Sendable, Equatable {
      package var name: String
      package var value: String

      package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
      }
    }

    package var version: UInt32
    package var parameters: [Parameter]

    package init(version: UInt32 = version3, parameters: [Parameter]) {
      self.version = version
      self.parameters = parameters
    }

    /// What follows length and version: pairs of strings up to an empty name.
    package init(version: UInt32, from reader: inout ByteReader) throws(WireError) {
      self.version = version
      parameters = []
      while true {
        let name = try reader.string()
        if name.isEmpty { return }
        parameters.append(Parameter(name, try reader.string()))
      }
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(bigEndian: version)
      for parameter in parameters {
        writer.append(cString: parameter.name)
        writer.append(cString: parameter.value)
      }
      writer.append(0 as UInt8)
    }
  }
}
