// SPDX-License-Identifier: Apache-2.0
//
//   timestamp  type  server ID  event size  log_pos  flags  | body …  [checksum]
//   UInt32     UInt8 UInt32     UInt32      UInt32   UInt16                UInt32      all least significant byte first
public import Wire

/// The common header of an event (19 bytes), and where in its log file the event lies.
@frozen
public struct EventHeader: Equatable, Sendable {
  public static let byteCount = 19

  /// Bits of `flags` (LOG_EVENT_…_F).
  @frozen
  public struct Flags: OptionSet, Sendable {
    public let rawValue: UInt16
    @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }
    /// Of a format description: the file is being written, or its server crashed.
    public static let inUse = Flags(rawValue: 0x1)
    public static let threadSpecific = Flags(rawValue: 0x4)
    public static let suppressUse = Flags(rawValue: 0x8)
    /// Made for this stream: no event of the file.
    public static let artificial = Flags(rawValue: 0x20)
    public static let relayLog = Flags(rawValue: 0x40)
    /// "Events with this flag set are not filtered … and a slave that does not know the type can ignore it."
    public static let ignorable = Flags(rawValue: 0x80)
    public static let noFilter = Flags(rawValue: 0x100)
    public static let isolated = Flags(rawValue: 0x200)
  }

  /// Seconds since 1970 when the statement began.
  public var timestamp: UInt32
  public var type: EventType
  public var serverID: UInt32
  /// Bytes of the whole event: header, body and checksum.
  public var size: UInt32
  /// The low 32 bits of the end position; 0 where the server leaves it out.
  public var logPosition: UInt32
  public var flags: Flags

  /// Where the event begins in its file; for one that is not of the file, where the stream is.
  public var position: UInt64 = 0
  /// Where it ends; for an event inside of a transaction payload, where the payload ends.
  public var endPosition: UInt64 = 0
  public var isInPayload = false

  public init(
    timestamp: UInt32 = 0, type: EventType, serverID: UInt32 = 1, size: UInt32 = 0, logPosition: UInt32 = 0,
    flags: Flags = []
  ) {
    self.timestamp = timestamp
    self.type = type
    self.serverID = serverID
    self.size = size
    self.logPosition = logPosition
    self.flags = flags
  }

  /// The first 19 bytes of `event`.
  @inlinable
  public init(decoding event: RawSpan) throws(WireError) {
    guard event.byteCount >= Self.byteCount else {
      throw WireError(.short(needed: Self.byteCount, available: event.byteCount), offset: 0)
    }
    timestamp = Self.load(event, 0)
    type = EventType(rawValue: event[4])
    serverID = Self.load(event, 5)
    size = Self.load(event, 9)
    logPosition = Self.load(event, 13)
    flags = Flags(rawValue: Self.load(event, 17))
  }

  @inlinable @inline(__always)
  static func load<T: FixedWidthInteger & BitwiseCopyable>(_ event: RawSpan, _ offset: Int) -> T {
    T(littleEndian: unsafe event.unsafeLoadUnaligned(fromByteOffset: offset, as: T.self))
  }

  public func encode(to writer: inout ByteWriter) {
    writer.append(littleEndian: timestamp)
    writer.append(type.rawValue)
    writer.append(littleEndian: serverID)
    writer.append(littleEndian: size)
    writer.append(littleEndian: logPosition)
    writer.append(littleEndian: flags.rawValue)
  }
}
