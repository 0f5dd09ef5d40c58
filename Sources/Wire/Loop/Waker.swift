// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import Synchronization

/// Ends the wait of a `PollLoop` from another thread or from a signal handler.
///
/// It may outlive its loop: a thread that finishes late writes into a pipe that nobody reads; the last owner closes.
public final class Waker: Sendable {
  private let pipe: Descriptor.Pipe
  /// One byte is enough until it has been read, so that the pipe never fills.
  private let isPending = Atomic<Bool>(false)

  var readEnd: Int32 { pipe.read.number }
  var writeEnd: Int32 { pipe.write.number }

  init() throws(SystemError) {
    pipe = try Descriptor.Pipe()
  }

  /// Async-signal-safe: an atomic and write(2).
  public func wake() {
    if isPending.exchange(true, ordering: .acquiringAndReleasing) { return }
    var byte: UInt8 = 0
    let saved = errno
    _ = unsafe write(writeEnd, &byte, 1)
    errno = saved
  }

  /// Empties the pipe. Answers the bytes that were not plain wakes: numbers of signals.
  func drain() -> [UInt8] {
    // Cleared before the read: a wake that comes in between writes again rather than being lost.
    isPending.store(false, ordering: .releasing)
    var signals: [UInt8] = []
    var bytes = [UInt8](repeating: 0, count: 64)
    while true {
      let count = unsafe bytes.withUnsafeMutableBytes { raw in
        unsafe read(readEnd, raw.baseAddress, raw.count)
      }
      if count <= 0 { return signals }
      for index in 0..<count where bytes[index] != 0 { signals.append(bytes[index]) }
    }
  }
}
