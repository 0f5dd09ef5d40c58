// SPDX-License-Identifier: Apache-2.0
public import Wire

extension LogicalMessage {
  /// Protocol 3: PREPARE TRANSACTION.
  @frozen
  public struct Prepare: ~Escapable {
    public let flags: UInt8
    public let prepareLSN: LSN
    public let endLSN: LSN
    public let prepareTime: ServerTime
    public let xid: UInt32
    public let gid: RawSpan

    @inlinable
    @_lifetime(copy reader)
    init(from reader: inout ByteReader) throws(WireError) {
      flags = try reader.byte()
      prepareLSN = try reader.lsn()
      endLSN = try reader.lsn()
      prepareTime = try reader.serverTime()
      xid = try reader.bigEndian()
      gid = try reader.cString()
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(UInt8(ascii: "P"))
      writer.append(flags)
      writer.append(prepareLSN)
      writer.append(endLSN)
      writer.append(prepareTime)
      writer.append(bigEndian: xid)
      writer.append(cString: gid)
    }
  }
}
