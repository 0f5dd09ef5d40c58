// SPDX-License-Identifier: Apache-2.0
public import Wire

extension LogicalMessage {
  /// The transaction came to this server from another one.
  @frozen
  public struct Origin: ~Escapable {
    /// Where it was committed on that server.
    public let originLSN: LSN
    public let origin: RawSpan

    @inlinable
    @_lifetime(copy reader)
    init(from reader: inout ByteReader) throws(WireError) {
      originLSN = try reader.lsn()
      origin = try reader.cString()
    }

    package func encode(to writer: inout ByteWriter) {
      writer.append(UInt8(ascii: "O"))
      writer.append(originLSN)
      writer.append(cString: origin)
    }
  }
}
