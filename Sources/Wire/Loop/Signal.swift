// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import Synchronization

/// The signals that a daemon is spoken to with.
public enum Signal: Int32, Sendable, CaseIterable {
  case hangUp = 1
  case interrupt = 2
  case terminate = 15

  public var name: String {
    switch self {
    case .hangUp: "SIGHUP"
    case .interrupt: "SIGINT"
    case .terminate: "SIGTERM"
    }
  }
}

/// Where the handler writes; -1 while no loop wants signals. One process, one loop that listens.
private let signalPipe = Atomic<Int32>(-1)

/// Runs in the interrupted thread: nothing but write(2) of the signal's number.
private func writeNumber(_ number: Int32) {
  let pipe = signalPipe.load(ordering: .relaxed)
  if pipe < 0 { return }
  var byte = UInt8(truncatingIfNeeded: number)
  let saved = errno
  _ = unsafe write(pipe, &byte, 1)
  errno = saved
}

extension Signal {
  /// From now on these signals end up in the loop whose waker this is. The waker must live as long as the process.
  static func deliver(_ signals: [Signal], to waker: Waker) throws(SystemError) {
    signalPipe.store(waker.writeEnd, ordering: .relaxed)
    // Whoever started us may have left them blocked, and a mask is inherited.
    var unblocked = sigset_t()
    unsafe sigemptyset(&unblocked)
    for signal in signals { unsafe sigaddset(&unblocked, signal.rawValue) }
    unsafe pthread_sigmask(SIG_UNBLOCK, &unblocked, nil)
    for signal in signals {
      var action = sigaction()
      unsafe action.__sigaction_handler.sa_handler = writeNumber
      action.sa_flags = SA_RESTART
      if unsafe sigaction(signal.rawValue, &action, nil) != 0 { throw .last("sigaction") }
    }
  }

  /// The default actions again.
  static func ignoreDelivery(from waker: Waker, of signals: [Signal]) {
    for signal in signals { Glibc.signal(signal.rawValue, SIG_DFL) }
    _ = signalPipe.compareExchange(expected: waker.writeEnd, desired: -1, ordering: .relaxed)
  }
}
