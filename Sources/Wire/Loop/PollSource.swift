// SPDX-License-Identifier: Apache-2.0

/// Something with a descriptor that a `PollLoop` watches: a link, a connection attempt, a listener.
protocol PollSource: AnyObject {
  /// The descriptor, or a negative number when there is nothing to watch any more.
  var descriptor: Int32 { get }
  /// What to poll for now. With 0 the descriptor is left out altogether: poll(2) reports POLLHUP and POLLERR whether
  /// asked for or not, and a link that does not read now would spin on them.
  var interest: Int16 { get }
  /// True when there is something to do that the kernel knows nothing of: bytes decrypted or an end not reported yet.
  var hasWorkNow: Bool { get }
  /// Called in each turn before the wait: sends what was queued since.
  func beforePoll()
  /// Called after the wait, with 0 when only `hasWorkNow` brought us here.
  func ready(_ events: Int16)
}

extension PollSource {
  var hasWorkNow: Bool { false }
  func beforePoll() {}
}
