// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import Synchronization

/// Stops and removes what a test run started when the run ends, also when it crashes or is killed: a process of its own
/// (tools/watchdog.sh) holds the other end of a pipe, which the kernel closes with us.
final class Watchdog: Sendable {
  static let shared = Watchdog()

  /// Where this run's servers and files live. In a folder for temporary files that the user nobody can reach.
  let folder: String
  private let pipe = Mutex<Int32>(-1)

  private init() {
    folder = "/tmp/sync-tests-\(getpid())"
    mkdir(folder, 0o755)
    do throws(CommandError) {
      let input = try Pipe()
      let null = open("/dev/null", O_RDWR | O_CLOEXEC)
      let pid = try spawn(
        [Fixture.packageFolder + "/tools/watchdog.sh"], environment: [:], [input.readEnd, null, null])
      close(input.readEnd)
      close(null)
      pipe.withLock { $0 = input.writeEnd }
      // It outlives us; if it should end before, it shall not stay a zombie that looks alive.
      startThread { waitpid(pid, nil, 0) }
    } catch {
      preconditionFailure("the watchdog of the tests does not start: \(error)")
    }
    note("folder \(folder)")
  }

  func note(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    // At most PIPE_BUF bytes: one write, never cut (pipe(7), "PIPE_BUF").
    pipe.withLock { descriptor in _ = write(descriptor, bytes, bytes.count) }
  }
}
