// SPDX-License-Identifier: Apache-2.0
public import Wire

/// BINLOG_CHECKPOINT_EVENT of MariaDB: the oldest file that crash recovery still needs.
@frozen
public struct BinlogCheckpointEvent: ~Escapable {
  public let file: RawSpan

  @_lifetime(copy body)
  public init(decoding body: RawSpan) throws(WireError) {
    var reader = ByteReader(body)
    let length: UInt32 = try reader.littleEndian()
    file = try reader.bytes(Int(length))
    try reader.end("")
  }

  public func encode(to writer: inout ByteWriter) {
    writer.append(littleEndian: UInt32(truncatingIfNeeded: file.byteCount))
    writer.append(file)
  }
}
