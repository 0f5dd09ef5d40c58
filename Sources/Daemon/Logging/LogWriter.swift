// SPDX-License-Identifier: Apache-2.0

private import Glibc
private import Synchronization

/// Writes lines to a descriptor, and never lets that stand in the way of the work: a closed standard error or a full
/// disk loses lines, a reader that does not read holds us up for a second once and costs lines from then on.
final class LogWriter: Sendable {
  private let descriptor: Int32
  private let state = Mutex(State())

  private struct State {
    /// The last line could not be written because nobody read.
    var isStuck = false
    /// The last line was cut: the next begins on a line of its own.
    var isInLine = false
    var linesLost = 0
    /// A progress bar stands on the terminal's last line.
    var hasBar = false
  }

  private static let eraseLine = "\r\u{1B}[2K"

  init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  static let standardError = LogWriter(descriptor: STDERR_FILENO)

  /// - Parameter line: with its end. Lines from several threads do not mix.
  func write(_ line: String) {
    state.withLock { state in
      let start = state.hasBar ? LogWriter.eraseLine : state.isInLine ? "\n" : ""
      state.hasBar = false
      let bytes = Array((start + line).utf8)
      let written = LogWriter.write(bytes, to: descriptor, patience: state.isStuck ? 0 : 1000)
      state.isStuck = written < bytes.count
      guard state.isStuck else { return state.isInLine = false }
      state.isInLine = state.isInLine || written > 0
      state.linesLost += 1
    }
  }

  /// Draws a bar over the one before; the next line takes it away. Empty: nothing is left of it.
  func draw(bar: String) {
    state.withLock { state in
      // A terminal that is gone, or does not take it now, is no reason to hold up a dump.
      _ = LogWriter.write(Array((LogWriter.eraseLine + bar).utf8), to: descriptor, patience: 0)
      state.hasBar = !bar.isEmpty
    }
  }

  /// How many lines were lost since this was last asked.
  func takeLinesLost() -> Int {
    state.withLock { state in
      defer { state.linesLost = 0 }
      return state.linesLost
    }
  }

  /// How many bytes could be written.
  ///
  /// A pipe that `poll` calls writable takes at least `PIPE_BUF` (4096) bytes without waiting: more are never written
  /// at once.
  private static func write(_ bytes: [UInt8], to descriptor: Int32, patience milliseconds: Int32) -> Int {
    var written = 0
    while written < bytes.count {
      var poller = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      let ready = unsafe poll(&poller, 1, milliseconds)
      if ready < 0, errno == EINTR { continue }
      guard ready > 0 else { return written }
      let length = min(bytes.count - written, 4096)
      let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress! + written, length) }
      if count < 0 {
        if errno == EINTR || errno == EAGAIN { continue }
        return written
      }
      written += count
    }
    return written
  }
}
