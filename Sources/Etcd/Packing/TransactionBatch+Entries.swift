// SPDX-License-Identifier: Apache-2.0
public import Wire

// How a batch keeps one live entry a key, and how a part of it is taken back, moved on or packed again.
extension TransactionBatch {
  @usableFromInline
  mutating func enter(_ entry: BatchEntry) {
    let number = entries.count
    entries.append(entry)
    if entry.kind == .deletePrefix {
      retireBelowPrefix(of: number)
      recount()
      return
    }
    let place = place(of: entry)
    if let earlier = place.entry, entries[earlier].retiredBy == Int32.max { retire(earlier, by: number) }
    index.set(slot: place.slot, hash: place.hash, entry: number)
    count(entry, by: 1)
    if index.isCrowded { rebuildIndex(slotCount: index.slots.count * 2) }
  }

  /// Where the entry's key is or would be in the index.
  @inline(__always)
  private func place(of entry: BatchEntry) -> (slot: Int, hash: UInt64, entry: Int?) {
    let key = bytes.bytes.extracting(Int(entry.keyOffset)..<Int(entry.keyOffset + entry.keyLength))
    let hash = KeyIndex.hash(key)
    let found = index.slot(hash: hash) { candidate in
      let other = entries[candidate]
      return bytes.bytes.extracting(Int(other.keyOffset)..<Int(other.keyOffset + other.keyLength)).isEqual(to: key)
    }
    return (found.slot, hash, found.entry)
  }

  private mutating func retire(_ earlier: Int, by number: Int) {
    count(entries[earlier], by: -1)
    entries[earlier].retiredBy = Int32(number)
  }

  private mutating func retireBelowPrefix(of number: Int) {
    for earlier in 0..<number where entries[earlier].retiredBy == Int32.max {
      let prefixed = withKey(of: number) { prefix in withKey(of: earlier) { prefix.isPrefix(of: $0) } }
      if prefixed { retire(earlier, by: number) }
    }
  }

  /// With a prefix delete in the request each put may cost a further range beside it.
  @inline(__always)
  private mutating func count(_ entry: BatchEntry, by sign: Int) {
    liveOperations += sign * (hasPrefixDelete ? 2 : 1)
    liveBytes += sign * (Int(entry.length) + (hasPrefixDelete ? Int(entry.keyLength) * 2 + 16 : 0))
  }

  /// The index holds each key's last entry, retired or not, so that probing never meets a gap.
  mutating func rebuildIndex(slotCount: Int) {
    index = KeyIndex(slotCount: slotCount)
    for number in entries.indices where entries[number].kind != .deletePrefix {
      let place = place(of: entries[number])
      index.set(slot: place.slot, hash: place.hash, entry: number)
    }
  }

  mutating func removeEntries(from first: Int) {
    guard first < entries.count else { return }
    // A put that was filled stands behind entries that came after it.
    let end = entries[..<first].reduce(0) { max($0, Int($1.offset + $1.length)) }
    bytes.truncate(to: max(Int(entries[first].offset), end))
    entries.removeLast(entries.count - first)
    for number in entries.indices where Int(entries[number].retiredBy) >= first {
      entries[number].retiredBy = Int32.max
    }
    recount()
  }

  mutating func recount() {
    hasPrefixDelete = entries.contains { $0.kind == .deletePrefix && $0.retiredBy == Int32.max }
    liveOperations = 0
    liveBytes = 0
    for entry in entries where entry.retiredBy == Int32.max { count(entry, by: 1) }
    rebuildIndex(slotCount: index.slots.count)
  }

  // MARK: Filling

  /// The puts with holes that a request of the entries before `boundary` would hold.
  public func unfilledPuts(before boundary: Int) -> [UnfilledPut] {
    unfilled.filter { put in
      put.entry < boundary && entries[put.entry].kind == .unfilledPut && entries[put.entry].lives(before: boundary)
    }
  }

  /// Encodes a put with holes again, with the value that `write` makes of the one with holes. False, and the put as it
  /// was, if that is larger than `bytesMax`. Only when nothing will be taken back: the bytes move to the end.
  public mutating func fill<E: Error>(
    _ put: UnfilledPut, bytesMax: Int, _ write: (RawSpan, inout ByteWriter) throws(E) -> Void
  ) throws(E) -> Bool {
    var entry = entries[put.entry]
    let key = withKey(of: put.entry) { $0.array }
    var value = ByteWriter(capacity: Int(entry.valueLength) * 2)
    let partial = withValue(of: put.entry) { $0.array }
    try unsafe write(partial.span.bytes, &value)
    let start = bytes.count
    let keyStart = beginPut()
    bytes.append(key)
    let keyEnd = bytes.reserveHeads()
    guard bytes.count - start + value.count <= min(bytesMax, Self.operationBytesMax) else {
      bytes.truncate(to: start)
      return false
    }
    bytes.append(value.bytes)
    endPut(&entry, keyStart: keyStart, keyEnd: keyEnd)
    entry.kind = .put
    if entry.retiredBy == Int32.max {
      count(entries[put.entry], by: -1)
      count(entry, by: 1)
    }
    entries[put.entry] = entry
    return true
  }

  /// Bytes of the operations that a request of the entries before `boundary` would hold.
  public func bytes(before boundary: Int) -> Int {
    entries[..<boundary].reduce(0) { $1.lives(before: boundary) ? $0 + Int($1.length) : $0 }
  }

  public func bytes(of entry: Int) -> Int { Int(entries[entry].length) }

