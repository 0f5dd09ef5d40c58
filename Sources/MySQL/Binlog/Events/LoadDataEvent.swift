// SPDX-License-Identifier: Apache-2.0
//
//   BEGIN_LOAD_QUERY, APPEND_BLOCK:  file  block           DELETE_FILE:  file
//                                    UInt32                              UInt32
public import Wire

/// The file of a LOAD DATA that is logged as a statement. The statement itself, EXECUTE_LOAD_QUERY, is a `QueryEvent`.
@frozen
public struct LoadDataEvent: ~Escapable {
  public let type: EventType
  public let fileID: UInt32
  public let block: RawSpan

  @_lifetime(copy body)
  public init(decoding body: RawSpan, type: EventType) throws(WireError) {
    var reader = ByteReader(body)
    self.type = type
    fileID = try reader.littleEndian()
    block = reader.rest()
  }

  public func encode(to writer: inout ByteWriter) {
    writer.append(littleEndian: fileID)
    writer.append(block)
  }
}
