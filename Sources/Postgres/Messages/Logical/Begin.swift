// SPDX-License-Identifier: Apache-2.0
public import Wire

extension LogicalMessage {
  /// The start of a transaction: all of its changes follow, up to its Commit.
  @frozen
  public struct Begin: Equatable, Sendable {
    /// Where the transaction's commit record lies.
    public let finalLSN: LSN
    public let commitTime: ServerTime
    public let xid: UInt32

    @inlinable
    init(from reader: inout ByteReader) throws(WireError) {
      finalLSN = try reader.lsn()
      commitTime = try reader.serverTime()
      xid = try reader.bigEndian()
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(UInt8(ascii: "B"))
      writer.append(finalLSN)
      writer.append(commitTime)
      writer.append(bigEndian: xid)
    }
  }
}
