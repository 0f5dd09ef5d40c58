// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// A listening TCP or Unix socket in a loop. Like a link it is pulled: `accept` answers a link when one has come.
public final class Listener: PollSource {
  /// Where it listens; for a port asked for as 0, the one the kernel chose. A path stays as given.
  public let port: UInt16
  private let loop: PollLoop
  private var socket: Descriptor?
  private var accepted: [Link] = []
  private var isPaused = false

  /// Connections accepted and not asked for yet; the rest waits in the kernel.
  private static let acceptedMax = 64

  /// `host` is a numeric address, `localhost`, or nothing (or `*`) for every address of the machine.
  public init(_ endpoint: Endpoint, loop: PollLoop) throws(LinkError) {
    let address = try Self.address(of: endpoint)
    self.loop = loop
    do throws(SystemError) {
      let socket = try Descriptor.streamSocket(family: address.family)
      socket.setOption(SOL_SOCKET, SO_REUSEADDR, 1)
      let number = socket.number
      if unsafe address.withSockaddr({ unsafe bind(number, $0, $1) }) != 0 { throw .last("bind") }
      if listen(number, 128) != 0 { throw .last("listen on") }
      port = Self.localPort(of: number) ?? address.port
      self.socket = consume socket
    } catch {
      throw LinkError(peer: endpoint.description, .system(error))
    }
    loop.add(self)
  }

  /// The next connection that has come, or nil.
  public func accept() -> Link? { accepted.isEmpty ? nil : accepted.removeFirst() }

  /// Listens no longer; links that were accepted live on.
  public func close() {
    socket = nil
    accepted = []
    loop.remove(self)
  }

  var descriptor: Int32 { socket?.number ?? -1 }
  var interest: Int16 { isPaused || accepted.count >= Self.acceptedMax ? 0 : Int16(POLLIN) }

  func ready(_ events: Int16) {
    while accepted.count < Self.acceptedMax {
      let (number, peer) = acceptOne()
      if number < 0 {
        // The peer may have gone again; but without a free descriptor poll would call us back at once, for ever.
        if errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM { pause() }
        return
      }
      let fresh = Descriptor(owning: number)
      fresh.prepare()
      accepted.append(Link(owning: fresh, peer: peer, loop: loop))
    }
  }

  private func pause() {
    isPaused = true
    loop.addTimer(after: .milliseconds(100)) { [weak self] in self?.isPaused = false }
  }

  private func acceptOne() -> (number: Int32, peer: String) {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let listening = descriptor
    return unsafe withUnsafeMutableBytes(of: &storage) { raw in
      let address = unsafe raw.baseAddress!.assumingMemoryBound(to: sockaddr.self)
      let number = unsafe Glibc.accept(listening, address, &length)
      let peer = unsafe number < 0 ? nil : SocketAddress(address, length: length)
      return (number, peer?.description ?? "client")
    }
  }

  private static func localPort(of number: Int32) -> UInt16? {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return unsafe withUnsafeMutableBytes(of: &storage) { raw in
      let address = unsafe raw.baseAddress!.assumingMemoryBound(to: sockaddr.self)
      guard unsafe getsockname(number, address, &length) == 0 else { return nil }
      return unsafe SocketAddress(address, length: length)?.port
    }
  }

  private static func address(of endpoint: Endpoint) throws(LinkError) -> SocketAddress {
    switch endpoint {
    case .unix(let path):
      guard let address = SocketAddress(unixPath: path) else {
        throw LinkError(peer: path, .impossible("a socket's path has 1 to 107 bytes"))
      }
      return address
    case .tcp(let host, let port):
      // "localhost" is the one name that people write here; asking DNS could block.
      let numeric = host == "localhost" ? "127.0.0.1" : host.isEmpty || host == "*" ? "0.0.0.0" : host
      guard let address = Resolver.numeric(numeric, port)?.first else {
        throw LinkError(peer: endpoint.description, .impossible("listen on an address, not a name"))
      }
      return address
    }
  }
}
