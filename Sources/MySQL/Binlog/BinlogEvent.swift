// SPDX-License-Identifier: Apache-2.0
public import Wire

/// One event of a binary log: a view of borrowed bytes, without header and checksum.
@frozen
public enum BinlogEvent: ~Escapable {
  case formatDescription(FormatDescription)
  case rotate(RotateEvent)
  case gtid(GTIDEvent)
  case previousGTIDs(PreviousGTIDsEvent)
  case mariaDBGTID(MariaDBGTIDEvent)
  case gtidList(GTIDListEvent)
  case binlogCheckpoint(BinlogCheckpointEvent)
  case startEncryption(StartEncryptionEvent)
  case query(QueryEvent)
  /// A LOAD DATA that is logged as a statement.
  case executeLoadQuery(QueryEvent)
  case loadData(LoadDataEvent)
  case statementContext(StatementContextEvent)
  case statementText(StatementTextEvent)
  case xid(XIDEvent)
  case xaPrepare(XAPrepareEvent)
  case tableMap(TableMapEvent)
  case rows(RowsEvent)
  case transactionPayload(TransactionPayloadEvent)
  case incident(IncidentEvent)
  case heartbeat(HeartbeatEvent)
  case stop
  /// Ignorable for everybody, MySQL's own.
  case ignorable(OtherEvent)
  /// Not read; named, and to be passed over.
  case other(OtherEvent)

  /// - Parameters:
  ///   - body: the event between header and checksum; MariaDB's compressed ones as they are: `BinlogDecoder` unpacks.
  ///   - format: of the file that the event is in.
  /// - Throws: `BinlogError` without a position of its own: the header's.
  @_lifetime(copy body)
  public init(
    decoding body: RawSpan, header: EventHeader, format: borrowing FormatDescription
  ) throws(BinlogError) {
    let length = format.postHeaderLength(of: header.type)
    self = try Self.decode(body, header, postHeaderLength: length, isMariaDB: format.isMariaDB)
  }

  /// The same with what the format description says of this event.
  @inline(__always)
  @_lifetime(copy body)
  static func decode(
    _ body: RawSpan, _ header: EventHeader, postHeaderLength length: Int?, isMariaDB: Bool
  ) throws(BinlogError) -> BinlogEvent {
    let type = header.type
    do throws(WireError) {
      switch type {
      case .tableMap:
        return .tableMap(try TableMapEvent(decoding: body, postHeaderLength: length ?? 8, isMariaDB: isMariaDB))
      case .writeRowsV1, .updateRowsV1, .deleteRowsV1, .writeRowsCompressedV1, .updateRowsCompressedV1,
        .deleteRowsCompressedV1:
        return .rows(try RowsEvent(decoding: body, type: type, postHeaderLength: length ?? 8))
      case .writeRows, .updateRows, .deleteRows, .partialUpdateRows, .writeRowsCompressed, .updateRowsCompressed,
        .deleteRowsCompressed:
        return .rows(try RowsEvent(decoding: body, type: type, postHeaderLength: length ?? 10))
      case .xid: return .xid(try XIDEvent(decoding: body))
      case .query, .queryCompressed:
        return .query(try QueryEvent(decoding: body, type: type, postHeaderLength: length ?? 13))
      case .gtid, .anonymousGTID, .taggedGTID: return .gtid(try GTIDEvent(decoding: body, type: type))
      case .mariaDBGTID:
        return .mariaDBGTID(try MariaDBGTIDEvent(decoding: body, server: header.serverID))
      default:
        guard let rare = try BinlogEvent(rare: body, header, postHeaderLength: length, isMariaDB: isMariaDB) else {
          throw WireError(.badValue("unsupported"), offset: -1)
        }
        return rare
      }
    } catch {
      if error.offset < 0 { throw BinlogError(.unsupported, header) }
      throw BinlogError(malformed: error, header)
    }
  }

