// SPDX-License-Identifier: Apache-2.0
//
//   child's stdout → output (a receive buffer, with back-pressure)      child's stderr → errors (the last 4 KiB)
//   handed → child's descriptor 3
internal import Glibc

/// A program that runs beside us, owned by one loop: the loop fills `output`; who consumes it sets the pace, because a
/// child whose pipe is full waits.
///
/// It gets nothing of ours but what is named here: an environment, an empty standard input, no open descriptor, default
/// signals, and a session of its own, so that a terminal's Ctrl-C is ours alone. Nothing here blocks.
public final class Subprocess {
  public enum Status: Equatable, Sendable, CustomStringConvertible {
    case exited(Int32)
    case killed(signal: Int32)

    public var description: String {
      switch self {
      case .exited(let status): "status \(status)"
      case .killed(let signal): "signal \(signal)"
      }
    }
  }

  /// What the child has written to its standard output.
  public var output: ReceiveBuffer { outputPipe.buffer }
  /// False: nothing is read, so that the child soon waits.
  public var isReading: Bool {
    get { outputPipe.isReading }
    set { outputPipe.isReading = newValue }
  }
  /// The end of standard output has been seen. What has come before is in `output`.
  public var hasOutputEnded: Bool { outputPipe.hasEnded }
  /// How it has ended; nil while it runs, and for a moment after the end of its output.
  public private(set) var status: Status?
  /// Where the child finds the bytes that were handed to it, as a path (`/dev/fd/3`).
  public static let handedPath = "/dev/fd/3"
  /// What a pipe holds at least before its writer waits (pipe(7), "Pipe capacity": 65,536 bytes).
  public static let handedBytesMax = 4096

  private let loop: PollLoop
  private let pid: pid_t
  private let outputPipe: ChildPipe
  private let errorPipe: ChildPipe
  private var errorTail: [UInt8] = []
  private var reaper: TimerID?

  private static let errorBytesMax = 4096
  private static let handedDescriptor: Int32 = 3

  /// Starts `program`, a path. `handed` are bytes that it reads from `handedPath`: for what must not be in arguments or
  /// environment, which others can look at.
  public init(
    _ program: String, arguments: [String], environment: [String: String], handed: [UInt8]? = nil,
    outputHighWater: Int = 1 << 20, loop: PollLoop
  ) throws(SystemError) {
    precondition((handed?.count ?? 0) <= Self.handedBytesMax)
    let output = try Descriptor.Pipe()
    let errors = try Descriptor.Pipe()
    let handing = try Descriptor.Pipe()
    for number in [output.write.number, errors.write.number, handing.read.number] {
      // The child's ends block: programs expect it.
      if fcntl(number, F_SETFL, 0) < 0 { throw .last("fcntl") }
    }
    // Fewer turns of ours for the same bytes; as far as the system allows.
    let setPipeSize: Int32 = 1031  // F_SETPIPE_SZ, which Swift does not see
    _ = fcntl(output.read.number, setPipeSize, 1 << 20)
    if let handed {
      let written = unsafe handed.withUnsafeBytes { unsafe write(handing.write.number, $0.baseAddress, $0.count) }
      if written != handed.count { throw .last("write") }
    }
    pid = try Self.spawn(
      program, arguments, environment, output: output.write.number, errors: errors.write.number,
      handed: handed == nil ? nil : handing.read.number)
    outputPipe = ChildPipe(owning: output.read, highWater: outputHighWater)
    errorPipe = ChildPipe(owning: errors.read, highWater: Self.errorBytesMax)
    self.loop = loop
    errorPipe.onInput = { [unowned self] in keepErrors() }
    outputPipe.onInput = { [unowned self] in reapIfEnded() }
    loop.add(outputPipe)
    loop.add(errorPipe)
  }

  deinit { close() }

  /// The last of what the child has written to its standard error.
  public var errors: String { String(decoding: errorTail, as: UTF8.self) }

  /// Ends the child if it runs. What is in `output` can still be consumed.
  public func close() {
    loop.remove(outputPipe)
    loop.remove(errorPipe)
    outputPipe.close()
    errorPipe.close()
    if let reaper { loop.cancel(reaper) }
    reaper = nil
    if status != nil { return }
    kill(pid, SIGKILL)
    if Self.wait(for: pid) == nil { Self.reapLater(pid, loop) }
    status = .killed(signal: SIGKILL)
  }

