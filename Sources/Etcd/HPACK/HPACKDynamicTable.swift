// SPDX-License-Identifier: Apache-2.0

/// The entries that a peer has added, newest first (RFC 7541, section 2.3.2), within a size that both sides count
/// alike.
struct HPACKDynamicTable {
  /// Oldest first, so that adding is cheap; `evicted` entries at the front are dead.
  private var entries: [HeaderField] = []
  private var evicted = 0
  /// By the arithmetic of section 4.1.
  private(set) var size = 0
  private(set) var sizeMax: Int

  init(sizeMax: Int) { self.sizeMax = sizeMax }

  var count: Int { entries.count - evicted }

  /// `index` counts from 0 for the newest.
  func entry(_ index: Int) -> HeaderField? {
    guard index >= 0, index < count else { return nil }
    return entries[entries.count - 1 - index]
  }

  /// "Whenever the maximum size for the dynamic table is reduced, entries are evicted from the end of the dynamic
  /// table until the size of the dynamic table is less than or equal to the maximum size." (section 4.3)
  mutating func resize(to sizeMax: Int) {
    self.sizeMax = sizeMax
    evict(until: sizeMax)
  }

  /// "It is not an error to attempt to add an entry that is larger than the maximum size; an attempt to add an entry
  /// larger than the maximum size causes the table to be emptied of all existing entries" (section 4.4)
  mutating func add(_ field: HeaderField) {
    let fieldSize = field.tableSize
    evict(until: max(0, sizeMax - fieldSize))
    guard fieldSize <= sizeMax else { return }
    entries.append(field)
    size += fieldSize
  }

  private mutating func evict(until limit: Int) {
    while size > limit, evicted < entries.count {
      size -= entries[evicted].tableSize
      evicted += 1
    }
    if evicted > 32, evicted * 2 > entries.count {
      entries.removeFirst(evicted)
      evicted = 0
    }
  }
}
