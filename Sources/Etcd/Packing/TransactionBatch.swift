// SPDX-License-Identifier: Apache-2.0
//
//   bytes    [ op | op | op | op ........ ]     each op is one `success` of etcd's TxnRequest, ready to be sent
//   entries  [ e0 | e1 | e2 | e3 ........ ]     places in it; a key put twice has its earlier entry retired
//              └ complete transactions ┘└ the open one
//                                        ^ transactionStart
public import Wire

/// Puts and deletes on their way to etcd, encoded once into the bytes of the request that will carry them.
///
/// A change appends its operations; a transaction's last change is followed by `endTransaction`. Rows are coalesced by
/// key: the last state of a key in a request is the only one sent (etcd refuses a key twice in one transaction).
/// `TransactionBuilder` turns the entries up to a boundary into a request.
@safe
public struct TransactionBatch: ~Copyable {
  @usableFromInline var bytes: ByteWriter
  public internal(set) var entries: [BatchEntry] = []
  @usableFromInline var index = KeyIndex()
  /// Entries before it belong to transactions that are complete.
  public internal(set) var transactionStart = 0
  /// The first entry of the change appended last.
  public internal(set) var changeStart = 0
  /// Operations and bytes that a request of all live entries would hold.
  public internal(set) var liveOperations = 0
  public internal(set) var liveBytes = 0
  /// The puts with holes, by entry number; those that were retired since stay in the list.
  public internal(set) var unfilled: [UnfilledPut] = []
  @usableFromInline var hasPrefixDelete = false

  public init(capacity: Int = 1 << 20) {
    bytes = ByteWriter(capacity: capacity)
    entries.reserveCapacity(4096)
  }

  @inlinable public var isEmpty: Bool { entries.isEmpty }

  public mutating func clear() {
    bytes.clear()
    entries.removeAll(keepingCapacity: true)
    index.clear()
    transactionStart = 0
    changeStart = 0
    liveOperations = 0
    liveBytes = 0
    unfilled.removeAll()
    hasPrefixDelete = false
  }

  /// The changes appended from now on belong together: a request is never cut inside them.
  public mutating func beginChange() { changeStart = entries.count }

  /// All that was appended is complete.
  public mutating func endTransaction() {
    transactionStart = entries.count
    changeStart = entries.count
  }

  // MARK: Appending

  /// Appends a put; `key` and `value` write straight into the request's bytes. False, and nothing appended, if the
  /// operation is larger than `bytesMax`.
  @inlinable
  public mutating func put<E: Error>(
    bytesMax: Int,
    key writeKey: (inout ByteWriter) throws(E) -> Void, value writeValue: (inout ByteWriter) throws(E) -> Void
  ) throws(E) -> Bool {
    var entry = BatchEntry(kind: .put, offset: bytes.count)
    let keyStart = beginPut()
    let keyEnd: Int
    do throws(E) {
      try writeKey(&bytes)
      keyEnd = bytes.reserveHeads()
      try writeValue(&bytes)
    } catch {
      bytes.truncate(to: Int(entry.offset))
      throw error
    }
    let end = bytes.count
    guard end - Int(entry.offset) <= min(bytesMax, Self.operationBytesMax) else {
      bytes.truncate(to: Int(entry.offset))
      return false
    }
    endPut(&entry, keyStart: keyStart, keyEnd: keyEnd)
    enter(entry)
    return true
  }

  /// TxnRequest.success { RequestOp.request_put { key …, which begins at the answer; the value's head follows it.
  @inlinable @inline(__always)
  mutating func beginPut() -> Int { bytes.reserveHeads(3) &+ 12 }

  /// The put is whole: its heads are written, and where it is noted.
  @inlinable @inline(__always)
  mutating func endPut(_ entry: inout BatchEntry, keyStart: Int, keyEnd: Int) {
    let end = bytes.count
    bytes.patchHead(0x12, at: keyStart &- 12)
    bytes.patchHead(0x12, at: keyStart &- 8)
    bytes.patchHead(0x0A, at: keyStart &- 4, end: keyEnd)
    bytes.patchHead(0x12, at: keyEnd)
    entry.offset = Int32(truncatingIfNeeded: keyStart &- 12)
    entry.length = Int32(truncatingIfNeeded: end &- keyStart &+ 12)
    entry.keyOffset = Int32(truncatingIfNeeded: keyStart)
    entry.keyLength = Int32(truncatingIfNeeded: keyEnd &- keyStart)
    entry.valueOffset = Int32(truncatingIfNeeded: keyEnd &+ 4)
    entry.valueLength = Int32(truncatingIfNeeded: end &- keyEnd &- 4)
  }

  /// The longest operation that a three-byte length holds.
  @inlinable public static var operationBytesMax: Int { (1 << 21) - 64 }

