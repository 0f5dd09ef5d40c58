// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Backend {
  /// A statement is done: `SELECT 5`, `COPY 7`, `START_REPLICATION`.
  package struct CommandComplete: Message {
    package static let tag = UInt8(ascii: "C")
    package static let name: StaticString = "CommandComplete"
    package var commandTag: String

    package init(commandTag: String) {
      self.commandTag = commandTag
    }

    package init(from reader: inout ByteReader) throws(WireError) {
      commandTag = try reader.string()
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(cString: commandTag)
    }
  }
}
