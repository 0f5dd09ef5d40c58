// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// Our end of a pipe that a child writes into.
final class ChildPipe: PollSource {
  let buffer: ReceiveBuffer
  var isReading = true
  var highWater: Int
  /// The child, and whoever has inherited its end, have closed it; or reading has failed.
  private(set) var hasEnded = false
  /// What a read has thrown back.
  private(set) var failure: SystemError?
  /// Called after each read.
  var onInput: (() -> Void)?
  private var end: Descriptor?

  static let readBytesMax = 64 * 1024

  init(owning end: consuming Descriptor, highWater: Int) {
    buffer = ReceiveBuffer(capacity: Self.readBytesMax)
    self.highWater = highWater
    self.end = consume end
  }

  func close() { end = nil }

  // MARK: PollSource

  var descriptor: Int32 { end?.number ?? -1 }

  var interest: Int16 {
    // Not polled while we do not read: the child's end would be reported over and over.
    hasEnded || !isReading || buffer.count >= max(highWater, buffer.wanted) ? 0 : Int16(POLLIN)
  }

  func ready(_ events: Int16) {
    // At most as much as a link reads in a turn.
    for _ in 0..<4 {
      if interest == 0 || !receive() { break }
    }
    onInput?()
  }

  /// One read; false when the kernel has no more now, or never will.
  private func receive() -> Bool {
    let number = descriptor
    if number < 0 { return false }
    var status: Int32 = 0
    var room = 0
    let count = unsafe buffer.fill(room: Self.readBytesMax) { (free: UnsafeMutableRawBufferPointer) -> Int in
      room = free.count
      let count = unsafe read(number, free.baseAddress, free.count)
      if count < 0 { status = errno }
      return max(0, count)
    }
    switch status {
    case 0 where count > 0: return count == room
    case 0: hasEnded = true
    case EINTR: return true
    case EAGAIN: break
    default:
      failure = SystemError("read", errno: status)
      hasEnded = true
    }
    return false
  }
}
