// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// A point on the monotonic clock until which something may be waited for. Setting the wall clock does not move it.
@frozen
public struct Deadline: Sendable, Comparable, Hashable {
  /// Nanoseconds of CLOCK_MONOTONIC; `Int64.max` stands for never.
  @usableFromInline let nanoseconds: Int64

  init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  public static let never = Deadline(nanoseconds: .max)

  public static var now: Deadline {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Deadline(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }

  public static func after(_ duration: Duration) -> Deadline { now.advanced(by: duration) }

  /// This point moved by `duration`; what would be too far away is `never`.
  public func advanced(by duration: Duration) -> Deadline {
    if self == .never { return .never }
    let (sum, overflow) = nanoseconds.addingReportingOverflow(duration.wholeNanoseconds)
    return overflow ? .never : Deadline(nanoseconds: sum)
  }

  public var isPast: Bool { self != .never && self <= .now }

  /// The time left, zero when it is past. For `never`, the longest time there is.
  public var remaining: Duration {
    if self == .never { return .nanoseconds(Int64.max) }
    return .nanoseconds(max(0, nanoseconds - Deadline.now.nanoseconds))
  }

  /// A fair part of what is left, for the first of `count` attempts; never longer than `longest`.
  func share(among count: Int, longest: Duration) -> Deadline {
    let part = Deadline.after(min(remaining / max(1, count), longest))
    return min(part, self)
  }

  /// For poll(2): rounded up, so that a wait does not end just before its time; -1 for never.
  var pollMilliseconds: Int32 {
    if self == .never { return -1 }
    let left = max(0, nanoseconds - Deadline.now.nanoseconds)
    return Int32(min(left / 1_000_000 + (left % 1_000_000 == 0 ? 0 : 1), 3_600_000))
  }

  public static func < (a: Deadline, b: Deadline) -> Bool { a.nanoseconds < b.nanoseconds }
}

extension Duration {
  /// Nanoseconds, held at the ends of the range.
  var wholeNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    if overflow { return seconds < 0 ? .min : .max }
    let (sum, tooFar) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
    if tooFar { return seconds < 0 ? .min : .max }
    return sum
  }
}
