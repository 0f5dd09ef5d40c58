// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import Wire

/// Which process on which boot of which machine: enough to know, later and from the same machine, that it is gone.
///
/// A process number alone is used again; with the time at which the process started it is not. Containers on one
/// machine share its boot id but not their process numbers, hence the namespace.
struct ProcessIdentity: Equatable {
  var host: String
  var boot: String
  var namespace: String
  var pid: Int
  /// Clock ticks between the boot and the process's start (proc(5), /proc/PID/stat, field 22).
  var started: Int

  static func current() -> ProcessIdentity {
    ProcessIdentity(
      host: hostName(), boot: text(of: "/proc/sys/kernel/random/boot_id"), namespace: link("/proc/self/ns/pid"),
      pid: Int(getpid()), started: startTime(of: Int(getpid())) ?? 0)
  }

  /// Whether the process ran where we run and runs no more. False when that cannot be known.
  func isGone(seenFrom here: ProcessIdentity) -> Bool {
    guard host == here.host, boot == here.boot, namespace == here.namespace, !boot.isEmpty, !namespace.isEmpty else {
      return false
    }
    return Self.startTime(of: pid) != started
  }

  private static func hostName() -> String {
    var name = [CChar](repeating: 0, count: 256)
    guard unsafe gethostname(&name, 255) == 0 else { return "" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func link(_ path: String) -> String {
    var target = [CChar](repeating: 0, count: 256)
    let count = unsafe readlink(path, &target, 255)
    guard count > 0 else { return "" }
    return String(decoding: target.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// nil: no such process. The second field is the program's name in parentheses and may hold anything.
  private static func startTime(of pid: Int) -> Int? {
    let stat = text(of: "/proc/\(pid)/stat")
    guard let close = stat.lastIndex(of: ")") else { return nil }
    let fields = stat[stat.index(after: close)...].split(separator: " ")
    // The state is field 3, the first behind the name; a zombie no longer writes anything.
    guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
    return Int(fields[19])
  }

  private static func text(of path: String) -> String {
    guard let bytes = try? TextFile.read(path, bytesMax: 4096) else { return "" }
    var text = String(decoding: bytes, as: UTF8.self)
    while text.last?.isNewline == true { text.removeLast() }
    return text
  }
}
