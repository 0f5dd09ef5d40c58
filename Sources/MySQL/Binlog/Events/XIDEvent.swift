// SPDX-License-Identifier: Apache-2.0
public import Wire

/// XID_EVENT: the transaction is committed.
@frozen
public struct XIDEvent: Equatable, Sendable {
  /// The server's own number.
  public var xid: UInt64

  public init(xid: UInt64) { self.xid = xid }

  public init(decoding body: RawSpan) throws(WireError) {
    var reader = ByteReader(body)
    xid = try reader.littleEndian()
    try reader.end("")
  }

  public func encode(to writer: inout ByteWriter) {
    writer.append(littleEndian: xid)
  }
}
