// SPDX-License-Identifier: Apache-2.0
public import Wire

/// Asks who belongs to the cluster.
public struct MemberListRequest: EtcdRequest {
  public typealias Response = MemberListResponse
  public static var path: String { "/etcdserverpb.Cluster/MemberList" }
  public var isReadOnly: Bool { true }
  public static var worksWithoutLeader: Bool { true }

  /// 3.5 and later: as the leader knows it.
  public var linearizable: Bool

  public init(linearizable: Bool = false) {
    self.linearizable = linearizable
  }

  public init(from bytes: RawSpan) throws(WireError) {
    self.init()
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      switch (tag.field, tag.shape) {
      case (1, .varint): linearizable = try reader.bool()
      default: try reader.skip(tag)
      }
    }
  }

  public func encode(to writer: inout ByteWriter) {
    writer.field(1, bool: linearizable)
  }
}

/// The answer to `MemberListRequest`.
public struct MemberListResponse: EtcdMessage {
  public var header: ResponseHeader
  public var members: [Member]

  public init(header: ResponseHeader = ResponseHeader(), members: [Member] = []) {
    self.header = header
    self.members = members
  }

  public init(from bytes: RawSpan) throws(WireError) {
    self.init()
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      switch (tag.field, tag.shape) {
      case (1, .bytes): header = try reader.message()
      case (2, .bytes): members.append(try reader.message())
      default: try reader.skip(tag)
      }
    }
  }

  public func encode(to writer: inout ByteWriter) {
    writer.field(1, message: header)
    for item in members { writer.field(2, message: item) }
  }
}

/// A member of the cluster.
public struct Member: EtcdMessage {
  public var id: UInt64
  public var name: String
  public var peerURLs: [String]
  public var clientURLs: [String]
  public var isLearner: Bool

  public init(
    id: UInt64 = 0, name: String = "", peerURLs: [String] = [], clientURLs: [String] = [], isLearner: Bool = false
  ) {
    self.id = id
    self.name = name
    self.peerURLs = peerURLs
    self.clientURLs = clientURLs
    self.isLearner = isLearner
  }

  public init(from bytes: RawSpan) throws(WireError) {
    self.init()
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      switch (tag.field, tag.shape) {
      case (1, .varint): id = try reader.unsigned()
      case (2, .bytes): name = try reader.text()
      case (3, .bytes): peerURLs.append(try reader.text())
      case (4, .bytes): clientURLs.append(try reader.text())
      case (5, .varint): isLearner = try reader.bool()
      default: try reader.skip(tag)
      }
    }
  }

  public func encode(to writer: inout ByteWriter) {
    writer.field(1, unsigned: id)
    writer.field(2, text: name)
    for item in peerURLs { writer.field(3, bytes: Array(item.utf8), evenEmpty: true) }
    for item in clientURLs { writer.field(4, bytes: Array(item.utf8), evenEmpty: true) }
    writer.field(5, bool: isLearner)
  }
}
