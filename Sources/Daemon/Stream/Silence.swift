// SPDX-License-Identifier: Apache-2.0
internal import Wire

/// How long a peer has been silent. After `limit` it is asked for a reply; after twice that it is gone.
struct Silence {
  let limit: Duration
  private var asking: Deadline
  private var end: Deadline

  init(limit: Duration) {
    self.limit = limit
    asking = .after(limit)
    end = .after(limit * 2)
  }

  mutating func heard() {
    asking = .after(limit)
    end = .after(limit * 2)
  }

  var isSuspicious: Bool { asking.isPast }
  var isOver: Bool { end.isPast }
}
