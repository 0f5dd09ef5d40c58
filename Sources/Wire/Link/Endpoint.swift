// SPDX-License-Identifier: Apache-2.0

/// Where a server listens, as an operator writes it.
public enum Endpoint: Sendable, Hashable, CustomStringConvertible {
  case tcp(host: String, port: UInt16)
  case unix(path: String)

  public var description: String {
    switch self {
    case .tcp(let host, let port): host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    case .unix(let path): path
    }
  }
}
