// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// A file descriptor that has one owner, and is closed with it.
package struct Descriptor: ~Copyable {
  package let number: Int32

  /// Takes over a descriptor that nobody else closes.
  package init(owning number: Int32) { self.number = number }

  deinit {
    // Not repeated after EINTR: Linux has released the number by then (close(2), "Dealing with error returns").
    _ = close(number)
  }

  /// Neither blocks, nor is inherited by programs we start.
  func prepare() {
    _ = fcntl(number, F_SETFD, FD_CLOEXEC)
    _ = fcntl(number, F_SETFL, O_NONBLOCK)
  }

  /// Both ends of a pipe, prepared like sockets.
  package struct Pipe: ~Copyable {
    package let read: Descriptor
    package let write: Descriptor

    package init() throws(SystemError) {
      var ends: (Int32, Int32) = (-1, -1)
      let status = unsafe withUnsafeMutableBytes(of: &ends) { raw in
        unsafe pipe(raw.baseAddress!.assumingMemoryBound(to: Int32.self))
      }
      if status != 0 { throw .last("pipe") }
      read = Descriptor(owning: ends.0)
      write = Descriptor(owning: ends.1)
      read.prepare()
      write.prepare()
    }
  }

  /// A stream socket that does not block and is not inherited.
  package static func streamSocket(family: Int32) throws(SystemError) -> Descriptor {
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let number = socket(family, type, 0)
    if number < 0 { throw .last("socket") }
    return Descriptor(owning: number)
  }

  /// Sets an integer option; best effort, because none of those we set is needed for correctness.
  package func setOption(_ level: Int32, _ name: Int32, _ value: Int32) {
    var value = value
    unsafe setsockopt(number, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
  }
}
