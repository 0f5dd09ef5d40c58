// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import Synchronization

/// No process is started between the making of a descriptor and its being marked close-on-exec.
private let spawning = Mutex(())

/// The calls beneath `ChildProcess` and `Watchdog`. Every descriptor is close-on-exec: a child that inherited one would
/// keep a pipe open that must be seen to end.
struct Pipe {
  let readEnd: Int32
  let writeEnd: Int32

  init() throws(CommandError) {
    var ends: [Int32] = [0, 0]
    let failed = spawning.withLock { _ in
      pipe(&ends) != 0 || fcntl(ends[0], F_SETFD, FD_CLOEXEC) != 0 || fcntl(ends[1], F_SETFD, FD_CLOEXEC) != 0
    }
    guard !failed else { throw CommandError(description: "pipe: \(String(cString: strerror(errno)))") }
    readEnd = ends[0]
    writeEnd = ends[1]
  }
}

/// Starts a program (a path, or a name to look up on PATH) in a session of its own, so that Ctrl-C reaches only us,
/// with these as descriptors 0, 1 and 2.
func spawn(
  _ arguments: [String], environment: [String: String], _ descriptors: [Int32]
) throws(CommandError) -> Int32 {
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  for (target, descriptor) in descriptors.enumerated() {
    posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(target))
  }
  var attributes = posix_spawnattr_t()
  posix_spawnattr_init(&attributes)
  defer { posix_spawnattr_destroy(&attributes) }
  // Swift's test runner may block or ignore signals; a child starts with none of that.
  var all = sigset_t()
  sigfillset(&all)
  var none = sigset_t()
  sigemptyset(&none)
  posix_spawnattr_setsigdefault(&attributes, &all)
  posix_spawnattr_setsigmask(&attributes, &none)
  let setSession: Int32 = 0x80  // POSIX_SPAWN_SETSID
  posix_spawnattr_setflags(&attributes, Int16(setSession | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

  var variables = currentEnvironment()
  variables.merge(environment) { _, ours in ours }
  var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
  var envp: [UnsafeMutablePointer<CChar>?] = variables.map { strdup("\($0)=\($1)") } + [nil]
  defer { for pointer in argv + envp { free(pointer) } }
  var pid: pid_t = 0
  let failure = spawning.withLock { _ in posix_spawnp(&pid, arguments[0], &actions, &attributes, &argv, &envp) }
  guard failure == 0 else {
    throw CommandError(description: "\(arguments[0]): \(String(cString: strerror(failure)))")
  }
  return pid
}

private func currentEnvironment() -> [String: String] {
  var result: [String: String] = [:]
  var next = environ
  while let entry = next.pointee {
    let pair = String(cString: entry).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    if pair.count == 2 { result[String(pair[0])] = String(pair[1]) }
    next += 1
  }
  return result
}

/// A thread, not a task: it may block for as long as a process lives.
func startThread(_ body: @escaping @Sendable () -> Void) {
  final class Box {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  var thread = pthread_t()
  let argument = Unmanaged.passRetained(Box(body)).toOpaque()
  let failure = pthread_create(
    &thread, nil,
    { argument in
      Unmanaged<Box>.fromOpaque(argument!).takeRetainedValue().body()
      return nil
    }, argument)
  precondition(failure == 0, "pthread_create: \(failure)")
  pthread_detach(thread)
}

func writeAll(_ bytes: [UInt8], to descriptor: Int32) {
  signal(SIGPIPE, SIG_IGN)
  var rest = bytes[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    if count < 0 && errno == EINTR { continue }
    if count <= 0 { break }
    rest = rest.dropFirst(count)
  }
  close(descriptor)
}

func drain(_ descriptor: Int32, _ take: ([UInt8]) -> Void) {
  var buffer = [UInt8](repeating: 0, count: 64 * 1024)
  while true {
    let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
    if count < 0 && errno == EINTR { continue }
    if count <= 0 { break }
    take(Array(buffer[..<count]))
  }
  close(descriptor)
}
