// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// How much is moved at once.
enum Transfer {
  /// What one recv asks for at least.
  static let receiveBytesMax = 64 * 1024
  /// How many of them a turn does for one link before the others have theirs.
  static let receivesPerTurn = 4
  /// How many pieces one sendmsg gathers: those of about 1 MiB of DATA frames.
  static let piecesMax = 256
  /// Ciphertext made ahead of the socket.
  static let ciphertextBytesMax = 256 * 1024
}

extension Link {
  // MARK: From the socket

  /// Receives up to `rounds` times, as long as the kernel has more and there is room.
  func receive(atMost rounds: Int) {
    hasMore = false
    for _ in 0..<rounds {
      let mayHaveMore = tlsMachine.map(receive(through:)) ?? receive(into: input)
      if !mayHaveMore { return }
      if tlsMachine == nil, input.count >= inputLimit { break }
    }
    hasMore = true
  }

  /// One recv. False when the kernel has no more at the moment or never will.
  private func receive(into buffer: ReceiveBuffer) -> Bool {
    while true {
      let number = descriptor
      var room = 0
      var status = 0
      let count = unsafe buffer.fill(room: Transfer.receiveBytesMax) { (free: UnsafeMutableRawBufferPointer) -> Int in
        room = free.count
        let received = unsafe recv(number, free.baseAddress, free.count, 0)
        status = received < 0 ? Int(errno) : 0
        return max(0, received)
      }
      if status == EINTR { continue }
      if status == EAGAIN { return false }
      if status != 0 {
        end(.failed(LinkError(peer: peer, .system(SystemError("receive from", errno: Int32(status))))))
        return false
      }
      if count == 0 {
        end(.endOfStream)
        return false
      }
      return count == room
    }
  }

  /// Decrypts what is there; when that is used up, one recv and what it gave. So the end of the socket is never seen
  /// before the bytes that came ahead of it. A socket that ends without close_notify is an end like another: our
  /// protocols say themselves where a message ends.
  private func receive(through machine: TLSMachine) -> Bool {
    if hasUndecrypted {
      decrypt(machine)
      if hasUndecrypted || !isOpen { return false }
    }
    let incoming = self.incoming ?? ReceiveBuffer(capacity: Transfer.receiveBytesMax)
    self.incoming = incoming
    let hasMore = receive(into: incoming)
    if incoming.count > 0 {
      let bytes = incoming.unread
      machine.receive(bytes)
      incoming.consume(incoming.count)
      decrypt(machine)
    }
    return hasMore && !hasUndecrypted && isOpen
  }

  private func decrypt(_ machine: TLSMachine) {
    do throws(TLSError) {
      if try !machine.handshake() { return }
      switch try machine.decrypt(into: input, limit: wantsInput ? inputLimit : 0) {
      case .needsMore: hasUndecrypted = false
      case .filled: hasUndecrypted = true
      case .closed:
        hasUndecrypted = false
        end(.endOfStream)
      }
    } catch {
      hasUndecrypted = false
      end(.failed(LinkError(peer: peer, .tls(error))))
    }
  }

  // MARK: To the socket

  /// Sends until everything is sent or the kernel takes no more.
  func send() {
    while isOpen {
      if let machine = tlsMachine, machine.info != nil, !output.isEmpty {
        do throws(TLSError) {
          try machine.encrypt(from: output, limit: Transfer.ciphertextBytesMax)
        } catch {
          return end(.failed(LinkError(peer: peer, .tls(error))))
        }
      }
      let buffer = tlsMachine?.outgoing ?? output
      if buffer.isEmpty { return }
      guard let failure = send(from: buffer) else { continue }
      if failure.errno == EAGAIN {
        isSendBlocked = true
        return
      }
      // The peer's last words (a server's reason for closing, an alert) may still lie in the kernel.
      receive(atMost: 16)
      return end(.failed(LinkError(peer: peer, .system(failure))))
    }
  }

  /// One sendmsg; nil when the kernel took something.
  private func send(from buffer: SendBuffer) -> SystemError? {
    while true {
      let number = descriptor
      let count = unsafe withUnsafeTemporaryAllocation(of: iovec.self, capacity: Transfer.piecesMax) { pieces in
        var message = unsafe msghdr()
        unsafe message.msg_iov = pieces.baseAddress
        unsafe message.msg_iovlen = buffer.list(into: pieces)
        return unsafe sendmsg(number, &message, Int32(MSG_NOSIGNAL))
      }
      if count >= 0 {
        buffer.sent(count)
        return nil
      }
      if errno != EINTR { return .last("send to") }
    }
  }

  /// Our alert, which tells the peer why, is sent if that can be done at once.
  func flushAlert() {
    guard let machine = tlsMachine, socket != nil else { return }
    while !machine.outgoing.isEmpty, send(from: machine.outgoing) == nil {}
  }
}
