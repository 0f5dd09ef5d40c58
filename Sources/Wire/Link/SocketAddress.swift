// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// An address that a socket can be connected or bound to.
package struct SocketAddress: Sendable, CustomStringConvertible {
  private let bytes: [UInt8]
  package let family: Int32
  /// The numeric host, `127.0.0.1` or `::1`; the path of a Unix socket.
  package let host: String
  package let port: UInt16

  package init?(unixPath path: String) {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let room = MemoryLayout.size(ofValue: address.sun_path)
    let text = Array(path.utf8)
    // One byte stays zero at the end. A leading zero byte (an abstract name) is not a path.
    guard !text.isEmpty, text.count < room, !text.contains(0) else { return nil }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: text) }
    bytes = unsafe withUnsafeBytes(of: address) { unsafe Array($0) }
    family = AF_UNIX
    host = path
    port = 0
  }

  /// What getaddrinfo, accept or getsockname gave; nil for a family that is not IP's.
  init?(_ address: UnsafePointer<sockaddr>, length: socklen_t) {
    family = unsafe Int32(address.pointee.sa_family)
    guard family == AF_INET || family == AF_INET6 else { return nil }
    bytes = unsafe Array(UnsafeRawBufferPointer(start: address, count: Int(length)))
    // Both families have the port at the same place, in network byte order (ip(7), ipv6(7)).
    port = UInt16(bytes[2]) << 8 | UInt16(bytes[3])
    var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    let status = unsafe getnameinfo(address, length, &name, socklen_t(name.count), nil, 0, NI_NUMERICHOST)
    guard status == 0 else { return nil }
    host = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  func withSockaddr<R>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
    unsafe bytes.withUnsafeBytes { raw in
      unsafe body(raw.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t(raw.count))
    }
  }

  package var description: String {
    if family == AF_UNIX { return host }
    return Endpoint.tcp(host: host, port: port).description
  }
}
