// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import Synchronization

/// A TCP relay to a server on this machine, which loses connections at chosen moments: when certain bytes come along,
/// at once, or so that nobody is told (packets vanish).
public final class CuttingProxy: Sendable {
  public enum Moment: Sendable {
    /// The server never sees the bytes.
    case beforeTheServer
    /// The server gets them, and its answer is lost.
    case beforeTheAnswer
  }

  private final class Relay: Sendable {
    let client: Int32
    let server: Int32
    let isMuted = Mutex(false)
    private let users = Mutex(2)

    init(client: Int32, server: Int32) {
      self.client = client
      self.server = server
    }

    func cut() {
      shutdown(client, Int32(SHUT_RDWR))
      shutdown(server, Int32(SHUT_RDWR))
    }

    /// The second of the two directions to end closes both descriptors.
    func leave() {
      let left = users.withLock { count in
        count -= 1
        return count
      }
      guard left == 0 else { return }
      close(client)
      close(server)
    }
  }

  private struct State {
    var relays: [Relay] = []
    var trigger: (moment: Moment, needle: [UInt8])?
    var isFrozen = false
    var cuts = 0
  }

  public let port: Int
  private let target: Int
  private let state = Mutex(State())

  /// Relays to 127.0.0.1:`target`.
  public init(to target: Int) throws(CommandError) {
    self.target = target
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = Self.loopback(0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let failed = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) != 0 || listen(listener, 16) != 0 || getsockname(listener, $0, &length) != 0
      }
    }
    guard listener >= 0, !failed else { throw CommandError(description: "the relay cannot listen") }
    port = Int(UInt16(bigEndian: address.sin_port))
    startThread { [self] in
      while true {
        let client = accept(listener, nil, nil)
        if client < 0 { return }
        _ = fcntl(client, F_SETFD, FD_CLOEXEC)
        relay(client)
      }
    }
  }

  private static func loopback(_ port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }

  // MARK: Losing

  /// The next connection over which these bytes come to the server is cut then.
  public func cut(_ moment: Moment, at needle: String) {
    state.withLock { $0.trigger = (moment, Array(needle.utf8)) }
  }

  /// Cuts every connection now.
  public func cutAll() {
    let relays = state.withLock { state in
      state.cuts += 1
      return state.relays
    }
    for relay in relays { relay.cut() }
  }

  /// Connections stay, new ones too, and not a byte passes.
  public func freeze() { state.withLock { $0.isFrozen = true } }

  /// Bytes pass again, over connections made from now on: the old ones never hear of each other again.
  public func thaw() {
    let relays = state.withLock { state in
      state.isFrozen = false
      defer { state.relays.removeAll() }
      return state.relays
    }
    for relay in relays { relay.cut() }
  }

  public var cuts: Int { state.withLock { $0.cuts } }

  // MARK: Relaying

  private func relay(_ client: Int32) {
    let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = Self.loopback(target)
    let failed = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) != 0
      }
    }
    guard !failed else {
      close(client)
      close(server)
      return
    }
    let relay = Relay(client: client, server: server)
    state.withLock { $0.relays.append(relay) }
    startThread { [self] in pump(relay, isToServer: true) }
    startThread { [self] in pump(relay, isToServer: false) }
  }

  private func pump(_ relay: Relay, isToServer: Bool) {
    let (from, to) = isToServer ? (relay.client, relay.server) : (relay.server, relay.client)
    var buffer = [UInt8](repeating: 0, count: 65536)
    var before: [UInt8] = []
    while true {
      let count = recv(from, &buffer, buffer.count, 0)
      if count <= 0 { break }
      while state.withLock({ $0.isFrozen }) { usleep(5000) }
      if !isToServer, relay.isMuted.withLock({ $0 }) { continue }
      let moment = isToServer ? takeTrigger(before + buffer[..<count]) : nil
      if moment == .beforeTheServer { break }
      if moment == .beforeTheAnswer { relay.isMuted.withLock { $0 = true } }
      if !send(buffer[..<count], to: to) { break }
      if moment == .beforeTheAnswer {
        usleep(300_000)
        break
      }
      before = Array(buffer[..<count].suffix(64))
    }
    relay.cut()
    relay.leave()
  }

  private func takeTrigger(_ bytes: [UInt8]) -> Moment? {
    state.withLock { state in
      guard let trigger = state.trigger, Self.contains(bytes, trigger.needle) else { return nil }
      state.trigger = nil
      state.cuts += 1
      return trigger.moment
    }
  }

  private static func contains(_ bytes: [UInt8], _ needle: [UInt8]) -> Bool {
    var rest = bytes[...]
    while let start = rest.firstIndex(of: needle[0]) {
      if rest[start...].starts(with: needle) { return true }
      rest = rest[(start + 1)...]
    }
    return false
  }

  private func send(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      if count <= 0 { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}
