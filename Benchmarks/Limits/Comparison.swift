// SPDX-License-Identifier: Apache-2.0
import Daemon
import Etcd
import Postgres
import Wire

/// Every row with every key. What a row should be, the server itself says: `row_to_json`.
///
/// Keys of a fixed width come from both sides in the same order, so that two cursors are enough.
final class Comparison: CopySink {
  private let servers: Servers
  private let prefix: [UInt8]
  private let connection: PostgresConnection
  private var line = CopyTextLine()
  private var isFinished = false
  private var expected: [(key: [UInt8], value: [UInt8])] = []
  private var stored: [KeyValue] = []
  private var storedTaken = 0
  private var nextKey: [UInt8]
  private var rangeEnd: [UInt8] = []
  private var hasMore = false
  private var same = 0
  private var missing = 0
  private var extra = 0
  private var different = 0
  private static let page = 4000

  var isEqual: Bool { missing + extra + different == 0 }

  init(_ servers: Servers, prefix: String, table: String) throws {
    self.servers = servers
    self.prefix = Array(prefix.utf8)
    nextKey = self.prefix
    connection = try servers.openPostgres()
    try connection.beginCopyOut(
      "COPY (SELECT t.id, row_to_json(t) FROM \(table) t ORDER BY t.id) TO STDOUT", deadline: .after(.seconds(60)))
  }

  func run() throws {
    let end = KeyRange.end(ofPrefix: prefix)
    repeat {
      expected.removeAll(keepingCapacity: true)
      try readRows()
      // Each page of rows asks for the keys up to its last row's. An open end would let etcd count all that follow.
      rangeEnd = isFinished ? end : expected.last.map { KeyRange.after($0.key) } ?? end
      hasMore = true
      for row in expected { try meet(row.key, row.value) }
      while try nextStored() != nil {
        extra += 1
        storedTaken += 1
      }
    } while !isFinished
    print("\(same) equal, \(missing) missing, \(extra) extra, \(different) different")
  }

  private func meet(_ key: [UInt8], _ value: [UInt8]) throws {
    while let item = try nextStored() {
      if item.key == key {
        storedTaken += 1
        if item.value == value { same += 1 } else { different += 1 }
        return
      }
      if key.lexicographicallyPrecedes(item.key) { break }
      extra += 1
      storedTaken += 1
    }
    missing += 1
  }

  /// The next key of etcd in the page that has not been met, if there is one.
  private func nextStored() throws -> KeyValue? {
    if storedTaken < stored.count { return stored[storedTaken] }
    guard hasMore else { return nil }
    let answer = try servers.etcd.range(
      RangeRequest(key: nextKey, rangeEnd: rangeEnd, limit: Int64(Self.page)), deadline: .after(.seconds(60)))
    stored = answer.keyValues
    storedTaken = 0
    hasMore = answer.more
    nextKey = hasMore ? stored.last.map { KeyRange.after($0.key) } ?? rangeEnd : rangeEnd
    return stored.first
  }

  private func readRows() throws {
    var sink = self
    while !isFinished, expected.count < Self.page {
      switch try connection.drainCopy(into: &sink) {
      case .finished: isFinished = true
      case .paused: return
      case .needsInput: try servers.loop.turn(until: .after(.milliseconds(100)))
      }
    }
  }

  func receive(_ data: RawSpan) throws(WireError) -> Flow {
    try line.split(data)
    let (id, value) = try Self.columns(line, data)
    expected.append((prefix + id, value))
    return expected.count < Self.page ? .more : .pause
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
