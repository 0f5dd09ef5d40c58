// SPDX-License-Identifier: Apache-2.0
public import Wire

/// A protobuf message of etcd's, both ways.
public protocol EtcdMessage: Equatable, Sendable {
  /// The whole message or an error; unknown fields are skipped.
  init(from bytes: RawSpan) throws(WireError)
  func encode(to writer: inout ByteWriter)
}

extension EtcdMessage {
  /// The message's bytes, for the cold path.
  public var encoded: [UInt8] {
    var writer = ByteWriter()
    encode(to: &writer)
    return writer.bytes.array
  }
}

/// A request, the method that takes it, and what is answered.
public protocol EtcdRequest: EtcdMessage {
  associatedtype Response: EtcdMessage
  /// The gRPC path: "/etcdserverpb.KV/Range".
  static var path: String { get }
  /// Nothing changes by it, so it may be sent again.
  var isReadOnly: Bool { get }
  /// Answered by a member without a leader as well, so the metadata `hasleader` is not sent.
  static var worksWithoutLeader: Bool { get }
  /// Wants the token of an authenticated user.
  static var wantsToken: Bool { get }
}

extension EtcdRequest {
  public var isReadOnly: Bool { false }
  public static var worksWithoutLeader: Bool { false }
  public static var wantsToken: Bool { true }
}
