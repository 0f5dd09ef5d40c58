// SPDX-License-Identifier: Apache-2.0
public import Wire

extension LogicalMessage {
  /// What `pg_logical_emit_message` wrote into the log ("Message" in the documentation).
  @frozen
  public struct Emitted: ~Escapable {
    public let xid: UInt32?
    /// 1: transactional.
    public let flags: UInt8
    public let lsn: LSN
    public let prefix: RawSpan
    public let content: RawSpan

    @inlinable
    @_lifetime(copy reader)
    init(from reader: inout ByteReader, inStream: Bool) throws(WireError) {
      xid = try reader.streamTransaction(inStream)
      flags = try reader.byte()
      lsn = try reader.lsn()
      prefix = try reader.cString()
      content = try reader.bytes(Int(try reader.bigEndian(Int32.self)))
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(UInt8(ascii: "M"))
      writer.append(streamTransaction: xid)
      writer.append(flags)
      writer.append(lsn)
      writer.append(cString: prefix)
      writer.append(bigEndian: Int32(content.byteCount))
      writer.append(content)
    }
  }
}
