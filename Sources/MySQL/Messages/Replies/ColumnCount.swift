// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Reply {
  /// The first packet of a result set.
  package struct ColumnCount: Message {
    package static let name: StaticString = "ColumnCount"
    /// "Number of columns per table" is 4096 at most; a join may select more, a result set not (16 bits).
    package static let countMax = 0xFFFF

    package var count: Int
    /// False: the definitions are left out because the client has them. Nil where that was not agreed on.
    package var metadataFollows: Bool?

    package init(count: Int, metadataFollows: Bool? = nil) {
      self.count = count
      self.metadataFollows = metadataFollows
    }

    package init(from reader: inout ByteReader, _ capabilities: Capabilities) throws(WireError) {
      count = try reader.lengthEncodedCount()
      guard (1...Self.countMax).contains(count) else { throw WireError(.badLength(count), offset: 0) }
      let isOptional = capabilities.contains(.mariaDBCacheMetadata)
      metadataFollows = isOptional ? try reader.byte() != 0 : nil
    }

    package func encode(to writer: inout ByteWriter, _ capabilities: Capabilities) {
      writer.append(lengthEncoded: UInt64(count))
      if let metadataFollows { writer.append((metadataFollows ? 1 : 0) as UInt8) }
    }
  }
}
