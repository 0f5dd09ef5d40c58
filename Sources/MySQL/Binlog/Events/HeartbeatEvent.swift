// SPDX-License-Identifier: Apache-2.0
//
//   version 1:  file name to the end; MariaDB beyond 4 GiB: UInt64 position before it
//   version 2:  { field  length  value }  0      1 is the name, 2 the position; packed integers
public import Wire

/// HEARTBEAT_LOG_EVENT and its second version: nothing new; the sender is at this place of its log.
@frozen
public struct HeartbeatEvent: ~Escapable {
  public let isVersion2: Bool
  public let file: RawSpan
  /// Nil if only the header says it, in 32 bits.
  public let position: UInt64?

  /// `longPosition`: of MariaDB, whose header says position 0 then.
  @_lifetime(copy body)
  public init(decoding body: RawSpan, type: EventType, longPosition: Bool = false) throws(WireError) {
    var reader = ByteReader(body)
    isVersion2 = type == .heartbeatV2
    guard isVersion2 else {
      position = longPosition ? try reader.littleEndian() : nil
      file = reader.rest()
      return
    }
    var name = body.extracting(0..<0)
    var place: UInt64?
    while true {
      let field = try reader.lengthEncoded()
      if field == 0 { break }
      let value = try reader.lengthEncodedBytes()
      var inner = ByteReader(value)
      switch field {
      case 1: name = value
      case 2: place = try inner.lengthEncoded()
      default: break
      }
    }
    file = name
    position = place
    try reader.end("")
  }

  public func encode(to writer: inout ByteWriter) {
    guard isVersion2 else {
      if let position { writer.append(littleEndian: position) }
      writer.append(file)
      return
    }
    writer.append(1 as UInt8)
    writer.append(lengthEncoded: file)
    if let position {
      var value = ByteWriter()
      value.append(lengthEncoded: position)
      writer.append(2 as UInt8)
      writer.append(lengthEncoded: value.bytes)
    }
    writer.append(0 as UInt8)
  }
}
