// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import Logging
internal import Wire

/// What the outside asks of a run: to stop, once in order, and at once if asked again.
final class Control {
  /// "exit 0 within 5 s": what is left of it for the last request and the lease.
  private static let patience = Duration.milliseconds(4000)

  let loop: PollLoop
  private let log: Logger
  private(set) var isStopping = false

  init(loop: PollLoop, log: Logger) throws(SystemError) {
    self.loop = loop
    self.log = log
    try loop.deliverSignals()
    loop.onWake = { [weak self] in self?.takeSignals() }
  }

  private func takeSignals() {
    while let signal = loop.takeSignal() {
      switch signal {
      case .hangUp:
        log.info("SIGHUP: nothing to read again; password files are read at each connection")
      case .interrupt, .terminate:
        // Every request is guarded by the checkpoint, so that ending here is as safe as ending in order.
        if isStopping { _exit(128 + signal.rawValue) }
        isStopping = true
        loop.cutoff = .after(Self.patience)
        log.notice("stopping", metadata: ["signal": "\(signal.name)"])
      }
    }
  }

  /// Waits, and ends early when asked to stop.
  func sleep(_ duration: Duration) {
    _ = loop.pump(until: .after(duration)) { isStopping ? true : nil }
  }

  /// One turn of the loop. That poll fails is a defect of ours.
  func turn(until deadline: Deadline) {
    loop.turnOrTrap(until: min(deadline, .after(.seconds(5))))
  }
}

extension PollLoop {
  func turnOrTrap(until deadline: Deadline) {
    do throws(SystemError) {
      try turn(until: min(deadline, cutoff))
    } catch {
      preconditionFailure("\(error)")
    }
  }
}