  // MARK: The end

  private func keepErrors() {
    let buffer = errorPipe.buffer
    let bytes = buffer.unread.array
    buffer.consume(bytes.count)
    errorTail = Array((errorTail + bytes).suffix(Self.errorBytesMax))
    reapIfEnded()
  }

  /// A child that has closed both pipes is as good as gone, but not necessarily gone; so we look again.
  private func reapIfEnded() {
    guard outputPipe.hasEnded, errorPipe.hasEnded, status == nil, reaper == nil else { return }
    if let status = Self.wait(for: pid) {
      self.status = status
      return
    }
    reaper = loop.addTimer(after: .milliseconds(1), every: .milliseconds(10)) { [weak self] in
      guard let self, self.status == nil, let status = Self.wait(for: self.pid) else { return }
      self.status = status
      if let reaper = self.reaper { self.loop.cancel(reaper) }
      self.reaper = nil
    }
  }

  /// After SIGKILL a process may still be busy in the kernel.
  private static func reapLater(_ pid: pid_t, _ loop: PollLoop) {
    loop.addTimer(after: .milliseconds(10)) { [weak loop] in
      if let loop, wait(for: pid) == nil { reapLater(pid, loop) }
    }
  }

  /// Collects the child if it has ended.
  private static func wait(for pid: pid_t) -> Status? {
    var status: Int32 = 0
    let found = unsafe waitpid(pid, &status, WNOHANG)
    if found == 0 || (found < 0 && errno == EINTR) { return nil }
    // Somebody else has collected it (SIGCHLD ignored): how it ended is lost, that it ended is not.
    if found < 0 { return .exited(-1) }
    let signal = status & 0x7F
    return signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal: signal)
  }
}

extension Subprocess {
  /// The first of these names on `PATH` that can be run, as a path.
  public static func find(_ names: [String]) -> String? {
    let path = environment(["PATH"])["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    for name in names {
      for folder in path.split(separator: ":") {
        let candidate = "\(folder)/\(name)"
        if unsafe access(candidate, X_OK) == 0 { return candidate }
      }
    }
    return nil
  }

  /// These variables of our own environment, as far as they are set.
  public static func environment(_ names: [String]) -> [String: String] {
    var result: [String: String] = [:]
    for name in names {
      if let value = unsafe getenv(name) { unsafe result[name] = String(cString: value) }
    }
    return result
  }

  private static func spawn(
    _ program: String, _ arguments: [String], _ environment: [String: String], output: Int32, errors: Int32,
    handed: Int32?
  ) throws(SystemError) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
    unsafe posix_spawn_file_actions_adddup2(&actions, errors, 2)
    if let handed { unsafe posix_spawn_file_actions_adddup2(&actions, handed, handedDescriptor) }
    // Ours are close-on-exec; a library's need not be.
    for number in handedDescriptor..<1024 where number > handedDescriptor || handed == nil {
      let flags = fcntl(number, F_GETFD)
      if flags >= 0, flags & FD_CLOEXEC == 0 { unsafe posix_spawn_file_actions_addclose(&actions, number) }
    }

    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var all = sigset_t()
    unsafe sigfillset(&all)
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe posix_spawnattr_setsigdefault(&attributes, &all)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    let newSession: Int32 = 0x80  // POSIX_SPAWN_SETSID
    unsafe posix_spawnattr_setflags(
      &attributes, Int16(newSession | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

    var argv: [UnsafeMutablePointer<CChar>?] = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
    var envp: [UnsafeMutablePointer<CChar>?] = unsafe environment.map { unsafe strdup("\($0)=\($1)") } + [nil]
    defer {
      unsafe argv.forEach { unsafe free($0) }
      unsafe envp.forEach { unsafe free($0) }
    }
    var pid: pid_t = 0
    let failure = unsafe posix_spawn(&pid, program, &actions, &attributes, &argv, &envp)
    if failure != 0 { throw SystemError("posix_spawn", errno: failure) }
    return pid
  }
}
