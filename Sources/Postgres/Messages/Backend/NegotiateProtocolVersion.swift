// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Backend {
  /// The server speaks an older minor version, or does not know these protocol options.
  package struct NegotiateProtocolVersion: Message {
    package static let tag = UInt8(ascii: "v")
    package static let name: StaticString = "NegotiateProtocolVersion"
    package var version: Int32
    package var unknownOptions: [String]

    package init(version: Int32, unknownOptions: [String]) {
      self.version = version
      self.unknownOptions = unknownOptions
    }

    package init(from reader: inout ByteReader) throws(WireError) {
      version = try reader.bigEndian()
      let count = Int(try reader.bigEndian(Int32.self))
      guard count >= 0 else { throw WireError(.badLength(count), offset: 4) }
      unknownOptions = []
      for _ in 0..<count { unknownOptions.append(try reader.string()) }
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(bigEndian: version)
      writer.append(bigEndian: Int32(unknownOptions.count))
      for option in unknownOptions { writer.append(cString: option) }
    }
  }
}