  /// Makes a put with holes the delete of its key: nothing will fill it, and an older state must not stay.
  public mutating func turnIntoDelete(_ put: UnfilledPut) {
    let key = withKey(of: put.entry) { $0.array }
    var entry = encodeDelete(kind: .delete) { $0.append(key) }
    entry.retiredBy = entries[put.entry].retiredBy
    entries[put.entry] = entry
  }

  // MARK: Cutting and packing

  /// Moves what stands from `boundary` on into another batch, which is empty, and forgets it here. What the moved part
  /// had retired here lives again: the head is sent as it was before the tail.
  public mutating func moveTail(from boundary: Int, to other: inout TransactionBatch) {
    precondition(other.isEmpty)
    for entry in entries[boundary...] { other.adopt(entry, from: bytes.bytes) }
    other.transactionStart = max(0, transactionStart - boundary)
    other.changeStart = max(0, changeStart - boundary)
    let predecessors = Dictionary(
      unfilled.map { ($0.entry, $0.predecessor) }, uniquingKeysWith: { _, last in last })
    for put in unfilled where put.entry >= boundary {
      // What the head puts of the same row is newer than what its source key holds, and that may be gone with the head.
      var origin = put.predecessor
      while let number = origin, number >= boundary { origin = predecessors[number] ?? nil }
      let predecessor = put.predecessor.flatMap { $0 >= boundary ? $0 - boundary : nil }
      var moved = put.renumbered(entry: put.entry - boundary, predecessor: predecessor) { max(0, $0 - boundary) }
      if let origin { moved.sourceKey = withKey(of: origin) { $0.array } }
      other.unfilled.append(moved)
    }
    unfilled.removeAll { $0.entry >= boundary }
    transactionStart = min(transactionStart, boundary)
    changeStart = min(changeStart, boundary)
    removeEntries(from: boundary)
  }

  /// Hands over to `body`, which was built of the entries before `boundary`, the bytes that it lies in, for those that
  /// it had; the rest is kept, by way of `spare`, which is empty before and after.
  public mutating func handOver(before boundary: Int, to body: RequestBody, using spare: inout TransactionBatch) {
    let hasTail = boundary < entries.count
    if hasTail { moveTail(from: boundary, to: &spare) }
    swap(&bytes, &body.rows)
    clear()
    if hasTail { swap(&self, &spare) }
  }

  private mutating func adopt(_ entry: BatchEntry, from source: RawSpan) {
    let shift = Int32(bytes.count) - entry.offset
    bytes.append(source.extracting(Int(entry.offset)..<Int(entry.offset + entry.length)))
    var moved = entry
    moved.offset += shift
    moved.keyOffset += shift
    moved.valueOffset += shift
    moved.retiredBy = Int32.max
    enter(moved)
  }

  /// Whether retired entries hold so much memory that `compact` is worth it: a transaction may change one key for ever.
  @inlinable public var isWorthCompacting: Bool {
    bytes.count > 2 * liveBytes + (4 << 20) || entries.count > 2 * liveOperations + 65_536
  }

  /// Leaves out entries that no request can need again. Only between changes.
  public mutating func compact() {
    precondition(changeStart == entries.count)
    let start = transactionStart
    var packed = TransactionBatch(capacity: liveBytes + (1 << 20))
    var renumbered = [Int32](repeating: Int32.max, count: entries.count)
    var kept: [Int] = []
    // How many before each entry are kept.
    var keptBefore: [Int] = []
    keptBefore.reserveCapacity(entries.count + 1)
    for (number, entry) in entries.enumerated() {
      keptBefore.append(kept.count)
      if number == start { packed.setTransactionStart(kept.count) }
      let isNeeded = entry.retiredBy == Int32.max || (number < start && Int(entry.retiredBy) >= start)
      guard isNeeded else { continue }
      renumbered[number] = Int32(kept.count)
      kept.append(number)
      let shift = Int32(packed.bytes.count) - entry.offset
      packed.bytes.append(bytes.bytes.extracting(Int(entry.offset)..<Int(entry.offset + entry.length)))
      var moved = entry
      moved.offset += shift
      moved.keyOffset += shift
      moved.valueOffset += shift
      packed.entries.append(moved)
    }
    if start == entries.count { packed.setTransactionStart(kept.count) }
    for place in packed.entries.indices {
      // The one that retired it may be gone itself: follow on to the one that lives.
      var by = packed.entries[place].retiredBy
      while by != Int32.max, renumbered[Int(by)] == Int32.max { by = entries[Int(by)].retiredBy }
      packed.entries[place].retiredBy = by == Int32.max ? by : renumbered[Int(by)]
    }
    keptBefore.append(kept.count)
    packed.keepUnfilled(of: unfilled, renumbered, keptBefore)
    packed.rebuildIndex(slotCount: index.slots.count)
    packed.recount()
    packed.changeStart = packed.entries.count
    self = packed
  }

  private mutating func keepUnfilled(of all: [UnfilledPut], _ renumbered: [Int32], _ keptBefore: [Int]) {
    let predecessors = Dictionary(all.map { ($0.entry, $0.predecessor) }, uniquingKeysWith: { _, last in last })
    for put in all where renumbered[put.entry] != Int32.max {
      var predecessor = put.predecessor
      while let number = predecessor, renumbered[number] == Int32.max { predecessor = predecessors[number] ?? nil }
      unfilled.append(
        put.renumbered(entry: Int(renumbered[put.entry]), predecessor: predecessor.map { Int(renumbered[$0]) }) {
          keptBefore[$0]
        })
    }
  }

  private mutating func setTransactionStart(_ entry: Int) { transactionStart = entry }
}
