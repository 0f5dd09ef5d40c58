// SPDX-License-Identifier: Apache-2.0
import Etcd
import Support
import Wire

/// A gRPC message by its method: what it is called, what it says, and its bytes as encoded again.
struct EtcdMessageText {
  /// As protobuf calls it: "TxnRequest".
  let name: String
  /// Nil for a message that the daemon has no use for.
  var text: String?
  var encoded: [UInt8]?

  init(path: String, direction: CapturedConnection.Direction, bytes: [UInt8]) throws {
    let isRequest = direction == .fromClient
    name = Self.name(of: path) + (isRequest ? "Request" : "Response")
    for type in Self.requests {
      if try read(type, path: path, isRequest: isRequest, bytes) { return }
    }
  }

  private static let requests: [any EtcdRequest.Type] = [
    RangeRequest.self, PutRequest.self, DeleteRangeRequest.self, TxnRequest.self, CompactRequest.self,
    WatchRequest.self, LeaseGrantRequest.self, LeaseRevokeRequest.self, LeaseKeepAliveRequest.self,
    LeaseTimeToLiveRequest.self, LeaseLeasesRequest.self, AuthenticateRequest.self, StatusRequest.self,
    AlarmRequest.self, DefragmentRequest.self, MemberListRequest.self,
  ]

  private mutating func read<R: EtcdRequest>(
    _: R.Type, path: String, isRequest: Bool, _ bytes: [UInt8]
  ) throws -> Bool {
    guard path == R.path else { return false }
    if isRequest {
      let message = try R(from: bytes.span.bytes)
      (text, encoded) = (Self.text(message), message.encoded)
    } else {
      let message = try R.Response(from: bytes.span.bytes)
      (text, encoded) = (Self.text(message), message.encoded)
    }
    return true
  }

  private static func name(of path: String) -> String {
    let words = path.split(whereSeparator: { "./".contains($0) })
    guard words.count == 3 else { return path }
    let method = String(words[2])
    if method == "Compact" { return "Compaction" }
    return words[1] == "Auth" && !method.hasPrefix("Auth") ? "Auth" + method : method
  }

  /// Fields by reflection, those at their default left out.
  static func text(_ value: Any) -> String {
    switch value {
    case let octets as [UInt8]: return quoted(octets)
    case let range as RangeResponse:
      let items = range.keyValues.map { " kvs{" + text($0) + "}" }.joined()
      return "header{\(text(range.header))}\(items)\(range.more ? " more" : "") count: \(range.count)"
    case let target as Compare.Target:
      // What is compared with 0 matters.
      return Mirror(reflecting: target).children.map { "\($0.label ?? ""): \(text($0.value))" }.joined()
    case let list as [Any]: return list.map { "{" + text($0) + "}" }.joined(separator: " ")
    default: break
    }
    let mirror = Mirror(reflecting: value)
    if mirror.displayStyle == .optional {
      return mirror.children.first.map { text($0.value) } ?? ""
    }
    if mirror.children.isEmpty { return "\(value)" }
    let parts = mirror.children.compactMap { child -> String? in
      let inner = text(child.value)
      if ["", "0", "false", "\"\"", "none", "equal", "get", "key"].contains(inner) { return nil }
      let isStructure = !Mirror(reflecting: child.value).children.isEmpty && !(child.value is [UInt8])
      return (child.label ?? "") + (isStructure ? "{\(inner)}" : ": \(inner)")
    }
    return parts.joined(separator: " ")
  }

  private static func quoted(_ octets: [UInt8]) -> String {
    "\"" + octets.map { (0x20...0x7E).contains($0) ? String(UnicodeScalar($0)) : "\\x" + hex($0) }.joined() + "\""
  }

  private static func hex(_ octet: UInt8) -> String {
    (octet < 16 ? "0" : "") + String(octet, radix: 16)
  }
}
