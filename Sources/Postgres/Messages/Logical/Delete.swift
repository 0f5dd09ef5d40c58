// SPDX-License-Identifier: Apache-2.0
public import Wire

extension LogicalMessage {
  /// A row that is gone.
  @frozen
  public struct Delete: ~Escapable {
    public let xid: UInt32?
    public let relation: UInt32
    public let oldTuple: OldTuple
    public let old: Tuple

    @inlinable
    @_lifetime(copy reader)
    init(from reader: inout ByteReader, inStream: Bool) throws(WireError) {
      xid = try reader.streamTransaction(inStream)
      relation = try reader.bigEndian()
      guard let form = OldTuple(rawValue: try reader.byte()), form != .none else {
        throw WireError(.badValue("key or old tuple expected"), offset: reader.offset &- 1)
      }
      oldTuple = form
      old = try Tuple(lastIn: &reader)
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(UInt8(ascii: "D"))
      writer.append(streamTransaction: xid)
      writer.append(bigEndian: relation)
      writer.append(oldTuple.rawValue)
      old.encode(to: &writer)
    }
  }
}
