// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Daemon

/// A sorted list of keys that answers ranges as etcd does, and counts what a range makes it visit.
private struct Store {
  var keys: [[UInt8]]
  var visits = 0
  var requests = 0

  init(_ texts: [String]) {
    keys = texts.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
  }

  func index(of key: [UInt8]) -> Int {
    var low = 0
    var high = keys.count
    while low < high {
      let middle = (low + high) / 2
      if keys[middle].lexicographicallyPrecedes(key) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  mutating func page(_ paging: inout KeyPaging) -> ArraySlice<[UInt8]> {
    let all = keys[index(of: paging.from)..<index(of: paging.until)]
    visits += all.count
    requests += 1
    let page = all.prefix(paging.limit)
    paging.answered(count: page.count, first: page.first, last: page.last, more: all.count > page.count)
    return page
  }
}

@Suite struct KeyPagingTests {
  @Test(
    "every key under the prefix once and in order, without visiting the rest for each page",
    arguments: ["digits", "padded", "uuid", "composite", "one", "none", "high bytes"])
  func pages(_ kind: String) {
    var generator = SystemRandomNumberGenerator()
    let names: [String] =
      switch kind {
      case "digits": (1...20_000).map { "\($0)" }
      case "padded": (10_000_001...10_020_000).map { "\($0)" }
      case "uuid": (1...20_000).map { _ in String(UInt64.random(in: 0...UInt64.max, using: &generator), radix: 16) }
      case "composite": (1...20_000).map { "\($0 % 7)/\($0)" }
      case "high bytes": (1...5_000).map { "\u{10FFFF}\u{FFFF}\($0)" }
      case "one": ["1"]
      default: []
      }
    let others = ["/sync/public/s/1", "/sync/public/t", "/sync/public/u/1"]
    var store = Store(names.map { "/sync/public/t/\($0)" } + others)
    var paging = KeyPaging(prefix: Array("/sync/public/t/".utf8), limit: 200)
    var seen: [[UInt8]] = []
    while !paging.isFinished, store.requests < 10_000 { seen += store.page(&paging) }
    let expected = store.keys.filter { $0.starts(with: Array("/sync/public/t/".utf8)) }
    #expect(seen == expected)
    // The first range is open; the others together cost a small multiple of the keys.
    #expect(store.visits <= 12 * names.count + 2)
    #expect(store.requests <= 4 * names.count / 200 + 50)
  }
}
