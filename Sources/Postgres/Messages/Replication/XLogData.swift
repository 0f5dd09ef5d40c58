// SPDX-License-Identifier: Apache-2.0
//   'w' walStart walEnd sendTime data
//       Int64    Int64  Int64
public import Wire

/// A piece of the log, inside CopyData: with logical replication, one message of the plugin.
@frozen
public struct XLogData: ~Escapable {
  @inlinable public static var tag: UInt8 { UInt8(ascii: "w") }

  /// Where the data begins in the log; zero for messages that have no place of their own there.
  public let walStart: LSN
  /// The server's current end of log.
  public let walEnd: LSN
  public let serverTime: ServerTime
  public let payload: RawSpan

  @inlinable
  @_lifetime(copy payload)
  public init(walStart: LSN, walEnd: LSN, serverTime: ServerTime, payload: RawSpan) {
    self.walStart = walStart
    self.walEnd = walEnd
    self.serverTime = serverTime
    self.payload = payload
  }

  /// Reads what follows the tag.
  @inlinable @inline(__always)
  @_lifetime(copy reader)
  init(from reader: inout ByteReader) throws(WireError) {
    walStart = try reader.lsn()
    walEnd = try reader.lsn()
    serverTime = try reader.serverTime()
    payload = reader.rest()
  }

  package func encode(to writer: inout ByteWriter) {
    writer.append(XLogData.tag)
    writer.append(walStart)
    writer.append(walEnd)
    writer.append(serverTime)
    writer.append(payload)
  }
}
