// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// One socket on its way to one address.
final class ConnectAttempt: PollSource {
  private var socket: Descriptor?
  private(set) var isFinished = false
  private(set) var failure: SystemError?

  /// Starts connecting; it may be finished at once.
  init(to address: SocketAddress) {
    do throws(SystemError) {
      let fresh = try Descriptor.streamSocket(family: address.family)
      let number = fresh.number
      socket = consume fresh
      if unsafe address.withSockaddr({ unsafe connect(number, $0, $1) }) == 0 {
        isFinished = true
      } else if errno != EINPROGRESS {
        throw .last("connect")
      }
    } catch {
      failure = error
      isFinished = true
    }
  }

  var descriptor: Int32 { socket?.number ?? -1 }
  var interest: Int16 { isFinished ? 0 : Int16(POLLOUT) }

  func ready(_ events: Int16) {
    var status: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    if unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &status, &size) != 0 { status = errno }
    if status != 0 { failure = SystemError("connect", errno: status) }
    isFinished = true
  }

  /// Hands over the connected socket.
  func take() -> Descriptor? { socket.take() }
}
