// SPDX-License-Identifier: Apache-2.0
//
//   table ID  flags   length schema 0  length table 0  columns  types          metadata  nullable  optional metadata
//   6 bytes   UInt16  UInt8            UInt8           packed   UInt8 × count  packed    1 bit     { type length … }
public import Wire

/// TABLE_MAP_EVENT as it lies in the log: cheap to look at. `tableMap()` reads the columns.
///
/// It comes with every statement; who has seen the same bytes (`body`) before need not read them again.
@frozen
public struct TableMapEvent: ~Escapable {
  public let tableID: UInt64
  public let flags: UInt16
  /// UTF-8.
  public let schema: RawSpan
  public let table: RawSpan
  /// The whole event without header and checksum.
  public let body: RawSpan
  /// Where in `body` the columns begin.
  @usableFromInline let columnsOffset: Int
  @usableFromInline let postHeaderLength: Int
  /// MariaDB says signs and collations of some types more than MySQL.
  @usableFromInline let isMariaDB: Bool

  @inlinable
  @_lifetime(copy body)
  public init(decoding body: RawSpan, postHeaderLength: Int = 8, isMariaDB: Bool) throws(WireError) {
    var reader = ByteReader(body)
    (tableID, flags) = try reader.tableAndFlags(postHeaderLength: postHeaderLength)
    try reader.skip(max(0, postHeaderLength &- 8))
    schema = try Self.name(from: &reader)
    table = try Self.name(from: &reader)
    columnsOffset = reader.offset
    self.body = body
    self.postHeaderLength = postHeaderLength
    self.isMariaDB = isMariaDB
  }

  @inlinable @inline(__always)
  @_lifetime(reader: copy reader)
  @_lifetime(copy reader)
  static func name(from reader: inout ByteReader) throws(WireError) -> RawSpan {
    let length = Int(try reader.byte())
    let name = try reader.bytes(length)
    guard try reader.byte() == 0 else { throw WireError(.unterminatedString, offset: reader.offset &- 1) }
    return name
  }

  /// Whether it describes the same table in the same way as an event with `other` as its body: all but the ID.
  public func isSame(as other: RawSpan) -> Bool {
    let start = postHeaderLength == 6 ? 4 : 6
    guard other.byteCount == body.byteCount, body.byteCount >= start else { return false }
    return body.extracting(start..<body.byteCount).isEqual(to: other.extracting(start..<other.byteCount))
  }

  public func encode(to writer: inout ByteWriter) {
    writer.append(unsigned: tableID, bytes: postHeaderLength == 6 ? 4 : 6)
    writer.append(littleEndian: flags)
    for _ in 8..<max(8, postHeaderLength) { writer.append(0 as UInt8) }
    for name in 0..<2 {
      let bytes = name == 0 ? schema : table
      writer.append(UInt8(truncatingIfNeeded: bytes.byteCount))
      writer.append(bytes)
      writer.append(0 as UInt8)
    }
    writer.append(body.extracting(columnsOffset..<body.byteCount))
  }
}
