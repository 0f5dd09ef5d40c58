// SPDX-License-Identifier: Apache-2.0
internal import Etcd

/// Pages through the keys under a prefix in ranges that end not far behind their page.
///
/// etcd counts every key of a range, whatever the limit: with an open end each page would cost all keys that are left,
/// and a million keys a quarter of a billion visits. So a range holds the keys that share the first `depth` bytes with
/// its first one. A full page says how deep its keys branch; a page that is nearly empty widens the next range.
struct KeyPaging {
  let limit: Int
  private let end: [UInt8]
  private let depthMin: Int
  private var depth: Int
  /// Where the next range begins.
  private(set) var from: [UInt8]
  private(set) var isFinished = false

  init(prefix: [UInt8], limit: Int) {
    self.limit = limit
    end = KeyRange.end(ofPrefix: prefix)
    depthMin = prefix.count
    depth = prefix.count
    from = prefix
  }

  /// Where the next range ends. Never before `from`, and never behind the prefix.
  var until: [UInt8] {
    depth <= depthMin ? end : KeyRange.end(ofPrefix: Array(from.prefix(depth)))
  }

  /// The range was answered: with so many keys from `first` to `last`, and with `more` if there are further ones in it.
  mutating func answered(count: Int, first: [UInt8]?, last: [UInt8]?, more: Bool) {
    if more, let first, let last {
      from = KeyRange.after(last)
      depth = max(zip(first, last).prefix { $0 == $1 }.count + 1, depthMin)
      return
    }
    let bound = until
    guard bound != end else {
      isFinished = true
      return
    }
    from = bound
    if count < limit / 8 { depth -= 1 }
  }
}
