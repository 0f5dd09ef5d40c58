// SPDX-License-Identifier: Apache-2.0
public import Wire

/// The server is alive, and how far its log (with logical replication: what it has sent us of it) reaches.
@frozen
public struct PrimaryKeepalive: Equatable, Sendable {
  @inlinable public static var tag: UInt8 { UInt8(ascii: "k") }

  public var walEnd: LSN
  public var serverTime: ServerTime
  /// "The client should reply to this message as soon as possible, to avoid a timeout disconnect."
  public var replyRequested: Bool

  @inlinable
  public init(walEnd: LSN, serverTime: ServerTime, replyRequested: Bool) {
    self.walEnd = walEnd
    self.serverTime = serverTime
    self.replyRequested = replyRequested
  }

  /// Reads what follows the tag.
  @inlinable
  init(from reader: inout ByteReader) throws(WireError) {
    walEnd = try reader.lsn()
    serverTime = try reader.serverTime()
    replyRequested = try reader.byte() != 0
  }

  package func encode(to writer: inout ByteWriter) {
    writer.append(PrimaryKeepalive.tag)
    writer.append(walEnd)
    writer.append(serverTime)
    writer.append(replyRequested ? 1 as UInt8 : 0)
  }
}
