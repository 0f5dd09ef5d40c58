// SPDX-License-Identifier: Apache-2.0
public import Wire

/// Reads a key or a range of keys.
public struct RangeRequest: EtcdRequest {
  public typealias Response = RangeResponse
  public static var path: String { "/etcdserverpb.KV/Range" }
  public var isReadOnly: Bool { true }

  public var key: [UInt8]
  /// Empty: the key alone. `[0]`: every key from `key` on. Else the keys from `key` up to, not including, it.
  public var rangeEnd: [UInt8]
  /// 0: all.
  public var limit: Int64
  /// 0: the present.
  public var revision: Int64
  public var sortOrder: SortOrder
  public var sortTarget: SortTarget
  /// Answered by the member alone, perhaps from the past.
  public var serializable: Bool
  public var keysOnly: Bool
  public var countOnly: Bool
  public var modRevisionMin: Int64
  public var modRevisionMax: Int64
  public var createRevisionMin: Int64
  public var createRevisionMax: Int64

  public init(
    key: [UInt8], rangeEnd: [UInt8] = [], limit: Int64 = 0, revision: Int64 = 0, sortOrder: SortOrder = .none,
    sortTarget: SortTarget = .key, serializable: Bool = false, keysOnly: Bool = false, countOnly: Bool = false,
    modRevisionMin: Int64 = 0, modRevisionMax: Int64 = 0, createRevisionMin: Int64 = 0, createRevisionMax: Int64 = 0
  ) {
    self.key = key
    self.rangeEnd = rangeEnd
    self.limit = limit
    self.revision = revision
    self.sortOrder = sortOrder
    self.sortTarget = sortTarget
    self.serializable = serializable
    self.keysOnly = keysOnly
    self.countOnly = countOnly
    self.modRevisionMin = modRevisionMin
    self.modRevisionMax = modRevisionMax
    self.createRevisionMin = createRevisionMin
    self.createRevisionMax = createRevisionMax
  }

  public init(from bytes: RawSpan) throws(WireError) {
    self.init(key: [])
    var reader = ProtobufReader(bytes)
    while let tag = try reader.next() {
      switch (tag.field, tag.shape) {
      case (1, .bytes): key = try reader.array()
      case (2, .bytes): rangeEnd = try reader.array()
      case (3, .varint): limit = try reader.signed()
      case (4, .varint): revision = try reader.signed()
      case (5, .varint): sortOrder = try reader.enumeration()
      case (6, .varint): sortTarget = try reader.enumeration()
      case (7, .varint): serializable = try reader.bool()
      case (8, .varint): keysOnly = try reader.bool()
      case (9, .varint): countOnly = try reader.bool()
      case (10, .varint): modRevisionMin = try reader.signed()
      case (11, .varint): modRevisionMax = try reader.signed()
      case (12, .varint): createRevisionMin = try reader.signed()
      case (13, .varint): createRevisionMax = try reader.signed()
      default: try reader.skip(tag)
      }
    }
  }

  public func encode(to writer: inout ByteWriter) {
    writer.field(1, bytes: key)
    writer.field(2, bytes: rangeEnd)
    writer.field(3, signed: limit)
    writer.field(4, signed: revision)
    writer.field(5, enumeration: sortOrder)
    writer.field(6, enumeration: sortTarget)
    writer.field(7, bool: serializable)
    writer.field(8, bool: keysOnly)
    writer.field(9, bool: countOnly)
    writer.field(10, signed: modRevisionMin)
    writer.field(11, signed: modRevisionMax)
    writer.field(12, signed: createRevisionMin)
    writer.field(13, signed: createRevisionMax)
  }
}

/// The direction of a sorted range.
public enum SortOrder: ProtobufEnum {
  case none, ascending, descending
  case other(Int)

  public static var known: [SortOrder] { [.none, .ascending, .descending] }

  public var otherValue: Int? {
    if case .other(let value) = self { value } else { nil }
  }
}

/// What a range is sorted by.
public enum SortTarget: ProtobufEnum {
  case key, version, create, mod, value
  case other(Int)

  public static var known: [SortTarget] { [.key, .version, .create, .mod, .value] }

  public var otherValue: Int? {
    if case .other(let value) = self { value } else { nil }
  }
}
