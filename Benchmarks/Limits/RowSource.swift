// SPDX-License-Identifier: Apache-2.0
import Daemon
import Glibc
import Postgres
import Wire

/// Rows as they should be in etcd, in the order of their keys.
protocol RowSource: AnyObject {
  /// The next rows: `count` of them, and fewer only at the end.
  func next(_ count: Int) throws -> [(key: [UInt8], value: [UInt8])]
}

/// What PostgreSQL says of its rows: `row_to_json`.
final class CopiedRows: RowSource, CopySink {
  private let loop: PollLoop
  private let prefix: [UInt8]
  private let connection: PostgresConnection
  private var line = CopyTextLine()
  private var rows: [(key: [UInt8], value: [UInt8])] = []
  private var wanted = 0
  private var isFinished = false

  init(_ servers: Servers, prefix: String, table: String) throws {
    loop = servers.loop
    self.prefix = Array(prefix.utf8)
    connection = try servers.openPostgres()
    try connection.beginCopyOut(
      "COPY (SELECT t.id, row_to_json(t) FROM \(table) t ORDER BY t.id) TO STDOUT", deadline: .after(.seconds(60)))
  }

  func next(_ count: Int) throws -> [(key: [UInt8], value: [UInt8])] {
    rows.removeAll(keepingCapacity: true)
    wanted = count
    var sink = self
    while !isFinished, rows.count < wanted {
      switch try connection.drainCopy(into: &sink) {
      case .finished: isFinished = true
      case .paused: return rows
      case .needsInput: try loop.turn(until: .after(.milliseconds(100)))
      }
    }
    return rows
  }

  func receive(_ data: RawSpan) throws(WireError) -> Flow {
    try line.split(data)
    let (id, value) = try Self.columns(line, data)
    rows.append((prefix + id, value))
    return rows.count < wanted ? .more : .pause
  }

  private static func columns(
    _ line: borrowing CopyTextLine, _ data: RawSpan
  ) throws(WireError) -> (id: [UInt8], value: [UInt8]) {
    let fields = line.fields
    let base = line.base(of: data)
    guard fields.count == 2 else { throw WireError(.badValue("two columns expected"), offset: 0) }
    let id = fields[0]
    let value = fields[1]
    return (
      base.extracting(id.offset..<(id.offset + id.length)).array,
      base.extracting(value.offset..<(value.offset + value.length)).array
    )
  }
}

/// Lines of standard input: a key's last part, a tab, the value.
final class RowLines: RowSource {
  private let prefix: [UInt8]
  private let input = ReceiveBuffer(capacity: 1 << 20)

  init(prefix: String) { self.prefix = Array(prefix.utf8) }

  func next(_ count: Int) throws -> [(key: [UInt8], value: [UInt8])] {
    var rows: [(key: [UInt8], value: [UInt8])] = []
    rows.reserveCapacity(count)
    while rows.count < count, let row = try nextRow() { rows.append(row) }
    return rows
  }

  private func nextRow() throws -> (key: [UInt8], value: [UInt8])? {
    // A local: a span of a class's property cannot be looked into.
    let input = self.input
    while true {
      let line = input.unread
      if let end = line.firstIndex(of: 0x0A) {
        guard let tab = line.firstIndex(of: 0x09), tab < end else { fail("a line without a tab") }
        let row = (prefix + line.extracting(0..<tab).array, line.extracting((tab + 1)..<end).array)
        input.consume(end + 1)
        return row
      }
      let count = unsafe input.fill(room: 1 << 18) { unsafe read(STDIN_FILENO, $0.baseAddress, $0.count) }
      if count == 0 { return nil }
    }
  }
}
