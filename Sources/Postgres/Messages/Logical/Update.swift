// SPDX-License-Identifier: Apache-2.0
public import Wire

extension LogicalMessage {
  /// A changed row; the old one is there if its replica identity changed or is FULL.
  @frozen
  public struct Update: ~Escapable {
    public let xid: UInt32?
    public let relation: UInt32
    public let oldTuple: OldTuple
    /// Has no columns where `oldTuple` is none.
    public let old: Tuple
    public let new: Tuple

    @inlinable
    @_lifetime(copy reader)
    init(from reader: inout ByteReader, inStream: Bool) throws(WireError) {
      xid = try reader.streamTransaction(inStream)
      relation = try reader.bigEndian()
      let kind = try reader.byte()
      if kind == UInt8(ascii: "N") {
        oldTuple = .none
        old = Tuple(absentIn: reader)
        new = try Tuple(lastIn: &reader)
        return
      }
      guard let form = OldTuple(rawValue: kind), form != .none else {
        throw WireError(.badValue("key, old or new tuple expected"), offset: reader.offset &- 1)
      }
      oldTuple = form
      old = try Tuple(from: &reader)
      guard try reader.byte() == UInt8(ascii: "N") else {
        throw WireError(.badValue("new tuple expected"), offset: reader.offset &- 1)
      }
      new = try Tuple(lastIn: &reader)
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(UInt8(ascii: "U"))
      writer.append(streamTransaction: xid)
      writer.append(bigEndian: relation)
      if oldTuple != .none {
        writer.append(oldTuple.rawValue)
        old.encode(to: &writer)
      }
      writer.append(UInt8(ascii: "N"))
      new.encode(to: &writer)
    }
  }
}
