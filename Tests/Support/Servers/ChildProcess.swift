// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import Synchronization

/// A process of ours with its output collected as it comes. Should the test process end before it, the watchdog ends
/// it.
public final class ChildProcess: Sendable {
  public enum Exit: Sendable, Equatable, CustomStringConvertible {
    case status(Int32)
    case signal(Int32)

    public var description: String {
      switch self {
      case .status(let status): "exit status \(status)"
      case .signal(let signal): "signal \(signal)"
      }
    }
  }

  private struct Collected {
    var output: [UInt8] = []
    var errors: [UInt8] = []
    var openPipes = 2
    var exit: Exit?
  }

  public let pid: Int32
  private let collected = Mutex(Collected())

  /// Starts `arguments[0]`, which is a path; `environment` is added to ours.
  public init(_ arguments: [String], environment: [String: String] = [:], input: [UInt8] = []) throws(CommandError) {
    let stdin = try Pipe()
    let stdout = try Pipe()
    let stderr = try Pipe()
    pid = try spawn(arguments, environment: environment, [stdin.readEnd, stdout.writeEnd, stderr.writeEnd])
    for end in [stdin.readEnd, stdout.writeEnd, stderr.writeEnd] { close(end) }
    Watchdog.shared.note("process \(pid)")
    startThread { writeAll(input, to: stdin.writeEnd) }
    startThread { [self] in
      drain(stdout.readEnd) { bytes in collected.withLock { $0.output += bytes } }
      collected.withLock { $0.openPipes -= 1 }
    }
    startThread { [self] in
      drain(stderr.readEnd) { bytes in collected.withLock { $0.errors += bytes } }
      collected.withLock { $0.openPipes -= 1 }
    }
    startThread { [self] in
      var status: Int32 = 0
      while waitpid(pid, &status, 0) < 0, errno == EINTR {}
      Watchdog.shared.note("ended \(pid)")
      let number = status & 0x7F
      let exit: Exit = number == 0 ? .status(status >> 8 & 0xFF) : .signal(number)
      collected.withLock { $0.exit = exit }
    }
  }

  public var output: [UInt8] { collected.withLock { $0.output } }
  public var errors: [UInt8] { collected.withLock { $0.errors } }

  /// What has come behind the first `start` bytes. Whoever looks often asks for this: while the whole is held, the next
  /// bytes to come copy it.
  func output(from start: Int) -> [UInt8] { collected.withLock { Array($0.output[start...]) } }
  func errors(from start: Int) -> [UInt8] { collected.withLock { Array($0.errors[start...]) } }

  /// Nil while it runs.
  public var exit: Exit? { collected.withLock { $0.exit } }

  public func send(signal: Int32) {
    if exit == nil { kill(pid, signal) }
  }

  /// Waits for its end and its last output; nil if it still runs after `limit`.
  public func waitForExit(within limit: Duration) -> Exit? {
    // A grandchild may keep the pipes open: the output is waited for only a moment.
    guard waitUntil(within: limit, { self.exit != nil }) else { return nil }
    _ = waitUntil(within: .seconds(1)) { self.collected.withLock { $0.openPipes == 0 } }
    return exit
  }
}

/// A command that could not be run, or that failed.
public struct CommandError: Error, CustomStringConvertible {
  public let description: String
}

/// Runs a command to its end and answers its output; a status other than 0 is an error.
@discardableResult
public func run(
  _ arguments: [String], environment: [String: String] = [:], input: String = "", within limit: Duration = .seconds(120)
) throws(CommandError) -> String {
  let process = try ChildProcess(arguments, environment: environment, input: Array(input.utf8))
  let exit = process.waitForExit(within: limit)
  guard exit == .status(0) else {
    if exit == nil { process.send(signal: SIGKILL) }
    let errors = String(decoding: process.errors, as: UTF8.self)
    throw CommandError(
      description: "\(arguments.prefix(4).joined(separator: " ")): \(exit.map { "\($0)" } ?? "too slow"): \(errors)")
  }
  return String(decoding: process.output, as: UTF8.self)
}

/// Looks at `condition` every few milliseconds; false if it is not met in time.
public func waitUntil(within limit: Duration, _ condition: () throws -> Bool) rethrows -> Bool {
  let end = ContinuousClock.now + limit
  // In microseconds.
  var pause: UInt32 = 2000
  while true {
    if try condition() { return true }
    if ContinuousClock.now >= end { return false }
    usleep(pause)
    pause = min(pause * 5 / 4, 25_000)
  }
}
