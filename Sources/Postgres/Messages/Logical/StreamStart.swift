// SPDX-License-Identifier: Apache-2.0
public import Wire

extension LogicalMessage {
  /// Protocol 2: a block of changes of a transaction in progress begins.
  @frozen
  public struct StreamStart: Equatable, Sendable {
    public let xid: UInt32
    /// 1 for the first block of this transaction, else 0.
    public let segment: UInt8

    @inlinable
    init(from reader: inout ByteReader) throws(WireError) {
      xid = try reader.bigEndian()
      segment = try reader.byte()
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(UInt8(ascii: "S"))
      writer.append(bigEndian: xid)
      writer.append(segment)
    }
  }
}
