// SPDX-License-Identifier: Apache-2.0
public import Wire

extension LogicalMessage {
  /// Protocol 3: the start of a transaction that ends with Prepare.
  @frozen
  public struct BeginPrepare: ~Escapable {
    public let prepareLSN: LSN
    public let endLSN: LSN
    public let prepareTime: ServerTime
    public let xid: UInt32
    public let gid: RawSpan

    @inlinable
    @_lifetime(copy reader)
    init(from reader: inout ByteReader) throws(WireError) {
      prepareLSN = try reader.lsn()
      endLSN = try reader.lsn()
      prepareTime = try reader.serverTime()
      xid = try reader.bigEndian()
      gid = try reader.cString()
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(UInt8(ascii: "b"))
      writer.append(prepareLSN)
      writer.append(endLSN)
      writer.append(prepareTime)
      writer.append(bigEndian: xid)
      writer.append(cString: gid)
    }
  }
}
