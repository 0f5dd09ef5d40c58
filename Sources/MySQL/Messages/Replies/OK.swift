// SPDX-License-Identifier: Apache-2.0
package import Wire

extension Reply {
  /// "OK_Packet". Where EOF is deprecated it also ends a result set, then with EOF's code.
  package struct OK: Message {
    package static let name: StaticString = "OK"
    package static let code: UInt8 = 0x00

    /// True with the code 0xfe: the end of a result set.
    package var endsRows: Bool
    package var affectedRows: UInt64
    package var lastInsertID: UInt64
    package var status: StatusFlags
    package var warnings: UInt16
    package var info: [UInt8]
    /// Nil unless the session's state is tracked and has changed.
    package var sessionState: [UInt8]?

    package init(
      endsRows: Bool = false, affectedRows: UInt64 = 0, lastInsertID: UInt64 = 0, status: StatusFlags = [],
      warnings: UInt16 = 0, info: [UInt8] = [], sessionState: [UInt8]? = nil
    ) {
      self.endsRows = endsRows
      self.affectedRows = affectedRows
      self.lastInsertID = lastInsertID
      self.status = status
      self.warnings = warnings
      self.info = info
      self.sessionState = sessionState
    }

    package init(from reader: inout ByteReader, _ capabilities: Capabilities) throws(WireError) {
      let code = try reader.byte()
      guard code == Self.code || code == EndOfFile.code else {
        throw WireError(.badValue("another message"), offset: 0)
      }
      endsRows = code == EndOfFile.code
      affectedRows = try reader.lengthEncoded()
      lastInsertID = try reader.lengthEncoded()
      status = StatusFlags(rawValue: try reader.littleEndian())
      warnings = try reader.littleEndian()
      info = []
      sessionState = nil
      guard capabilities.contains(.sessionTrack) else {
        info = reader.rest().array
        return
      }
      // The server leaves an empty string out where nothing follows it.
      if reader.isAtEnd { return }
      info = try reader.lengthEncodedBytes().array
      if status.contains(.sessionStateChanged) { sessionState = try reader.lengthEncodedBytes().array }
    }

    package func encode(to writer: inout ByteWriter, _ capabilities: Capabilities) {
      writer.append(endsRows ? EndOfFile.code : Self.code)
      writer.append(lengthEncoded: affectedRows)
      writer.append(lengthEncoded: lastInsertID)
      writer.append(littleEndian: status.rawValue)
      writer.append(littleEndian: warnings)
      guard capabilities.contains(.sessionTrack) else { return writer.append(info) }
      if info.isEmpty, sessionState == nil { return }
      writer.append(lengthEncoded: info)
      if let sessionState { writer.append(lengthEncoded: sessionState) }
    }
  }
}
