// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// Listens on a port of this machine and says the same to everyone, whatever they say.
public final class BadServer: Sendable {
  public let port: UInt16
  private let listener: Int32

  /// `speaksFirst`: in some protocols the server does. Otherwise it waits for the client's first message, so that
  /// closing is an end of stream and not a reset.
  public init(says bytes: [UInt8], speaksFirst: Bool = false, thenCloses closes: Bool) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(listener, address, size) == 0 && getsockname(listener, address, &size) == 0
      }
    }
    guard bound, listen(listener, 8) == 0 else { throw CocoaError(.fileNoSuchFile) }
    port = UInt16(bigEndian: address.sin_port)
    self.listener = listener
    Thread {
      while true {
        let connection = accept(listener, nil, nil)
        if connection < 0 {
          close(listener)
          return
        }
        var buffer = [UInt8](repeating: 0, count: 1000)
        if speaksFirst { _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }
        _ = recv(connection, &buffer, buffer.count, 0)
        if !speaksFirst { _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }
        if closes { close(connection) }
      }
    }.start()
  }

  // The thread closes it: closed here, its number could be another server's by the time the thread accepts again.
  deinit { shutdown(listener, Int32(SHUT_RDWR)) }
}
