// SPDX-License-Identifier: Apache-2.0
public import Wire

/// INTVAR_EVENT, RAND_EVENT and USER_VAR_EVENT: what the statement that follows will read. Only statements that are
/// logged as statements have them.
@frozen
public struct StatementContextEvent: ~Escapable {
  public let type: EventType
  public let body: RawSpan

  @_lifetime(copy body)
  public init(decoding body: RawSpan, type: EventType) throws(WireError) {
    var reader = ByteReader(body)
    self.type = type
    self.body = body
    switch type {
    case .intVar: try reader.skip(9)
    case .rand: try reader.skip(16)
    default:
      let length = Int(try reader.littleEndian(UInt32.self))
      try reader.skip(length)
      let isNull = try reader.byte() != 0
      if isNull { return }
      try reader.skip(1 + 4)
      let size = Int(try reader.littleEndian(UInt32.self))
      try reader.skip(size)
      // One byte of flags may follow.
      if reader.remaining == 1 { try reader.skip(1) }
    }
    try reader.end("")
  }

  /// Of INTVAR: LAST_INSERT_ID (1) or INSERT_ID (2), and its value.
  public var integer: (kind: UInt8, value: UInt64)? {
    guard type == .intVar else { return nil }
    var reader = ByteReader(body)
    guard let kind = try? reader.byte(), let value = try? reader.littleEndian(UInt64.self) else { return nil }
    return (kind, value)
  }

  /// Of USER_VAR: the variable.
  public var name: String? {
    guard type == .userVar else { return nil }
    var reader = ByteReader(body)
    guard let length = try? reader.littleEndian(UInt32.self), let name = try? reader.bytes(Int(length)) else {
      return nil
    }
    return String(decoding: name)
  }

  public func encode(to writer: inout ByteWriter) { writer.append(body) }
}
