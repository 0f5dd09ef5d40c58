// SPDX-License-Identifier: Apache-2.0

private import Glibc

/// A small file that an operator wrote, read whole: the configuration, a password.
enum TextFile {
  struct Failure: Error, Equatable {
    /// Continues a sentence that begins with the file: "does not exist".
    var reason: String
    /// What an operator does about it.
    var mend: String
  }

  /// Never larger than `bytesMax` and never waits: a pipe without a writer counts as empty, and one whose writer is
  /// slow gets five seconds.
  static func read(_ path: String, bytesMax: Int) throws(Failure) -> [UInt8] {
    guard !path.utf8.contains(0) else {
      throw Failure(reason: "has a zero byte in its name", mend: "name another file")
    }
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw failure(errno) }
    defer { _ = close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16 << 10)
    while true {
      let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
      if count > 0 {
        bytes.append(contentsOf: chunk[..<count])
        guard bytes.count <= bytesMax else {
          throw Failure(reason: "is larger than \(bytesMax >> 10) KiB", mend: "name the right file")
        }
      } else if count == 0 {
        return bytes
      } else if errno == EAGAIN {
        guard isReadable(descriptor) else { throw Failure(reason: "gave nothing for 5 s", mend: "name a regular file") }
      } else if errno != EINTR {
        throw failure(errno)
      }
    }
  }

  private static func isReadable(_ descriptor: Int32) -> Bool {
    var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&poller, 1, 5000) > 0
  }

  private static func failure(_ code: Int32) -> Failure {
    switch code {
    case ENOENT, ENOTDIR: Failure(reason: "does not exist", mend: "name a file that exists")
    case EACCES, EPERM: Failure(reason: "may not be read by this user", mend: "give this user the right to read it")
    case EISDIR: Failure(reason: "is a directory", mend: "name a file in it")
    default: Failure(reason: "cannot be read (\(unsafe String(cString: strerror(code))))", mend: "name a readable file")
    }
  }
}