  /// Nil for a type that is not supported.
  @_lifetime(copy body)
  private init?(
    rare body: RawSpan, _ header: EventHeader, postHeaderLength length: Int?, isMariaDB: Bool
  ) throws(WireError) {
    let type = header.type
    switch type {
    case .formatDescription: self = .formatDescription(try FormatDescription(decoding: body))
    case .rotate: self = .rotate(try RotateEvent(decoding: body))
    case .previousGTIDs: self = .previousGTIDs(try PreviousGTIDsEvent(decoding: body))
    case .gtidList: self = .gtidList(try GTIDListEvent(decoding: body))
    case .binlogCheckpoint: self = .binlogCheckpoint(try BinlogCheckpointEvent(decoding: body))
    case .startEncryption: self = .startEncryption(try StartEncryptionEvent(decoding: body))
    case .rowsQuery, .annotateRows: self = .statementText(try StatementTextEvent(decoding: body, type: type))
    case .xaPrepare: self = .xaPrepare(try XAPrepareEvent(decoding: body))
    case .transactionPayload: self = .transactionPayload(try TransactionPayloadEvent(decoding: body))
    case .incident: self = .incident(try IncidentEvent(decoding: body))
    case .heartbeat, .heartbeatV2:
      let isLong = header.logPosition == 0 && isMariaDB
      self = .heartbeat(try HeartbeatEvent(decoding: body, type: type, longPosition: isLong))
    case .executeLoadQuery:
      self = .executeLoadQuery(try QueryEvent(decoding: body, type: type, postHeaderLength: length ?? 26))
    case .beginLoadQuery, .appendBlock, .deleteFile:
      self = .loadData(try LoadDataEvent(decoding: body, type: type))
    case .intVar, .rand, .userVar:
      self = .statementContext(try StatementContextEvent(decoding: body, type: type))
    case .stop: self = .stop
    case .ignorable: self = .ignorable(OtherEvent(type: type, body: body))
    default:
      // What is never harmless is refused by name even if it is marked as ignorable: rows in a form we do not read.
      guard type.isHarmless || header.flags.contains(.ignorable) && type != .partialRowData else { return nil }
      self = .other(OtherEvent(type: type, body: body))
    }
  }

  /// The event's body.
  public func encode(to writer: inout ByteWriter) {
    switch self {
    case .formatDescription(let event): event.encode(to: &writer)
    case .rotate(let event): event.encode(to: &writer)
    case .gtid(let event): event.encode(to: &writer)
    case .previousGTIDs(let event): event.encode(to: &writer)
    case .mariaDBGTID(let event): event.encode(to: &writer)
    case .gtidList(let event): event.encode(to: &writer)
    case .binlogCheckpoint(let event): event.encode(to: &writer)
    case .startEncryption(let event): event.encode(to: &writer)
    case .query(let event): event.encode(to: &writer)
    case .executeLoadQuery(let event): event.encode(to: &writer)
    case .loadData(let event): event.encode(to: &writer)
    case .statementContext(let event): event.encode(to: &writer)
    case .statementText(let event): event.encode(to: &writer)
    case .xid(let event): event.encode(to: &writer)
    case .xaPrepare(let event): event.encode(to: &writer)
    case .tableMap(let event): event.encode(to: &writer)
    case .rows(let event): event.encode(to: &writer)
    case .transactionPayload(let event): event.encode(to: &writer)
    case .incident(let event): event.encode(to: &writer)
    case .heartbeat(let event): event.encode(to: &writer)
    case .stop: break
    case .ignorable(let event): event.encode(to: &writer)
    case .other(let event): event.encode(to: &writer)
    }
  }

  /// The whole event: `header` with its real size, the body, and the checksum. A format description always has the
  /// four bytes of a checksum, zeros if the algorithm is none.
  public func encode(header: EventHeader, checksum: ChecksumAlgorithm, to writer: inout ByteWriter) {
    let start = writer.count
    header.encode(to: &writer)
    encode(to: &writer)
    let isFormat = header.type == .formatDescription
    let checksumCount = isFormat ? 4 : checksum.byteCount
    let size = UInt32(truncatingIfNeeded: writer.count - start + checksumCount)
    writer.patch(bigEndian: size.byteSwapped, at: start + 9)
    if checksum == .crc32 {
      writer.append(littleEndian: writer.withBytes(from: start) { CRC32.of($0) })
    } else if isFormat {
      writer.append(littleEndian: 0 as UInt32)
    }
  }
}
