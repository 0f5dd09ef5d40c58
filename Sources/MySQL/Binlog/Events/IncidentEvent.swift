// SPDX-License-Identifier: Apache-2.0
public import Wire

/// INCIDENT_EVENT: something was changed that is not in the log (`LOST_EVENTS` is 1).
@frozen
public struct IncidentEvent: ~Escapable {
  public let number: UInt16
  public let message: RawSpan

  @_lifetime(copy body)
  public init(decoding body: RawSpan) throws(WireError) {
    var reader = ByteReader(body)
    number = try reader.littleEndian()
    let length = Int(try reader.byte())
    message = try reader.bytes(length)
    try reader.end("")
  }

  public func encode(to writer: inout ByteWriter) {
    writer.append(littleEndian: number)
    writer.append(UInt8(truncatingIfNeeded: message.byteCount))
    writer.append(message)
  }
}
