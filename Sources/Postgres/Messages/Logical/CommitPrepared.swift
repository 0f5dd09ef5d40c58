// SPDX-License-Identifier: Apache-2.0
public import Wire

extension LogicalMessage {
  /// Protocol 3: COMMIT PREPARED.
  @frozen
  public struct CommitPrepared: ~Escapable {
    public let flags: UInt8
    public let commitLSN: LSN
    public let endLSN: LSN
    public let commitTime: ServerTime
    public let xid: UInt32
    public let gid: RawSpan

    @inlinable
    @_lifetime(copy reader)
    init(from reader: inout ByteReader) throws(WireError) {
      flags = try reader.byte()
      commitLSN = try reader.lsn()
      endLSN = try reader.lsn()
      commitTime = try reader.serverTime()
      xid = try reader.bigEndian()
      gid = try reader.cString()
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(UInt8(ascii: "K"))
      writer.append(flags)
      writer.append(commitLSN)
      writer.append(endLSN)
      writer.append(commitTime)
      writer.append(bigEndian: xid)
      writer.append(cString: gid)
    }
  }
}
