// SPDX-License-Identifier: Apache-2.0
//   'R' [xid] oid   namespace name   identity natts  { flags name   type  typmod } * natts
//       Int32 Int32 String    String Byte1    Int16    Int8  String Int32 Int32
public import Wire

extension LogicalMessage {
  /// The columns of a table, before the first change of it and after each change of its shape. "May repeat" at any
  /// time after an invalidation.
  @frozen
  public struct Relation: ~Escapable {
    public let xid: UInt32?
    public let oid: UInt32
    /// Empty for `pg_catalog`.
    public let namespace: RawSpan
    public let relationName: RawSpan
    /// As `pg_class.relreplident`: d, n, f or i.
    public let replicaIdentity: UInt8
    public let columnCount: Int
    @usableFromInline let columnBytes: RawSpan

    /// One column as the log will carry it: dropped and, before 18, generated ones are not among them.
    public struct Column: Equatable, Sendable {
      public var flags: UInt8
      public var name: String
      public var type: UInt32
      public var typeModifier: Int32

      /// Part of the replica identity.
      public var isKey: Bool { flags & 1 != 0 }

      init(from reader: inout ByteReader) throws(WireError) {
        flags = try reader.byte()
        name = try reader.string()
        type = try reader.bigEndian()
        typeModifier = try reader.bigEndian()
      }
    }

    @inlinable
    @_lifetime(copy reader)
    init(from reader: inout ByteReader, inStream: Bool) throws(WireError) {
      xid = try reader.streamTransaction(inStream)
      oid = try reader.bigEndian()
      namespace = try reader.cString()
      relationName = try reader.cString()
      replicaIdentity = try reader.byte()
      let count = Int(try reader.bigEndian(Int16.self))
      guard count >= 0 else { throw WireError(.badLength(count), offset: reader.offset &- 2) }
      columnCount = count
      let start = reader.offset
      for _ in 0..<count {
        try reader.skip(1)
        _ = try reader.cString()
        try reader.skip(8)
      }
      columnBytes = reader.span.extracting(start..<reader.offset)
    }

    /// The columns, copied: relations come seldom and are kept.
    public func columns() throws(WireError) -> [Column] {
      var reader = ByteReader(columnBytes)
      var columns: [Column] = []
      for _ in 0..<columnCount { columns.append(try Column(from: &reader)) }
      return columns
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(UInt8(ascii: "R"))
      writer.append(streamTransaction: xid)
      writer.append(bigEndian: oid)
      writer.append(cString: namespace)
      writer.append(cString: relationName)
      writer.append(replicaIdentity)
      writer.append(bigEndian: Int16(columnCount))
      writer.append(columnBytes)
    }
  }
}