  /// Appends the delete of one key.
  @inlinable
  public mutating func delete<E: Error>(key writeKey: (inout ByteWriter) throws(E) -> Void) throws(E) {
    try appendDelete(kind: .delete, writeKey)
  }

  /// Appends the delete of every key that starts with `prefix`; earlier entries below it are retired.
  public mutating func delete(prefix: [UInt8]) {
    appendDelete(kind: .deletePrefix) { $0.append(prefix) }
  }

  @inlinable
  mutating func appendDelete<E: Error>(
    kind: BatchEntry.Kind, _ writeKey: (inout ByteWriter) throws(E) -> Void
  ) throws(E) {
    enter(try encodeDelete(kind: kind, writeKey))
  }

  @inlinable
  mutating func encodeDelete<E: Error>(
    kind: BatchEntry.Kind, _ writeKey: (inout ByteWriter) throws(E) -> Void
  ) throws(E) -> BatchEntry {
    var entry = BatchEntry(kind: kind, offset: bytes.count)
    // TxnRequest.success { RequestOp.request_delete_range { key } }
    let keyStart = bytes.reserveHeads(3) &+ 12
    do throws(E) {
      try writeKey(&bytes)
    } catch {
      bytes.truncate(to: Int(entry.offset))
      throw error
    }
    let end = bytes.count
    precondition(end - Int(entry.offset) <= Self.operationBytesMax)
    bytes.patchHead(0x12, at: keyStart &- 12)
    bytes.patchHead(0x1A, at: keyStart &- 8)
    bytes.patchHead(0x0A, at: keyStart &- 4)
    entry.keyOffset = Int32(keyStart)
    entry.keyLength = Int32(end - keyStart)
    entry.valueOffset = Int32(end)
    entry.length = Int32(end - Int(entry.offset))
    return entry
  }

  /// The put appended last has holes: it must be filled from `sourceKey`'s present value before it is sent.
  public mutating func markLastUnfilled(
    table: Int, sourceKey: [UInt8], holes: [ValueHole], predecessor: Int? = nil,
    place: CutPlace = CutPlace(completePosition: 0, openPosition: 0, ordinal: 0)
  ) {
    let number = entries.count - 1
    entries[number].kind = .unfilledPut
    unfilled.append(
      UnfilledPut(
        entry: number, table: table, sourceKey: sourceKey, holes: holes, predecessor: predecessor, place: here(place)))
  }

  private func here(_ place: CutPlace) -> CutPlace {
    var place = place
    place.transactionStart = transactionStart
    place.changeStart = changeStart
    return place
  }

  /// The change that begins here is the first behind the put that was marked last.
  public mutating func notePlaceBehindLastUnfilled(_ place: CutPlace) {
    unfilled[unfilled.count - 1].placeBehind = here(place)
  }

  /// The transaction that has just ended is the one of puts with holes.
  public mutating func notePlaceAtEnd(_ place: CutPlace) {
    for index in unfilled.indices.reversed() {
      guard unfilled[index].placeAtEnd == nil else { return }
      unfilled[index].placeAtEnd = here(place)
    }
  }

  @inlinable public var awaitsPlaceAtEnd: Bool {
    guard let last = unfilled.last else { return false }
    return last.placeAtEnd == nil
  }

  @inlinable public var awaitsPlaceBehindUnfilled: Bool {
    guard let last = unfilled.last else { return false }
    return last.placeBehind == nil
  }

  // MARK: Looking

  func withBytes<R>(_ body: (RawSpan) -> R) -> R { body(bytes.bytes) }

  @inlinable
  public func withKey<R, E: Error>(of entry: Int, _ body: (RawSpan) throws(E) -> R) throws(E) -> R {
    let e = entries[entry]
    return try body(bytes.bytes.extracting(Int(e.keyOffset)..<Int(e.keyOffset &+ e.keyLength)))
  }

  @inlinable
  public func withValue<R, E: Error>(of entry: Int, _ body: (RawSpan) throws(E) -> R) throws(E) -> R {
    let e = entries[entry]
    return try body(bytes.bytes.extracting(Int(e.valueOffset)..<Int(e.valueOffset &+ e.valueLength)))
  }

  /// The live entry of a key, if this batch has one.
  public func liveEntry(of key: RawSpan) -> Int? {
    index.slot(hash: KeyIndex.hash(key)) { candidate in
      withKey(of: candidate) { $0.isEqual(to: key) }
    }.entry
  }

  /// Whether a live prefix delete covers the key: then etcd's value of it is no longer the row's.
  public func isBelowDeletedPrefix(_ key: RawSpan) -> Bool {
    guard hasPrefixDelete else { return false }
    for (number, entry) in entries.enumerated() where entry.kind == .deletePrefix && entry.retiredBy == Int32.max {
      if withKey(of: number, { $0.isPrefix(of: key) }) { return true }
    }
    return false
  }
}
