// SPDX-License-Identifier: Apache-2.0
public import Wire

/// Finds the live entry of a key in an open batch: open addressing over entry numbers, the keys stay in the batch.
///
/// The hash is seeded per process: keys are made of a table's rows, so whoever may insert rows may choose keys.
@usableFromInline
struct KeyIndex {
  /// Entry number + 1; 0 is free.
  @usableFromInline var slots: [UInt32]
  @usableFromInline var used = 0
  @usableFromInline static let seed = UInt64.random(in: 1...UInt64.max)

  @usableFromInline
  init(slotCount: Int = 4096) {
    slots = [UInt32](repeating: 0, count: slotCount)
  }

  @usableFromInline
  mutating func clear() {
    if used == 0 { return }
    for index in slots.indices { slots[index] = 0 }
    used = 0
  }

  @inlinable
  static func hash(_ key: RawSpan) -> UInt64 {
    var state = seed ^ UInt64(truncatingIfNeeded: key.byteCount)
    var offset = 0
    while offset &+ 8 <= key.byteCount {
      let word = unsafe key.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
      state = mix(state ^ word)
      offset &+= 8
    }
    var tail: UInt64 = 0
    while offset < key.byteCount {
      tail = tail &<< 8 | UInt64(key[offset])
      offset &+= 1
    }
    return mix(state ^ tail)
  }

  @inlinable
  static func mix(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return product.high ^ product.low
  }

  /// Where a key of this hash is or would be: calls `matches` with each candidate's entry number.
  @inlinable @inline(__always)
  func slot(hash: UInt64, matches: (Int) -> Bool) -> (slot: Int, entry: Int?) {
    let mask = slots.count &- 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while true {
      let held = slots[slot]
      if held == 0 { return (slot, nil) }
      let entry = Int(held) &- 1
      if matches(entry) { return (slot, entry) }
      slot = (slot &+ 1) & mask
    }
  }

  @inlinable
  mutating func set(slot: Int, entry: Int) {
    if slots[slot] == 0 { used &+= 1 }
    slots[slot] = UInt32(entry &+ 1)
  }

  @inlinable var isCrowded: Bool { used &* 2 > slots.count }
}
