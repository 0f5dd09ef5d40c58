// SPDX-License-Identifier: Apache-2.0
//
//   +---------------+-----------------------------------------------+
//   |Compressed (8) |               Message length (32)           ...   gRPC over HTTP2,
//   +---------------+-----------------------------------------------+   "Length-Prefixed-Message"
//   |                           Message (*)                       ...
package import Wire

/// The five bytes before each message.
package struct GRPCPrefix: Equatable {
  package static let size = 5

  package var isCompressed: Bool
  package var length: Int

  package init(isCompressed: Bool = false, length: Int) {
    self.isCompressed = isCompressed
    self.length = length
  }

  @_lifetime(reader: copy reader)
  package init(from reader: inout ByteReader) throws(WireError) {
    let at = reader.offset
    let flag = try reader.byte()
    guard flag <= 1 else {
      throw WireError(.badValue("compressed-flag is neither 0 nor 1"), offset: at, context: "gRPC message")
    }
    isCompressed = flag == 1
    length = Int(try reader.bigEndian(UInt32.self))
  }

  package func encode(to writer: inout ByteWriter) {
    writer.append(isCompressed ? 1 : 0 as UInt8)
    writer.append(bigEndian: UInt32(length))
  }
}
