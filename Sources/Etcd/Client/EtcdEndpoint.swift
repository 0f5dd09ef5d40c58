// SPDX-License-Identifier: Apache-2.0
internal import Wire

/// A member's client address as an operator writes it: `host:port`, `http://host:port`, `https://host:port`.
public struct EtcdEndpoint: Hashable, Sendable, CustomStringConvertible {
  public var host: String
  public var port: UInt16
  /// By its scheme; nil where none is written, and the configuration decides.
  public var usesTLS: Bool?

  static let defaultPort: UInt16 = 2379

  /// Nil if it is not an address at all.
  public init?(_ text: String) {
    var rest = Substring(text)
    usesTLS = nil
    if rest.hasPrefix("http://") { usesTLS = false; rest = rest.dropFirst(7) }
    if rest.hasPrefix("https://") { usesTLS = true; rest = rest.dropFirst(8) }
    if rest.hasSuffix("/") { rest = rest.dropLast() }
    guard !rest.isEmpty, !rest.contains("/"), !rest.contains("@"), !rest.contains(where: \.isWhitespace) else {
      return nil
    }
    var portText = Substring("\(Self.defaultPort)")
    if rest.hasPrefix("[") {
      guard let close = rest.firstIndex(of: "]") else { return nil }
      host = String(rest[rest.index(after: rest.startIndex)..<close])
      let tail = rest[rest.index(after: close)...]
      if !tail.isEmpty {
        guard tail.hasPrefix(":") else { return nil }
        portText = tail.dropFirst()
      }
    } else if let colon = rest.lastIndex(of: ":") {
      host = String(rest[..<colon])
      portText = rest[rest.index(after: colon)...]
      // More colons: an IPv6 address without brackets, whose port cannot be told.
      if host.contains(":") { return nil }
    } else {
      host = String(rest)
    }
    guard !host.isEmpty, let port = UInt16(portText), port > 0 else { return nil }
    self.port = port
  }

  /// `host:port`, as the request's authority and in messages.
  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
