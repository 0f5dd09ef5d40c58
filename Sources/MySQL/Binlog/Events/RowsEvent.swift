// SPDX-License-Identifier: Apache-2.0
//
//   table ID  flags   [extra: length, bytes]  columns  present [present after]   rows
//   6 bytes   UInt16  UInt16, version 2 only  packed   1 bit × columns           to the end
public import Wire

/// The rows events: WRITE, UPDATE and DELETE of versions 1 and 2, MySQL's PARTIAL_UPDATE_ROWS, and MariaDB's
/// compressed ones once they are unpacked.
///
/// `rows` are images one after the other: one of an inserted or a deleted row, two (before, after) of an updated one.
/// `RowLayout.index` finds the columns of an image.
@frozen
public struct RowsEvent: ~Escapable {
  @frozen
  public enum Kind: UInt8, Sendable {
    case insert, update, delete
    /// An update whose after images may hold differences of JSON values.
    case partialUpdate
  }

  @frozen
  public struct Flags: OptionSet, Sendable {
    public let rawValue: UInt16
    @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }
    public static let statementEnd = Flags(rawValue: 0x1)
    public static let noForeignKeyChecks = Flags(rawValue: 0x2)
    public static let relaxedUniqueChecks = Flags(rawValue: 0x4)
    public static let completeRows = Flags(rawValue: 0x8)
    /// MySQL 9: foreign keys are the SQL layer's; cascades are in the log.
    public static let useSQLForeignKey = Flags(rawValue: 0x10)
  }

  public let kind: Kind
  public let isVersion2: Bool
  public let tableID: UInt64
  public let flags: Flags
  /// Version 2: "extra row info" (NDB, partition), without the length before it.
  public let extra: RawSpan
  public let columnCount: Int
  /// Which columns the images of `insert` and `delete`, and the before images of updates, hold.
  public let present: ColumnBitmap
  /// Which columns the after images of updates hold; for other kinds the same as `present`.
  public let presentAfter: ColumnBitmap
  public let rows: RawSpan
  @usableFromInline let hasShortID: Bool

  /// A rows event without rows that only ends a statement.
  @inlinable public var isDummy: Bool { tableID == 0xFF_FFFF }
  @inlinable public var hasTwoImages: Bool { kind == .update || kind == .partialUpdate }

  @inlinable
  @_lifetime(copy body)
  public init(decoding body: RawSpan, type: EventType, postHeaderLength: Int) throws(WireError) {
    var reader = ByteReader(body)
    switch type {
    case .writeRows, .writeRowsV1, .writeRowsCompressed, .writeRowsCompressedV1: kind = .insert
    case .deleteRows, .deleteRowsV1, .deleteRowsCompressed, .deleteRowsCompressedV1: kind = .delete
    case .partialUpdateRows: kind = .partialUpdate
    default: kind = .update
    }
    hasShortID = postHeaderLength == 6
    // "ROWS_HEADER_LEN_V1 8, ROWS_HEADER_LEN_V2 10": two bytes more say how long the extra data is.
    isVersion2 = postHeaderLength >= 10
    let head = try reader.tableAndFlags(postHeaderLength: postHeaderLength)
    tableID = head.table
    flags = Flags(rawValue: head.flags)
    if isVersion2 {
      let length = Int(try reader.littleEndian(UInt16.self))
      guard length >= 2 else { throw WireError(.badLength(length), offset: reader.offset &- 2) }
      extra = try reader.bytes(length &- 2)
    } else {
      extra = body.extracting(0..<0)
    }
    let count = try reader.lengthEncoded()
    // "The maximum number of columns per table is 4096."
    guard count <= 4096 else { throw WireError(.badLength(Int(clamping: count)), offset: reader.offset) }
    columnCount = Int(count)
    let bitmap = ColumnBitmap(try reader.bytes((columnCount &+ 7) >> 3), count: columnCount)
    present = bitmap
    if kind == .update || kind == .partialUpdate {
      presentAfter = ColumnBitmap(try reader.bytes((columnCount &+ 7) >> 3), count: columnCount)
    } else {
      presentAfter = bitmap
    }
    rows = reader.rest()
  }

  /// The same event with rows that were packed.
  @_lifetime(copy event, copy rows)
  init(_ event: borrowing RowsEvent, unpacked rows: RawSpan) {
    kind = event.kind
    isVersion2 = event.isVersion2
    tableID = event.tableID
    flags = event.flags
    extra = event.extra
    columnCount = event.columnCount
    present = event.present
    presentAfter = event.presentAfter
    hasShortID = event.hasShortID
    self.rows = rows
  }

  public func encode(to writer: inout ByteWriter) {
    writer.append(unsigned: tableID, bytes: hasShortID ? 4 : 6)
    writer.append(littleEndian: flags.rawValue)
    if isVersion2 {
      writer.append(littleEndian: UInt16(truncatingIfNeeded: extra.byteCount + 2))
      writer.append(extra)
    }
    writer.append(lengthEncoded: UInt64(columnCount))
    writer.append(present.bytes)
    if hasTwoImages { writer.append(presentAfter.bytes) }
    writer.append(rows)
  }
}
