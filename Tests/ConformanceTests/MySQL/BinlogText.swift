// SPDX-License-Identifier: Apache-2.0
import MySQL
import Support
import Wire

/// One line an event, and one a row; remembers table maps as a replica does.
struct BinlogText: BinlogEventSink {
  private(set) var lines: [String] = []
  private var tables: [UInt64: (map: TableMap, layout: RowLayout)] = [:]
  private var fields: [RowField] = []

  mutating func receive(_ event: borrowing BinlogEvent, _ header: EventHeader) throws -> BinlogFlow {
    let place = header.isInPayload ? "in \(header.position)" : "\(header.position)-\(header.endPosition)"
    lines.append("\(place) \(header.type) \(header.flags.rawValue) \(try Self.text(event))")
    switch event {
    case .tableMap(let event):
      let map = try event.tableMap()
      tables[map.tableID] = (map, try RowLayout(map.columns))
    case .rows(let event):
      // MariaDB's old temporal types cannot be read without the table's definition: mysqlbinlog gives up there too.
      do { try addRows(event) } catch let error as WireError { lines.append("  \(error)") }
    default: break
    }
    return .more
  }

  private mutating func addRows(_ event: borrowing RowsEvent) throws {
    guard let (map, layout) = tables[event.tableID] else { throw WireError(.badValue("no table map"), offset: 0) }
    var offset = 0
    let rows = event.rows
    while offset < rows.byteCount {
      try layout.index(rows, at: &offset, present: event.present, into: &fields)
      lines.append("  \(event.hasTwoImages ? "-" : event.kind == .delete ? "-" : "+") " + Self.text(rows, fields, map))
      if event.hasTwoImages {
        try layout.index(
          rows, at: &offset, present: event.presentAfter, isPartial: event.kind == .partialUpdate, into: &fields)
        lines.append("  + " + Self.text(rows, fields, map))
      }
    }
  }

  /// Long values as their beginning, length and checksum.
  private static func hex(_ bytes: RawSpan) -> String {
    if bytes.byteCount <= 100 { return String(hex: bytes.array) }
    let start = String(hex: bytes.extracting(0..<20).array)
    return "\(start)…\(bytes.byteCount)#\(String(CRC32.of(bytes), radix: 16))"
  }

  private static func text(_ rows: RawSpan, _ fields: [RowField], _ map: TableMap) -> String {
    fields.enumerated().map { index, field in
      switch field.kind {
      case .null: "NULL"
      case .absent: "-"
      case .value, .differences:
        (field.kind == .differences ? "~" : "")
          + Self.hex(rows.extracting(Int(field.offset)..<Int(field.offset + field.length)))
      }
    }.joined(separator: " ")
  }

  private static func text(_ event: borrowing BinlogEvent) throws -> String {
    switch event {
    case .formatDescription(let event):
      "\(event.serverVersion) created \(event.created) checksum \(event.checksum) lengths \(event.postHeaderLengths.count)"
    case .rotate(let event): "\(String(decoding: event.file)):\(event.position)"
    case .gtid(let event):
      "\(event.gtid) flags \(event.flags) clock \(event.lastCommitted) \(event.sequenceNumber) length \(event.transactionLength ?? 0)"
    case .previousGTIDs(let event): "\(event.gtids)"
    case .mariaDBGTID(let event):
      "\(event.gtid) flags \(event.flags.rawValue) \(event.commitID.map { "commit \($0) " } ?? "")\(event.xid.map { "\($0) " } ?? "")\(String(hex: event.extra))"
    case .gtidList(let event): "\(event.gtids)"
    case .binlogCheckpoint(let event): String(decoding: event.file)
    case .startEncryption(let event): "scheme \(event.scheme)"
    case .query(let event), .executeLoadQuery(let event):
      "thread \(event.threadID) error \(event.errorCode) schema \(String(decoding: event.schema)): \(Self.line(event.statement)) \(try Self.status(event))"
    case .loadData(let event): "file \(event.fileID) \(event.block.byteCount) bytes"
    case .statementContext(let event): String(hex: event.body.array)
    case .statementText(let event): Self.line(event.text)
    case .xid(let event): "\(event.xid)"
    case .xaPrepare(let event): "\(event.xid)\(event.isOnePhase ? " one phase" : "")"
    case .tableMap(let event): Self.text(try event.tableMap())
    case .rows(let event):
      "table \(event.tableID) \(event.kind) v\(event.isVersion2 ? 2 : 1) flags \(event.flags.rawValue) columns \(event.columnCount) present \(String(hex: event.present.bytes.array)) \(String(hex: event.presentAfter.bytes.array)) extra \(String(hex: event.extra.array))"
    case .transactionPayload(let event): "\(event.compression) \(event.uncompressedSize ?? 0)"
    case .incident(let event): "\(event.number) \(Self.line(event.message))"
    case .heartbeat(let event): "\(String(decoding: event.file)):\(event.position ?? 0)"
    case .stop: ""
    case .ignorable(let event), .other(let event): String(hex: event.body.array)
    }
  }

  private static func line(_ text: RawSpan) -> String {
    String(decoding: text).replacing("\n", with: "\\n")
  }

  private static func status(_ event: borrowing QueryEvent) throws -> String {
    let status = try QueryStatus(decoding: event.status)
    return "mode \(status.sqlMode ?? 0) client \(status.clientCharacterSet ?? 0) schemas \(status.updatedSchemas ?? [])"
  }

  private static func text(_ map: TableMap) -> String {
    var text = "\(map.tableID) \(map.schema).\(map.table) flags \(map.flags)"
    for (index, column) in map.columns.enumerated() {
      text += " | \(map.metadata.columnNames?[index] ?? "") \(column.type.rawValue):\(column.metadata)"
      if map.metadata.isUnsigned?[index] == true { text += " unsigned" }
      if !column.isNullable { text += " not null" }
      if let collation = map.metadata.collations?[index], collation != 0 { text += " collation \(collation)" }
      if let labels = map.metadata.labels?[index], !labels.isEmpty {
        text += " \(labels.map { String(decoding: $0, as: UTF8.self) })"
      }
      if let type = map.metadata.geometryTypes?[index] { text += " geometry \(type)" }
      if let count = map.metadata.vectorDimensions?[index] { text += " dimensions \(count)" }
      if map.metadata.isVisible?[index] == false { text += " invisible" }
    }
    if let key = map.metadata.primaryKey { text += " | key \(key)" }
    if let prefixes = map.metadata.primaryKeyPrefixes { text += " prefixes \(prefixes)" }
    return text
  }
}
