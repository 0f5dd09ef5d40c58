// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// One thread's loop over poll(2): links, timers and a wake pipe.
///
/// `turn` polls once, moves bytes between sockets and buffers, fires due timers and returns: whoever drives it is an
/// ordinary loop. What must wait for an answer calls `pump`, which turns the same loop, so that everything else goes on
/// meanwhile. Not for use from two threads; `waker` is the only part that is.
public final class PollLoop {
  /// Ends a wait from another thread or a signal handler.
  public let waker: Waker
  /// Called inside a turn after a wake has been seen.
  public var onWake: (() -> Void)?
  /// The end of all waiting: set once the process has been asked to stop.
  public var cutoff = Deadline.never
  private var sources: [Entry] = []
  private var timers = TimerQueue()
  private var signals: [Signal] = []
  private var delivered: [Signal] = []
  private var polled: [pollfd] = []

  private struct Entry {
    weak var source: (any PollSource)?
  }

  public init() throws(SystemError) {
    waker = try Waker()
  }

  deinit { if !delivered.isEmpty { Signal.ignoreDelivery(from: waker, of: delivered) } }

  // MARK: Turning

  /// Polls once, until something happens, a timer is due, someone wakes us or `deadline` has passed.
  public func turn(until deadline: Deadline) throws(SystemError) {
    let active = prepareSources()
    var limit = min(deadline, timers.nextDue)
    if active.contains(where: { $0.hasWorkNow }) { limit = .now }
    try poll(active, until: limit)
    dispatch(active)
    fireTimers()
  }

  /// Turns until `ready` answers something, or nil when `deadline` has passed first. `ready` is asked before the first
  /// turn and after each, the last time after the deadline. That poll fails is a defect of ours, so it traps.
  ///
  /// Once `cutoff` is set, no wait lasts longer than that, whatever its own deadline says.
  public func pump<T, E: Error>(until wanted: Deadline, _ ready: () throws(E) -> T?) throws(E) -> T? {
    while true {
      if let value = try ready() { return value }
      let deadline = min(wanted, cutoff)
      if deadline.isPast { return nil }
      do throws(SystemError) {
        try turn(until: deadline)
      } catch {
        preconditionFailure("\(error)")
      }
    }
  }

  /// Ends the present or the next wait. From another thread use `waker`.
  public func wake() { waker.wake() }

  // MARK: Timers

  /// Calls `action` in a turn after `delay`, and then, if `interval` is given, again and again.
  @discardableResult
  public func addTimer(after delay: Duration, every interval: Duration? = nil, _ action: @escaping () -> Void)
    -> TimerID
  {
    timers.add(due: .after(delay), every: interval, action)
  }

  public func cancel(_ timer: TimerID) { timers.cancel(timer) }

  // MARK: Signals

  /// These signals no longer end the process; they wake this loop and wait in `pendingSignal`.
  public func deliverSignals(_ wanted: [Signal] = Signal.allCases) throws(SystemError) {
    try Signal.deliver(wanted, to: waker)
    delivered += wanted
  }

  /// The oldest signal that has come and has not been taken.
  public var pendingSignal: Signal? { signals.first }

  /// Takes the oldest signal.
  public func takeSignal() -> Signal? { signals.isEmpty ? nil : signals.removeFirst() }

  // MARK: Sources

  func add(_ source: any PollSource) { sources.append(Entry(source: source)) }

  func remove(_ source: any PollSource) { sources.removeAll { $0.source == nil || $0.source === source } }

  private func prepareSources() -> [any PollSource] {
    var active: [any PollSource] = []
    active.reserveCapacity(sources.count)
    for entry in sources {
      guard let source = entry.source else { continue }
      source.beforePoll()
      active.append(source)
    }
    if active.count != sources.count { sources.removeAll { $0.source == nil } }
    return active
  }

  private func poll(_ active: [any PollSource], until limit: Deadline) throws(SystemError) {
    polled.removeAll(keepingCapacity: true)
    polled.append(pollfd(fd: waker.readEnd, events: Int16(POLLIN), revents: 0))
    for source in active {
      let interest = source.interest
      // poll(2): "If this field is negative, then the corresponding events field is ignored".
      polled.append(pollfd(fd: interest == 0 ? -1 : source.descriptor, events: interest, revents: 0))
    }
    let timeout = limit.pollMilliseconds
    let status = unsafe polled.withUnsafeMutableBufferPointer { list in
      unsafe Glibc.poll(list.baseAddress, nfds_t(list.count), timeout)
    }
    if status < 0 {
      let error = SystemError.last("poll")
      for index in polled.indices { polled[index].revents = 0 }
      if error.errno != EINTR { throw error }
    }
  }

  private func dispatch(_ active: [any PollSource]) {
    let isWoken = polled[0].revents != 0
    if isWoken {
      for number in waker.drain() {
        if let signal = Signal(rawValue: Int32(number)) { signals.append(signal) }
      }
    }
    for (index, source) in active.enumerated() {
      let events = polled[index + 1].revents
      if events != 0 || source.hasWorkNow { source.ready(events) }
    }
    // Last, because it may turn the loop again, and that overwrites `polled`.
    if isWoken { onWake?() }
  }

  private func fireTimers() {
    let now = Deadline.now
    for id in timers.due(at: now) {
      guard let action = timers.begin(id, at: now) else { continue }
      action()
      timers.end(id)
    }
  }
}
