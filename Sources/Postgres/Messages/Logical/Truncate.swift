// SPDX-License-Identifier: Apache-2.0
public import Wire

extension LogicalMessage {
  /// TRUNCATE of one or more tables.
  @frozen
  public struct Truncate: ~Escapable {
    public let xid: UInt32?
    /// 1: CASCADE, 2: RESTART IDENTITY.
    public let options: UInt8
    public let relationCount: Int
    @usableFromInline let relationBytes: RawSpan

    @inlinable
    @_lifetime(copy reader)
    init(from reader: inout ByteReader, inStream: Bool) throws(WireError) {
      xid = try reader.streamTransaction(inStream)
      let count = Int(try reader.bigEndian(Int32.self))
      guard count >= 0 else { throw WireError(.badLength(count), offset: reader.offset &- 4) }
      options = try reader.byte()
      relationCount = count
      // At most 2^31 - 1 times 4: no overflow of a 64-bit Int.
      relationBytes = try reader.bytes(count &* 4)
    }

    /// The oid of the table at `index`, which is below `relationCount`.
    @inlinable
    public func relation(at index: Int) -> UInt32 {
      UInt32(bigEndian: unsafe relationBytes.unsafeLoadUnaligned(fromByteOffset: index &* 4, as: UInt32.self))
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(UInt8(ascii: "T"))
      writer.append(streamTransaction: xid)
      writer.append(bigEndian: Int32(relationCount))
      writer.append(options)
      writer.append(relationBytes)
    }
  }
}
