// SPDX-License-Identifier: Apache-2.0
public import Wire

extension ByteReader {
  @inlinable @inline(__always)
  @_lifetime(self: copy self)
  public mutating func lsn() throws(WireError) -> LSN { LSN(try bigEndian(UInt64.self)) }

  @inlinable @inline(__always)
  @_lifetime(self: copy self)
  public mutating func serverTime() throws(WireError) -> ServerTime {
    ServerTime(rawValue: try bigEndian(Int64.self))
  }

  /// Inside a streamed block the message's transaction follows its tag (protocol 2 and later).
  @inlinable @inline(__always)
  @_lifetime(self: copy self)
  public mutating func streamTransaction(_ inStream: Bool) throws(WireError) -> UInt32? {
    inStream ? try bigEndian(UInt32.self) : nil
  }
}

extension ByteWriter {
  package mutating func append(_ lsn: LSN) { append(bigEndian: lsn.rawValue) }
  package mutating func append(_ time: ServerTime) { append(bigEndian: time.rawValue) }

  package mutating func append(streamTransaction xid: UInt32?) {
    if let xid { append(bigEndian: xid) }
  }

  /// Bytes of a string that was borrowed without its zero, and the zero.
  package mutating func append(cString bytes: RawSpan) {
    append(bytes)
    append(0 as UInt8)
  }
}
