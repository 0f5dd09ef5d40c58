// SPDX-License-Identifier: Apache-2.0
public import Wire

/// Lists, raises or disarms alarms.
public struct AlarmRequest: EtcdRequest {
  public typealias Response = AlarmResponse
  public static var path: String { "/etcdserverpb.Maintenance/Alarm" }
  public static var worksWithoutLeader: Bool { true }

  public var action: AlarmAction
  /// To disarm, the member that raised it; 0 does nothing.
  public var memberID: UInt64
  public var alarm: AlarmKind

  public init(action: AlarmAction = .get, memberID: UInt64 = 0, alarm: AlarmKind = .none) {
    self.action = action
    self.memberID = memberID
    self.alarm = alarm
  }

  public init(from bytes: RawSpan) throws(WireError) {
    self.init()
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      switch (tag.field, tag.shape) {
      case (1, .varint): action = try reader.enumeration()
      case (2, .varint): memberID = try reader.unsigned()
      case (3, .varint): alarm = try reader.enumeration()
      default: try reader.skip(tag)
      }
    }
  }

  public func encode(to writer: inout ByteWriter) {
    writer.field(1, enumeration: action)
    writer.field(2, unsigned: memberID)
    writer.field(3, enumeration: alarm)
  }
}

/// The answer to `AlarmRequest`.
public struct AlarmResponse: EtcdMessage {
  public var header: ResponseHeader
  public var alarms: [AlarmMember]

  public init(header: ResponseHeader = ResponseHeader(), alarms: [AlarmMember] = []) {
    self.header = header
    self.alarms = alarms
  }

  public init(from bytes: RawSpan) throws(WireError) {
    self.init()
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      switch (tag.field, tag.shape) {
      case (1, .bytes): header = try reader.message()
      case (2, .bytes): alarms.append(try reader.message())
      default: try reader.skip(tag)
      }
    }
  }

  public func encode(to writer: inout ByteWriter) {
    writer.field(1, message: header)
    for item in alarms { writer.field(2, message: item) }
  }
}

/// An alarm and who raised it.
public struct AlarmMember: EtcdMessage {
  public var memberID: UInt64
  public var alarm: AlarmKind

  public init(memberID: UInt64 = 0, alarm: AlarmKind = .none) {
    self.memberID = memberID
    self.alarm = alarm
  }

  public init(from bytes: RawSpan) throws(WireError) {
    self.init()
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      switch (tag.field, tag.shape) {
      case (1, .varint): memberID = try reader.unsigned()
      case (2, .varint): alarm = try reader.enumeration()
      default: try reader.skip(tag)
      }
    }
  }

  public func encode(to writer: inout ByteWriter) {
    writer.field(1, unsigned: memberID)
    writer.field(2, enumeration: alarm)
  }
}

/// What to do with an alarm.
public enum AlarmAction: ProtobufEnum {
  case get, activate, deactivate
  case other(Int)

  public static var known: [AlarmAction] { [.get, .activate, .deactivate] }

  public var otherValue: Int? {
    if case .other(let value) = self { value } else { nil }
  }
}

/// What is wrong with a member.
public enum AlarmKind: ProtobufEnum {
  case none, noSpace, corrupt
  case other(Int)

  public static var known: [AlarmKind] { [.none, .noSpace, .corrupt] }

  public var otherValue: Int? {
    if case .other(let value) = self { value } else { nil }
  }
}
