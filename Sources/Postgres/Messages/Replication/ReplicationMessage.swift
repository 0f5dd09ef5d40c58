// SPDX-License-Identifier: Apache-2.0
public import Wire

/// What CopyData carries while replicating, in either direction.
@frozen
public enum ReplicationMessage: ~Escapable {
  case xLogData(XLogData)
  case keepalive(PrimaryKeepalive)
  case standbyStatus(StandbyStatusUpdate)
  case hotStandbyFeedback(HotStandbyFeedback)
  case other(tag: UInt8)

  @inlinable @inline(__always)
  @_lifetime(copy span)
  public init(_ span: RawSpan) throws(WireError) {
    var reader = ByteReader(span)
    let tag = try reader.byte()
    switch tag {
    case XLogData.tag: self = .xLogData(try XLogData(from: &reader))
    case PrimaryKeepalive.tag: self = .keepalive(try PrimaryKeepalive(from: &reader))
    case StandbyStatusUpdate.tag: self = .standbyStatus(try StandbyStatusUpdate(from: &reader))
    case HotStandbyFeedback.tag: self = .hotStandbyFeedback(try HotStandbyFeedback(from: &reader))
    default:
      self = .other(tag: tag)
      return
    }
    try reader.end("replication message")
  }
}
