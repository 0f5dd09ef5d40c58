// SPDX-License-Identifier: Apache-2.0
public import Wire

extension LogicalMessage {
  /// Protocol 3: ROLLBACK PREPARED.
  @frozen
  public struct RollbackPrepared: ~Escapable {
    public let flags: UInt8
    public let prepareEndLSN: LSN
    public let rollbackEndLSN: LSN
    public let prepareTime: ServerTime
    public let rollbackTime: ServerTime
    public let xid: UInt32
    public let gid: RawSpan

    @inlinable
    @_lifetime(copy reader)
    init(from reader: inout ByteReader) throws(WireError) {
      flags = try reader.byte()
      prepareEndLSN = try reader.lsn()
      rollbackEndLSN = try reader.lsn()
      prepareTime = try reader.serverTime()
      rollbackTime = try reader.serverTime()
      xid = try reader.bigEndian()
      gid = try reader.cString()
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(UInt8(ascii: "r"))
      writer.append(flags)
      writer.append(prepareEndLSN)
      writer.append(rollbackEndLSN)
      writer.append(prepareTime)
      writer.append(rollbackTime)
      writer.append(bigEndian: xid)
      writer.append(cString: gid)
    }
  }
}
