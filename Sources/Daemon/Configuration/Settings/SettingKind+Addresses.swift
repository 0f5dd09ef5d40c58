// SPDX-License-Identifier: Apache-2.0

private import Glibc

/// Hosts, and hosts with ports.
enum HostText {
  /// A name, an address, or an absolute path; the brackets around an IPv6 address are taken off.
  static func check(_ text: String, shown: String) throws(Refusal) -> String {
    guard !text.isEmpty else { throw Refusal("is empty") }
    if text.hasPrefix("/") {
      // sockaddr_un holds 108 bytes, and PostgreSQL's `/.s.PGSQL.65535` is 16 of them.
      guard text.utf8.count <= 90, !text.utf8.contains(0) else {
        throw Refusal("\(shown) is too long for a Unix socket")
      }
      return text
    }
    let host = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
    if host.contains(":") {
      guard isIPv6(host) else {
        let name = host.prefix { $0 != ":" }
        throw Refusal("\(shown) is not a host; a port has a key of its own", mend: .value(printable(name)))
      }
      return host
    }
    guard isName(host) else { throw Refusal("\(shown) is not a host") }
    return host
  }

  /// `host:port`, `[::1]:port`.
  static func split(_ text: some StringProtocol) -> (host: String, port: UInt16)? {
    guard let colon = text.lastIndex(of: ":") else { return nil }
    let digits = text[text.index(after: colon)...]
    guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let port = UInt16(digits), port > 0
    else { return nil }
    let host = text[..<colon]
    if host.hasPrefix("[") {
      let inner = String(host.dropFirst().dropLast())
      return host.hasSuffix("]") && isIPv6(inner) ? (inner, port) : nil
    }
    return host.isEmpty || isName(String(host)) ? (String(host), port) : nil
  }

  private static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 253
      && text.utf8.allSatisfy { byte in
        switch byte {
        case 0...0x20, 0x7F, UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: ","): false
        case UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "?"), UInt8(ascii: "#"): false
        default: true
        }
      }
  }

  /// With the name of an interface behind a `%`, if there is one.
  private static func isIPv6(_ text: String) -> Bool {
    var address = in6_addr()
    return unsafe inet_pton(AF_INET6, String(text.prefix { $0 != "%" }), &address) == 1
  }
}

extension SettingKind where Value == ListenAddress? {
  static var listenAddress: SettingKind {
    let expects = "an address and a port"
    return SettingKind(expects: expects, example: "127.0.0.1:9187") { (value) throws(Refusal) in
      let text = try value.text(expects)
      if text.isEmpty { return nil }
      guard let (host, port) = HostText.split(text) else {
        throw value.refusal("\(value.quoted) is not \(expects) from 1 to 65535, such as 127.0.0.1:9187 or :9187")
      }
      return ListenAddress(host: host, port: port)
    } write: { address in
      guard let address else { return "\"\"" }
      return address.host.contains(":") ? "\"[\(address.host)]:\(address.port)\"" : "\(address.host):\(address.port)"
    }
  }
}

extension SettingKind where Value == [EtcdEndpoint] {
  static var endpoints: SettingKind {
    let expects = "a list of host:port, http://host:port or https://host:port"
    return SettingKind(expects: expects, example: "[\"localhost:2379\"]", form: .list) { (value) throws(Refusal) in
      var endpoints: [EtcdEndpoint] = []
      for item in try value.items(expects) { endpoints.append(try endpoint(item)) }
      guard let first = endpoints.first else { throw value.refusal("names no endpoint") }
      guard endpoints.allSatisfy({ ($0.scheme == .https) == (first.scheme == .https) }) else {
        throw value.refusal(
          "mixes https:// with endpoints in clear", mend: .clause("write https:// before each or none"))
      }
      return endpoints
    } write: {
      "[\($0.map { "\"\($0)\"" }.joined(separator: ", "))]"
    }
  }

  private static func endpoint(_ value: GivenValue) throws(Refusal) -> EtcdEndpoint {
    let text = try value.text("an endpoint")
    var scheme: EtcdEndpoint.Scheme?
    var rest = text[...]
    if let colon = text.range(of: "://") {
      scheme = EtcdEndpoint.Scheme(rawValue: text[..<colon.lowerBound].lowercased())
      guard scheme != nil else {
        throw value.refusal("\(value.quoted) begins with neither http:// nor https://")
      }
      rest = text[colon.upperBound...]
    }
    guard !rest.contains("@") else {
      let mend = Refusal.Mend.clause("write them as etcd.username and etcd.password")
      throw value.refusal("has a user or a password in an endpoint", mend: mend)
    }
    if rest.last == "/" { rest = rest.dropLast() }
    guard let (host, port) = HostText.split(rest), !host.isEmpty else {
      let isHost = (try? HostText.check(String(rest), shown: "")) != nil
      let scheme = scheme.map { "\($0.rawValue)://" } ?? ""
      let mend: Refusal.Mend? = isHost ? .value("[\"\(scheme)\(printable(rest)):2379\"]") : nil
      throw value.refusal("\(value.quoted) is not host:port with a port from 1 to 65535", mend: mend)
    }
    return EtcdEndpoint(scheme: scheme, host: host, port: port)
  }
}

extension String {
  /// The first place of another text in this one.
  fileprivate func range(of other: String) -> Range<String.Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(other) { return start..<index(start, offsetBy: other.count) }
      start = index(after: start)
    }
    return nil
  }
}
