// SPDX-License-Identifier: Apache-2.0
import MySQL
import Wire

/// What `mysqlbinlog -vv` said of log files (`NAME.expected.txt`).
struct BinlogExpected {
  struct Event: Equatable {
    /// As the header has it: 0 inside of MariaDB's transactions.
    var endPosition: UInt32
    var checksum: UInt32?
    var text: String
  }

  struct Row {
    /// INSERT, UPDATE or DELETE.
    var verb: String
    /// WHERE and SET: values by column number, from 1 on.
    var images: [[Int: String]] = []
  }

  private(set) var events: [Event] = []
  private(set) var rows: [Row] = []

  /// The part of the text that is about `file` (`binlog.000002`).
  init(_ text: String, file: String) {
    // A text about one file does not name it.
    var isInFile = !text.contains("#### ")
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("#### ") {
        isInFile = line.dropFirst(5) == file
      } else if isInFile {
        take(line)
      }
    }
  }

  private mutating func take(_ line: Substring) {
    if let match = line.firstMatch(
      of: /^[#]\d{6} [ \d]\d:\d\d:\d\d server id \d+  end_log_pos (\d+) (?:CRC32 0x([0-9a-f]+) )?\t?(.*)/)
    {
      let checksum = match.2.flatMap { UInt32($0, radix: 16) }
      events.append(Event(endPosition: UInt32(match.1) ?? 0, checksum: checksum, text: String(match.3)))
    } else if let match = line.firstMatch(of: /^[#]{3} (INSERT INTO|UPDATE|DELETE FROM)\b/) {
      rows.append(Row(verb: String(match.1)))
    } else if line == "### WHERE" || line == "### SET" {
      if !rows.isEmpty { rows[rows.count - 1].images.append([:]) }
    } else if let match = line.firstMatch(of: /^[#]{3}   @(\d+)=(.*?)(?: \/\* .*)?$/), let column = Int(match.1) {
      guard let row = rows.indices.last, let image = rows[row].images.indices.last else { return }
      rows[row].images[image][column] = String(match.2)
    }
  }
}

/// The same as we read it.
struct BinlogRowValues: BinlogEventSink {
  struct Row {
    var verb: String
    /// Nil for a value that is not compared: only integers and short ASCII texts are.
    var images: [[Int: [String]]]
    /// Which of the log's events it is in.
    var event: Int
  }

  private(set) var rows: [Row] = []
  private var events = 0
  private var tables: [UInt64: (map: TableMap, layout: RowLayout)] = [:]
  private var fields: [RowField] = []

  mutating func receive(_ event: borrowing BinlogEvent, _ header: EventHeader) throws -> BinlogFlow {
    events += 1
    switch event {
    case .tableMap(let event):
      let map = try event.tableMap()
      tables[map.tableID] = (map, try RowLayout(map.columns))
    case .rows(let event):
      // MariaDB's old temporal types: neither we nor mysqlbinlog can, without the definition.
      do { try take(event) } catch is WireError { break }
    default: break
    }
    return .more
  }

  private mutating func take(_ event: borrowing RowsEvent) throws {
    guard let (map, layout) = tables[event.tableID] else { return }
    let verb = event.kind == .insert ? "INSERT INTO" : event.kind == .delete ? "DELETE FROM" : "UPDATE"
    let rows = event.rows
    var offset = 0
    var found: [Row] = []
    while offset < rows.byteCount {
      var images: [[Int: [String]]] = []
      try layout.index(rows, at: &offset, present: event.present, into: &fields)
      images.append(Self.values(rows, fields, map))
      if event.hasTwoImages {
        let isPartial = event.kind == .partialUpdate
        try layout.index(rows, at: &offset, present: event.presentAfter, isPartial: isPartial, into: &fields)
        images.append(Self.values(rows, fields, map))
      }
      found.append(Row(verb: verb, images: images, event: events))
    }
    self.rows += found
  }

  /// For each column that is present: the texts that it may have; empty if we do not compare it.
  private static func values(_ rows: RawSpan, _ fields: [RowField], _ map: TableMap) -> [Int: [String]] {
    var values: [Int: [String]] = [:]
    for (index, field) in fields.enumerated() where field.kind != .absent {
      let bytes = rows.extracting(Int(field.offset)..<Int(field.offset + field.length)).array
      let column = map.columns[index]
      switch (field.kind, column.type) {
      case (.null, _): values[index + 1] = ["NULL"]
      case (.value, .tiny), (.value, .short), (.value, .int24), (.value, .long), (.value, .longLong):
        let unsigned = bytes.reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        let shift = UInt64(64 - 8 * bytes.count)
        values[index + 1] = ["\(unsigned)", "\(Int64(bitPattern: unsigned << shift) >> Int64(shift))"]
      case (.value, .varchar), (.value, .string), (.value, .blob):
        let isPlain = bytes.count < 200 && bytes.allSatisfy { (32..<127).contains($0) && $0 != 39 && $0 != 92 }
        let isText = map.columns[index].type != .string || !bytes.isEmpty
        values[index + 1] = isPlain && isText ? ["'\(String(decoding: bytes, as: UTF8.self))'"] : []
      default: values[index + 1] = []
      }
    }
    return values
  }
}
