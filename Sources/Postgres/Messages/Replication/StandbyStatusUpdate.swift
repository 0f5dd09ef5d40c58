// SPDX-License-Identifier: Apache-2.0
public import Wire

/// What we have: the server keeps the log from `flushed` on. Each position is "the location of the last byte + 1".
@frozen
public struct StandbyStatusUpdate: Equatable, Sendable {
  @inlinable public static var tag: UInt8 { UInt8(ascii: "r") }

  public var written: LSN
  public var flushed: LSN
  public var applied: LSN
  public var clientTime: ServerTime
  public var replyRequested: Bool

  @inlinable
  public init(written: LSN, flushed: LSN, applied: LSN, clientTime: ServerTime, replyRequested: Bool) {
    self.written = written
    self.flushed = flushed
    self.applied = applied
    self.clientTime = clientTime
    self.replyRequested = replyRequested
  }

  /// Reads what follows the tag.
  @inlinable
  init(from reader: inout ByteReader) throws(WireError) {
    written = try reader.lsn()
    flushed = try reader.lsn()
    applied = try reader.lsn()
    clientTime = try reader.serverTime()
    replyRequested = try reader.byte() != 0
  }

  package func encode(to writer: inout ByteWriter) {
    writer.append(StandbyStatusUpdate.tag)
    writer.append(written)
    writer.append(flushed)
    writer.append(applied)
    writer.append(clientTime)
    writer.append(replyRequested ? 1 as UInt8 : 0)
  }
}
