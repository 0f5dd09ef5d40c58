// SPDX-License-Identifier: Apache-2.0

/// A set of MySQL's GTIDs: for each source intervals of numbers.
///
/// Adding the transaction that follows the last one of its source, which is what a log does, costs a search among the
/// sources and no allocation. Text and bytes are made when asked for.
public struct GTIDSet: Hashable, Sendable {
  /// Numbers from `start` up to, not including, `end`.
  public struct Interval: Hashable, Sendable {
    public var start: UInt64
    public var end: UInt64

    public init(start: UInt64, end: UInt64) {
      self.start = start
      self.end = end
    }
  }

  /// The numbers of one source.
  public struct Entry: Hashable, Sendable {
    public let source: GTID.Source
    /// Ascending, apart from each other, never empty.
    public internal(set) var intervals: [Interval]
  }

  /// Ascending by UUID, then tag (none first), as the server prints them.
  public private(set) var entries: [Entry] = []

  public init() {}

  public var isEmpty: Bool { entries.isEmpty }

  /// How many transactions it names.
  public var count: UInt64 {
    entries.reduce(0) { $0 + $1.intervals.reduce(0) { $0 + ($1.end - $1.start) } }
  }

  /// Where `source` is, or would have to be.
  private func index(of source: GTID.Source) -> Int {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].source < source { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func intervals(of source: GTID.Source) -> [Interval] {
    let index = index(of: source)
    return index < entries.count && entries[index].source == source ? entries[index].intervals : []
  }

  public mutating func add(_ gtid: GTID) {
    add(Interval(start: gtid.number, end: gtid.number + 1), to: gtid.source)
  }

  /// `interval` is not empty.
  public mutating func add(_ interval: Interval, to source: GTID.Source) {
    precondition(interval.start < interval.end)
    let index = index(of: source)
    guard index < entries.count, entries[index].source == source else {
      entries.insert(Entry(source: source, intervals: [interval]), at: index)
      return
    }
    entries[index].add(interval)
  }

  public func contains(_ gtid: GTID) -> Bool {
    let intervals = intervals(of: gtid.source)
    var low = 0
    var high = intervals.count
    while low < high {
      let middle = (low + high) / 2
      if intervals[middle].end <= gtid.number { low = middle + 1 } else { high = middle }
    }
    return low < intervals.count && intervals[low].start <= gtid.number
  }

  public func isSubset(of other: GTIDSet) -> Bool {
    entries.allSatisfy { entry in
      let theirs = other.intervals(of: entry.source)
      var at = 0
      return entry.intervals.allSatisfy { interval in
        while at < theirs.count, theirs[at].end < interval.end { at += 1 }
        return at < theirs.count && theirs[at].start <= interval.start
      }
    }
  }

  public mutating func formUnion(_ other: GTIDSet) {
    for entry in other.entries {
      for interval in entry.intervals { add(interval, to: entry.source) }
    }
  }

  public func union(_ other: GTIDSet) -> GTIDSet {
    var union = self
    union.formUnion(other)
    return union
  }

  /// What is in this set and not in `other`.
  public func subtracting(_ other: GTIDSet) -> GTIDSet {
    var rest = GTIDSet()
    for entry in entries {
      let theirs = other.intervals(of: entry.source)
      for interval in entry.intervals {
        var start = interval.start
        for hole in theirs where hole.end > start && hole.start < interval.end {
          if hole.start > start { rest.add(Interval(start: start, end: hole.start), to: entry.source) }
          start = hole.end
        }
        if start < interval.end { rest.add(Interval(start: start, end: interval.end), to: entry.source) }
      }
    }
    return rest
  }
}

extension GTIDSet.Entry {
  /// Puts an interval in, joined with those that it touches.
  mutating func add(_ interval: GTIDSet.Interval) {
    let last = intervals.count - 1
    // The log's own order: the next number, or one after a gap.
    if intervals[last].end == interval.start {
      intervals[last].end = interval.end
      return
    }
    if intervals[last].end < interval.start {
      intervals.append(interval)
      return
    }
    var first = 0
    var high = intervals.count
    while first < high {
      let middle = (first + high) / 2
      if intervals[middle].end < interval.start { first = middle + 1 } else { high = middle }
    }
    var end = first
    var joined = interval
    while end < intervals.count, intervals[end].start <= interval.end {
      joined.start = min(joined.start, intervals[end].start)
      joined.end = max(joined.end, intervals[end].end)
      end += 1
    }
    intervals.replaceSubrange(first..<end, with: CollectionOfOne(joined))
  }
}
