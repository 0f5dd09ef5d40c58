// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import Synchronization

/// Turns a name into addresses. A value, so that tests give addresses of their own.
package struct Resolver: Sendable {
  package enum Answer: Sendable {
    case addresses([SocketAddress])
    case failed(String)
  }

  /// May block; called on a thread of its own.
  package let lookUp: @Sendable (_ host: String, _ port: UInt16) -> Answer

  package init(_ lookUp: @escaping @Sendable (_ host: String, _ port: UInt16) -> Answer) { self.lookUp = lookUp }

  /// The machine's: hosts file, then DNS.
  package static let system = Resolver { host, port in getAddresses(host, port, flags: 0) }

  /// Addresses of a host that is written as an address already, without asking anybody.
  static func numeric(_ host: String, _ port: UInt16) -> [SocketAddress]? {
    guard case .addresses(let list) = getAddresses(host, port, flags: AI_NUMERICHOST) else { return nil }
    return list
  }

  private static func getAddresses(_ host: String, _ port: UInt16, flags: Int32) -> Answer {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    unsafe hints.ai_flags = flags | AI_NUMERICSERV
    var list: UnsafeMutablePointer<addrinfo>?
    let status = unsafe getaddrinfo(host, String(port), &hints, &list)
    if status == EAI_SYSTEM { return .failed(SystemError.last("getaddrinfo").reason) }
    if status != 0 { return .failed(unsafe String(cString: gai_strerror(status))) }
    defer { unsafe freeaddrinfo(list) }
    var addresses: [SocketAddress] = []
    var next = unsafe list
    while let entry = unsafe next {
      if let address = unsafe SocketAddress(entry.pointee.ai_addr, length: entry.pointee.ai_addrlen) {
        addresses.append(address)
      }
      unsafe next = entry.pointee.ai_next
    }
    return addresses.isEmpty ? .failed("no IP address") : .addresses(addresses)
  }
}

/// One look-up on a thread of its own. The thread may outlive the wait for it (a resolver cannot be interrupted): the
/// two share only this object, and the last one releases it.
final class Resolution: Sendable {
  private let resolver: Resolver
  private let host: String
  private let port: UInt16
  private let waker: Waker
  private let result = Mutex<Resolver.Answer?>(nil)

  init(_ resolver: Resolver, host: String, port: UInt16, waker: Waker) {
    self.resolver = resolver
    self.host = host
    self.port = port
    self.waker = waker
  }

  /// Nil until the thread has finished.
  var answer: Resolver.Answer? { result.withLock { $0 } }

  func start() throws(SystemError) {
    var thread = pthread_t()
    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    defer { unsafe pthread_attr_destroy(&attributes) }
    unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    let run: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
      // Signals are the main thread's.
      var all = sigset_t()
      unsafe sigfillset(&all)
      unsafe pthread_sigmask(SIG_BLOCK, &all, nil)
      let resolution = unsafe Unmanaged<Resolution>.fromOpaque(argument!).takeRetainedValue()
      let answer = resolution.resolver.lookUp(resolution.host, resolution.port)
      resolution.result.withLock { $0 = answer }
      resolution.waker.wake()
      return nil
    }
    let argument = unsafe Unmanaged.passRetained(self)
    let status = unsafe pthread_create(&thread, &attributes, run, argument.toOpaque())
    if status != 0 {
      unsafe argument.release()
      throw SystemError("pthread_create", errno: status)
    }
  }
}
