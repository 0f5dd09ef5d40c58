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

  let loop: PollLoop
  var socket: Descriptor?
  /// Nil in plaintext.
  var tlsMachine: TLSMachine?
  /// Where ciphertext is received.
  var incoming: ReceiveBuffer?
  /// The last turn left off receiving before the kernel had no more.
  var hasMore = false
  /// The machine stopped for want of room, not of ciphertext: the kernel will not tell us to go on.
  var hasUndecrypted = false
  /// An end that has been seen and becomes `closure` in the next turn.
  private(set) var ending: LinkClosure?
  /// `closure` has been set in this turn, which therefore does not wait.
  private var isClosureNew = false
  /// The kernel took less than we had; until poll says POLLOUT there is no use in trying.
  var isSendBlocked = false

  init(owning socket: consuming Descriptor, peer: String, loop: PollLoop) {
    self.peer = peer
    self.loop = loop
    input = ReceiveBuffer(capacity: 2 * Transfer.receiveBytesMax)
    output = SendBuffer()
    output.gathers = true
    // Small messages at once; a peer that vanished is noticed by the kernel too, though the protocols do it sooner.
    socket.setOption(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
    socket.setOption(SOL_SOCKET, SO_KEEPALIVE, 1)
    socket.setOption(Int32(IPPROTO_TCP), TCP_KEEPIDLE, 30)
    socket.setOption(Int32(IPPROTO_TCP), TCP_KEEPINTVL, 10)
    socket.setOption(Int32(IPPROTO_TCP), TCP_KEEPCNT, 3)
    // Keep-alives rest while bytes of ours are unacknowledged; without this they would be repeated for a quarter of an
    // hour (tcp(7), TCP_USER_TIMEOUT).
    socket.setOption(Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, 60_000)
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
    tlsMachine?.encryptLast(output)
    flush()
    flushAlert()
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

  /// Whether there may be more to receive than the last turn did, so that the next need not be waited for. Said once.
  public func takeHasMore() -> Bool {
    defer { hasMore = false }
    return hasMore
  }

  // MARK: State

  var isOpen: Bool { socket != nil && ending == nil && closure == nil }

  /// More input is welcome. A handshake reads whatever the holder says.
  var wantsInput: Bool {
    if let tlsMachine, tlsMachine.info == nil { return true }
    return isReading && input.count < inputLimit
  }

  var inputLimit: Int { max(inputHighWater, input.wanted) }

  var hasUnsent: Bool {
    guard let tlsMachine else { return !output.isEmpty }
    return !tlsMachine.outgoing.isEmpty || (tlsMachine.info != nil && !output.isEmpty)
  }

  // MARK: PollSource

  var descriptor: Int32 { socket?.number ?? -1 }
  var hasWorkNow: Bool { ending != nil || isClosureNew || (hasUndecrypted && wantsInput) }

  var interest: Int16 {
    if !isOpen { return 0 }
    return (wantsInput ? Int16(POLLIN) : 0) | (hasUnsent ? Int16(POLLOUT) : 0)
  }

  func beforePoll() {
    guard let ending else { return flush() }
    if case .failed = ending, tlsMachine != nil { flushAlert() }
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
    if hasUndecrypted, wantsInput { receive(atMost: 1) }
    // POLLHUP and POLLERR come unasked; the call that fails says what it is.
    let isBroken = events & Int16(POLLHUP | POLLERR) != 0
    if events & Int16(POLLOUT) != 0 || isBroken {
      isSendBlocked = false
      send()
    }
    if isOpen, events & Int16(POLLIN) != 0 || isBroken { receive(atMost: Transfer.receivesPerTurn) }
  }

  /// Notes how the link ends; the first reason counts, save that a reason is better than a plain end.
  func end(_ closure: LinkClosure) {
    if self.closure == nil, ending == nil || ending == .endOfStream { ending = closure }
  }
}
