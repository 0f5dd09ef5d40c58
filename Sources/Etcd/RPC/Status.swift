// SPDX-License-Identifier: Apache-2.0
public import Wire

/// Asks a member how it is.
public struct StatusRequest: EtcdRequest {
  public typealias Response = StatusResponse
  public static var path: String { "/etcdserverpb.Maintenance/Status" }
  public var isReadOnly: Bool { true }
  public static var worksWithoutLeader: Bool { true }

  public init() {}

  public init(from bytes: RawSpan) throws(WireError) {
    self.init()
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      try reader.skip(tag)
    }
  }

  public func encode(to writer: inout ByteWriter) {}
}

/// The answer to `StatusRequest`.
public struct StatusResponse: EtcdMessage {
  public var header: ResponseHeader
  public var version: String
  /// The size of the member's file.
  public var databaseBytes: Int64
  /// 0: the member sees no leader.
  public var leader: UInt64
  public var raftIndex: UInt64
  public var raftTerm: UInt64
  public var raftAppliedIndex: UInt64
  /// Alarms, corruption, no leader: in words.
  public var errors: [String]
  /// Of which are in use.
  public var databaseInUseBytes: Int64
  public var isLearner: Bool
  /// 3.6 and later.
  public var storageVersion: String
  /// 3.6 and later; 0: not told.
  public var quotaBytes: Int64

  public init(
    header: ResponseHeader = ResponseHeader(), version: String = "", databaseBytes: Int64 = 0, leader: UInt64 = 0,
    raftIndex: UInt64 = 0, raftTerm: UInt64 = 0, raftAppliedIndex: UInt64 = 0, errors: [String] = [],
    databaseInUseBytes: Int64 = 0, isLearner: Bool = false, storageVersion: String = "", quotaBytes: Int64 = 0
  ) {
    self.header = header
    self.version = version
    self.databaseBytes = databaseBytes
    self.leader = leader
    self.raftIndex = raftIndex
    self.raftTerm = raftTerm
    self.raftAppliedIndex = raftAppliedIndex
    self.errors = errors
    self.databaseInUseBytes = databaseInUseBytes
    self.isLearner = isLearner
    self.storageVersion = storageVersion
    self.quotaBytes = quotaBytes
  }

  public init(from bytes: RawSpan) throws(WireError) {
    self.init()
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      switch (tag.field, tag.shape) {
      case (1, .bytes): header = try reader.message()
      case (2, .bytes): version = try reader.text()
      case (3, .varint): databaseBytes = try reader.signed()
      case (4, .varint): leader = try reader.unsigned()
      case (5, .varint): raftIndex = try reader.unsigned()
      case (6, .varint): raftTerm = try reader.unsigned()
      case (7, .varint): raftAppliedIndex = try reader.unsigned()
      case (8, .bytes): errors.append(try reader.text())
      case (9, .varint): databaseInUseBytes = try reader.signed()
      case (10, .varint): isLearner = try reader.bool()
      case (11, .bytes): storageVersion = try reader.text()
      case (12, .varint): quotaBytes = try reader.signed()
      default: try reader.skip(tag)
      }
    }
  }

  public func encode(to writer: inout ByteWriter) {
    writer.field(1, message: header)
    writer.field(2, text: version)
    writer.field(3, signed: databaseBytes)
    writer.field(4, unsigned: leader)
    writer.field(5, unsigned: raftIndex)
    writer.field(6, unsigned: raftTerm)
    writer.field(7, unsigned: raftAppliedIndex)
    for item in errors { writer.field(8, bytes: Array(item.utf8), evenEmpty: true) }
    writer.field(9, signed: databaseInUseBytes)
    writer.field(10, bool: isLearner)
    writer.field(11, text: storageVersion)
    writer.field(12, signed: quotaBytes)
  }
}
