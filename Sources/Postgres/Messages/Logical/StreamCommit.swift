// SPDX-License-Identifier: Apache-2.0
public import Wire

extension LogicalMessage {
  /// Protocol 2: a streamed transaction was committed.
  @frozen
  public struct StreamCommit: Equatable, Sendable {
    public let xid: UInt32
    public let flags: UInt8
    public let commitLSN: LSN
    public let endLSN: LSN
    public let commitTime: ServerTime

    @inlinable
    init(from reader: inout ByteReader) throws(WireError) {
      xid = try reader.bigEndian()
      flags = try reader.byte()
      commitLSN = try reader.lsn()
      endLSN = try reader.lsn()
      commitTime = try reader.serverTime()
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(UInt8(ascii: "c"))
      writer.append(bigEndian: xid)
      writer.append(flags)
      writer.append(commitLSN)
      writer.append(endLSN)
      writer.append(commitTime)
    }
  }
}
