// SPDX-License-Identifier: Apache-2.0
//
//   socket → recv → input                    output → send → socket                    plaintext
//   socket → recv → TLSMachine → input       output → TLSMachine → send → socket       after startTLS
internal import Glibc

/// One stream connection, owned by one loop: joins a machine's two buffers to a socket, with or without TLS.
///
/// The loop moves the bytes; whoever holds the link consumes `input` and writes `output`. Backpressure is leaving the
/// bytes where they are.
public final class Link: PollSource {
  /// What has arrived. With TLS: decrypted.
  public let input: ReceiveBuffer
  /// What is to be sent. The loop tries at the beginning of each turn.
  public let output: SendBuffer
  /// False: nothing is read, so that the peer's window closes.
  public var isReading = true
  /// With so many bytes unread in `input` (or as many as it says are `wanted`) the link stops reading by itself.
  public var inputHighWater = 1 << 20
  /// Who is at the other end, for messages: `db.example:5432 (10.0.0.1)`.
  public let peer: String
  /// Nil while open. Set in a turn after the one that delivered the last input, so that whoever consumes what has come
  /// and then looks here misses nothing.
  public private(set) var closure: LinkClosure?

  private let loop: PollLoop
  private var socket: Descriptor?
  /// An end that has been seen and becomes `closure` in the next turn.
  private var ending: LinkClosure?
  /// `closure` has been set in this turn, which therefore does not wait.
  private var isClosureNew = false
  /// The kernel took less than we had; until poll says POLLOUT there is no use in trying.
  private var isSendBlocked = false

  /// What one recv asks for, and how many of them a turn does for one link before the others have theirs.
  private static let receiveBytesMax = 64 * 1024
  private static let receivesPerTurn = 8

  init(owning socket: consuming Descriptor, peer: String, loop: PollLoop) {
    self.peer = peer
    self.loop = loop
    input = ReceiveBuffer(capacity: 2 * Self.receiveBytesMax)
    output = SendBuffer()
    // Small messages at once; a peer that vanished is noticed by the kernel too, though the protocols do it sooner.
    socket.setOption(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
    socket.setOption(SOL_SOCKET, SO_KEEPALIVE, 1)
    socket.setOption(Int32(IPPROTO_TCP), TCP_KEEPIDLE, 30)
    socket.setOption(Int32(IPPROTO_TCP), TCP_KEEPINTVL, 10)
    socket.setOption(Int32(IPPROTO_TCP), TCP_KEEPCNT, 3)
    self.socket = consume socket
    loop.add(self)
  }

  // MARK: What others call

  /// Sends what is in `output` as far as the kernel takes it; the rest goes out with the loop.
  public func flush() {
    if !isSendBlocked { send() }
  }

  /// Tries to send what is left and closes the socket. Bytes that have arrived can still be consumed.
  public func close() {
    if socket == nil { return }
    flush()
    socket = nil
    loop.remove(self)
    if closure == nil { closure = ending ?? .failed(LinkError(peer: peer, .closedHere)) }
    ending = nil
  }

  /// Why nothing more will come, as an error that names the peer; nil while open.
  public var closureError: LinkError? {
    switch closure {
    case nil: nil
    case .endOfStream: LinkError(peer: peer, .endOfStream)
    case .failed(let error): error
    }
  }

  // MARK: PollSource

  var descriptor: Int32 { socket?.number ?? -1 }
  var hasWorkNow: Bool { ending != nil || isClosureNew }

  var interest: Int16 {
    if socket == nil || ending != nil || closure != nil { return 0 }
    let reading = isReading && input.count < max(inputHighWater, input.wanted) ? Int16(POLLIN) : 0
    return reading | (output.isEmpty ? 0 : Int16(POLLOUT))
  }

  func beforePoll() {
    guard let ending else { return flush() }
    closure = ending
    isClosureNew = true
    self.ending = nil
    socket = nil
  }

  func ready(_ events: Int16) {
    if closure != nil {
      isClosureNew = false
      loop.remove(self)
      return
    }
    // POLLHUP and POLLERR come unasked; the call that fails says what it is.
    let isBroken = events & Int16(POLLHUP | POLLERR) != 0
    if events & Int16(POLLOUT) != 0 || isBroken {
      isSendBlocked = false
      send()
    }
    if ending == nil, events & Int16(POLLIN) != 0 || isBroken { receive(atMost: Self.receivesPerTurn) }
  }

  // MARK: Moving bytes

  private func end(_ closure: LinkClosure) {
    if ending == nil, self.closure == nil { ending = closure }
  }

  private func receive(atMost rounds: Int) {
    for _ in 0..<rounds {
      let number = descriptor
      var failure: SystemError?
      var room = 0
      let count = unsafe input.fill(room: Self.receiveBytesMax) { (free: UnsafeMutableRawBufferPointer) -> Int in
        room = free.count
        let received = unsafe recv(number, free.baseAddress, free.count, 0)
        if received < 0 { failure = .last("receive from") }
        return max(0, received)
      }
      if let failure {
        if failure.errno == EINTR { continue }
        if failure.errno != EAGAIN { end(.failed(LinkError(peer: peer, .system(failure)))) }
        return
      }
      if count == 0 { return end(.endOfStream) }
      // Less than there was room for: the kernel has no more at the moment.
      if count < room || input.count >= max(inputHighWater, input.wanted) { return }
    }
  }

  private func send() {
    while !output.isEmpty, ending == nil, closure == nil, socket != nil {
      let number = descriptor
      let count = output.withUnsent { bytes in
        unsafe bytes.withUnsafeBytes { unsafe Glibc.send(number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      }
      if count >= 0 {
        output.sent(count)
        continue
      }
      if errno == EINTR { continue }
      if errno == EAGAIN {
        isSendBlocked = true
        return
      }
      let failure = SystemError.last("send to")
      // The peer's last words (a server's reason for closing) may still lie in the kernel.
      receive(atMost: 16)
      ending = .failed(LinkError(peer: peer, .system(failure)))
      return
    }
  }
}
