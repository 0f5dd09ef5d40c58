// SPDX-License-Identifier: Apache-2.0
import Foundation
import Support

/// What etcd went through, as a watch reports it, held against what was committed and in which order.
struct TortureHistory {
  private(set) var putTwice = 0
  private(set) var backwards = 0
  private(set) var torn = 0
  private(set) var outOfOrder = 0
  private(set) var neverCommitted = 0
  private(set) var transactions = 0
  private(set) var puts = 0
  /// The first of each kind, for people.
  private(set) var findings: [String] = []

  private let rows: String
  private let checkpoint: String
  private var isDumped = false
  private var lastVersion: [String: Int] = [:]
  private var revisions: [Int: Set<Int>] = [:]
  private var ledger: [(transaction: Int, revision: Int, isBig: Bool)] = []
  private var place: [Int: Int] = [:]

  private let one: String
  private let ledgerRows: String

  init(_ replication: SourceReplication<some TortureSource>) {
    rows = replication.rowsFolder
    one = replication.key("one", "")
    ledgerRows = replication.key("ledger", "")
    checkpoint = replication.stateFolder + "checkpoint"
  }

  var isClean: Bool { putTwice + backwards + torn + outOfOrder + neverCommitted == 0 }

  /// All events since the last call, in order.
  mutating func add(_ events: [TestEtcd.KeyValue]) {
    for event in events {
      if event.key == checkpoint {
        if !isDumped, event.text.contains(#""phase":"sync""#) { isDumped = true }
      } else if event.key.hasPrefix(rows), event.version > 0 {
        note(event)
      }
    }
  }

  private mutating func note(_ put: TestEtcd.KeyValue) {
    guard let version = Self.number("version", in: put.value), let transaction = Self.number("txn", in: put.value)
    else {
      return
    }
    puts += 1
    let before = lastVersion.updateValue(version, forKey: put.key)
    if let before, version < before { found(\.backwards, "\(put.key) goes back from \(before) to \(version)") }
    guard isDumped else { return }
    if before == version { found(\.putTwice, "\(put.key) version \(version) again at revision \(put.modRevision)") }
    if put.key.hasPrefix(one), put.text.contains(TortureWriter.rolledBack) {
      found(\.neverCommitted, "\(put.key) shows what was rolled back")
    }
    revisions[transaction, default: []].insert(put.modRevision)
    if put.key.hasPrefix(ledgerRows) {
      let isBig = put.text.contains(#""big":true"#) || put.text.contains(#""big":1"#)
      ledger.append((transaction, put.modRevision, isBig))
    }
  }

  /// Judges the transactions seen since the last call; `committed` are those that have committed since, in that order.
  mutating func judge(committed: [Int]) {
    for transaction in committed { place[transaction] = place.count }
    var latest = -1
    var within = (revision: 0, latest: -1)
    for entry in ledger {
      transactions += 1
      guard let place = place[entry.transaction] else {
        found(\.neverCommitted, "transaction \(entry.transaction) was never committed")
        continue
      }
      if entry.revision != within.revision {
        latest = max(latest, within.latest)
        within = (entry.revision, -1)
      }
      if place < latest { found(\.outOfOrder, "transaction \(entry.transaction) at revision \(entry.revision)") }
      within.latest = max(within.latest, place)
      let parts = revisions[entry.transaction] ?? []
      if !entry.isBig, parts.count > 1 {
        found(\.torn, "transaction \(entry.transaction) is spread over the revisions \(parts.sorted())")
      }
    }
    ledger.removeAll()
    revisions.removeAll()
  }

  private mutating func found(_ kind: WritableKeyPath<TortureHistory, Int>, _ text: String) {
    if self[keyPath: kind] == 0 { findings.append(text) }
    self[keyPath: kind] += 1
  }

  /// The number that stands behind `"name":`. The members looked for are near the beginning.
  private static func number(_ name: String, in value: [UInt8]) -> Int? {
    let text = String(decoding: value.prefix(200), as: UTF8.self)
    guard let mark = text.range(of: "\"\(name)\":") else { return nil }
    return Int(text[mark.upperBound...].prefix { $0.isNumber })
  }
}
