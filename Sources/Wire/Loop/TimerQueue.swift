// SPDX-License-Identifier: Apache-2.0

/// Names a timer of one loop.
public struct TimerID: Hashable, Sendable {
  let number: UInt64
}

/// The timers of one loop. There are about a dozen, so a list is searched.
struct TimerQueue {
  private struct Entry {
    let id: TimerID
    var due: Deadline
    let every: Duration?
    let action: () -> Void
    /// An action may turn the loop again; its own timer does not fire inside it.
    var isRunning = false
  }

  private var entries: [Entry] = []
  private var lastNumber: UInt64 = 0

  var nextDue: Deadline {
    entries.reduce(Deadline.never) { $1.isRunning ? $0 : min($0, $1.due) }
  }

  mutating func add(due: Deadline, every: Duration?, _ action: @escaping () -> Void) -> TimerID {
    precondition(every.map { $0 > .zero } ?? true)
    lastNumber += 1
    let id = TimerID(number: lastNumber)
    entries.append(Entry(id: id, due: due, every: every, action: action))
    return id
  }

  mutating func cancel(_ id: TimerID) { entries.removeAll { $0.id == id } }

  /// The identifiers of what is due, earliest first.
  func due(at now: Deadline) -> [TimerID] {
    if nextDue > now { return [] }
    return entries.filter { !$0.isRunning && $0.due <= now }.sorted { $0.due < $1.due }.map(\.id)
  }

  /// Takes the action of a due timer, or nil when it has been cancelled or has fired meanwhile. A repeated timer is set
  /// anew: rounds that were missed are not made up for.
  mutating func begin(_ id: TimerID, at now: Deadline) -> (() -> Void)? {
    guard let index = entries.firstIndex(where: { $0.id == id && !$0.isRunning && $0.due <= now }) else { return nil }
    let action = entries[index].action
    if let every = entries[index].every {
      entries[index].isRunning = true
      let next = entries[index].due.advanced(by: every)
      entries[index].due = next > now ? next : now.advanced(by: every)
    } else {
      entries.remove(at: index)
    }
    return action
  }

  mutating func end(_ id: TimerID) {
    if let index = entries.firstIndex(where: { $0.id == id }) { entries[index].isRunning = false }
  }
}
