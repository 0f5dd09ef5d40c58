// SPDX-License-Identifier: Apache-2.0
public import Wire

extension LogicalMessage {
  /// A new row.
  @frozen
  public struct Insert: ~Escapable {
    public let xid: UInt32?
    public let relation: UInt32
    public let new: Tuple

    @inlinable @inline(__always)
    @_lifetime(copy reader)
    init(from reader: inout ByteReader, inStream: Bool) throws(WireError) {
      xid = try reader.streamTransaction(inStream)
      relation = try reader.bigEndian()
      guard try reader.byte() == UInt8(ascii: "N") else {
        throw WireError(.badValue("new tuple expected"), offset: reader.offset &- 1)
      }
      new = try Tuple(lastIn: &reader)
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(UInt8(ascii: "I"))
      writer.append(streamTransaction: xid)
      writer.append(bigEndian: relation)
      writer.append(UInt8(ascii: "N"))
      new.encode(to: &writer)
    }
  }
}
