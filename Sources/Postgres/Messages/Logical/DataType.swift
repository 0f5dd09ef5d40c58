// SPDX-License-Identifier: Apache-2.0
public import Wire

extension LogicalMessage {
  /// A type that is not built in, before the first Relation that uses it.
  @frozen
  public struct DataType: ~Escapable {
    public let xid: UInt32?
    public let oid: UInt32
    /// Empty for `pg_catalog`.
    public let namespace: RawSpan
    public let typeName: RawSpan

    @inlinable
    @_lifetime(copy reader)
    init(from reader: inout ByteReader, inStream: Bool) throws(WireError) {
      xid = try reader.streamTransaction(inStream)
      oid = try reader.bigEndian()
      namespace = try reader.cString()
      typeName = try reader.cString()
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(UInt8(ascii: "Y"))
      writer.append(streamTransaction: xid)
      writer.append(bigEndian: oid)
      writer.append(cString: namespace)
      writer.append(cString: typeName)
    }
  }
}
