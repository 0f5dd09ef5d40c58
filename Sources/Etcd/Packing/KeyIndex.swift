// SPDX-License-Identifier: Apache-2.0
public import Wire

/// Finds the live entry of a key in an open batch: open addressing over entry numbers, the keys stay in the batch.
///
/// The hash is seeded per process: keys are made of a table's rows, so whoever may insert rows may choose keys.
@usableFromInline
struct KeyIndex {
  /// The hash's upper half, and below it the entry number + 1; 0 is free. Another key's entry is so told without a look
  /// at it.
  @usableFromInline var slots: [UInt64]
  @usableFromInline var used = 0
  @usableFromInline static let seed = UInt64.random(in: 1...UInt64.max)

  @usableFromInline
  init(slotCount: Int = 4096) {
    slots = [UInt64](repeating: 0, count: slotCount)
  }

  @usableFromInline
  mutating func clear() {
    if used == 0 { return }
    for index in slots.indices { slots[index] = 0 }
    used = 0
  }

  @inlinable @inline(__always)
  static func hash(_ key: RawSpan) -> UInt64 {
    var state = seed ^ UInt64(truncatingIfNeeded: key.byteCount)
    var offset = 0
    while offset &+ 8 <= key.byteCount {
      let word = unsafe key.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
      state = mix(state ^ word)
      offset &+= 8
    }
    if offset == key.byteCount { return mix(state) }
    var tail: UInt64 = 0
    if offset > 0 {
      // The last eight bytes, of which some have been met: there is nothing to be gained by telling them apart.
      tail = unsafe key.unsafeLoadUnaligned(fromByteOffset: key.byteCount &- 8, as: UInt64.self)
    } else {
      for index in 0..<key.byteCount { tail = tail &<< 8 | UInt64(key[index]) }
    }
    return mix(state ^ tail)
  }

  @inlinable @inline(__always)
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
      if (held ^ hash) &>> 32 == 0 {
        let entry = Int(truncatingIfNeeded: held & 0xFFFF_FFFF) &- 1
        if matches(entry) { return (slot, entry) }
      }
      slot = (slot &+ 1) & mask
    }
  }

  @inlinable @inline(__always)
  mutating func set(slot: Int, hash: UInt64, entry: Int) {
    if slots[slot] == 0 { used &+= 1 }
    slots[slot] = hash & ~0xFFFF_FFFF | UInt64(UInt32(entry &+ 1))
  }

  @inlinable var isCrowded: Bool { used &* 2 > slots.count }
}
