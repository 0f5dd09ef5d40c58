// SPDX-License-Identifier: Apache-2.0
public import Wire

extension LogicalMessage {
  /// Protocol 2: a streamed transaction, or a subtransaction of it, was rolled back.
  @frozen
  public struct StreamAbort: Equatable, Sendable {
    public let xid: UInt32
    /// The same as `xid` where the whole transaction was rolled back.
    public let subtransaction: UInt32
    /// Protocol 4 with `streaming 'parallel'` only.
    public let abort: Moment?

    @frozen
    public struct Moment: Equatable, Sendable {
      public let lsn: LSN
      public let time: ServerTime

      @inlinable
      init(lsn: LSN, time: ServerTime) {
        self.lsn = lsn
        self.time = time
      }
    }

    @inlinable
    init(from reader: inout ByteReader) throws(WireError) {
      xid = try reader.bigEndian()
      subtransaction = try reader.bigEndian()
      // The message does not say which form it has; its length does.
      abort = reader.isAtEnd ? nil : Moment(lsn: try reader.lsn(), time: try reader.serverTime())
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(UInt8(ascii: "A"))
      writer.append(bigEndian: xid)
      writer.append(bigEndian: subtransaction)
      if let abort {
        writer.append(abort.lsn)
        writer.append(abort.time)
      }
    }
  }
}
