// SPDX-License-Identifier: Apache-2.0
public import Wire

extension LogicalMessage {
  /// The end of a transaction.
  @frozen
  public struct Commit: Equatable, Sendable {
    /// "Currently unused."
    public let flags: UInt8
    public let commitLSN: LSN
    /// Behind the commit record: what to confirm once the transaction is safe.
    public let endLSN: LSN
    public let commitTime: ServerTime

    @inlinable
    init(from reader: inout ByteReader) throws(WireError) {
      flags = try reader.byte()
      commitLSN = try reader.lsn()
      endLSN = try reader.lsn()
      commitTime = try reader.serverTime()
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(UInt8(ascii: "C"))
      writer.append(flags)
      writer.append(commitLSN)
      writer.append(endLSN)
      writer.append(commitTime)
    }
  }
}
