// SPDX-License-Identifier: Apache-2.0
public import Wire

/// Which rows a physical standby still needs; for completeness.
@frozen
public struct HotStandbyFeedback: Equatable, Sendable {
  @inlinable public static var tag: UInt8 { UInt8(ascii: "h") }

  public var clientTime: ServerTime
  public var xmin: UInt32
  public var xminEpoch: UInt32
  public var catalogXmin: UInt32
  public var catalogXminEpoch: UInt32

  @inlinable
  public init(clientTime: ServerTime, xmin: UInt32, xminEpoch: UInt32, catalogXmin: UInt32, catalogXminEpoch: UInt32) {
    self.clientTime = clientTime
    self.xmin = xmin
    self.xminEpoch = xminEpoch
    self.catalogXmin = catalogXmin
    self.catalogXminEpoch = catalogXminEpoch
  }

  /// Reads what follows the tag.
  @inlinable
  init(from reader: inout ByteReader) throws(WireError) {
    clientTime = try reader.serverTime()
    xmin = try reader.bigEndian()
    xminEpoch = try reader.bigEndian()
    catalogXmin = try reader.bigEndian()
    catalogXminEpoch = try reader.bigEndian()
  }

  package func encode(to writer: inout ByteWriter) {
    writer.append(HotStandbyFeedback.tag)
    writer.append(clientTime)
    writer.append(bigEndian: xmin)
    writer.append(bigEndian: xminEpoch)
    writer.append(bigEndian: catalogXmin)
    writer.append(bigEndian: catalogXminEpoch)
  }
}
