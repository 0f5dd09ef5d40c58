// SPDX-License-Identifier: Apache-2.0
import Etcd
import Wire

/// Every row with every key. What a row should be, the database server itself says.
///
/// Keys of a fixed width come from both sides in the same order, so that two cursors are enough.
final class Comparison {
  private let servers: Servers
  private let prefix: [UInt8]
  private let source: any RowSource
  private var isFinished = false
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

  init(_ servers: Servers, prefix: String, source: any RowSource) {
    self.servers = servers
    self.prefix = Array(prefix.utf8)
    self.source = source
    nextKey = self.prefix
  }

  func run() throws {
    let end = KeyRange.end(ofPrefix: prefix)
    repeat {
      let expected = try source.next(Self.page)
      isFinished = expected.count < Self.page
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
}
