// SPDX-License-Identifier: Apache-2.0
//
//   +-+-------------------------------------------------------------+
//   |R|              Window Size Increment (31)                     |   RFC 9113, section 6.9
//   +-+-------------------------------------------------------------+
package import Wire

package struct WindowUpdateFrame: Equatable {
  package var stream: StreamID
  package var increment: Int

  package init(stream: StreamID, increment: Int) {
    self.stream = stream
    self.increment = increment
  }

  /// An increment of 0 is decoded: on a stream it is an error of that stream only, which the connection decides.
  package init(header: FrameHeader, payload: RawSpan) throws(WireError) {
    guard payload.byteCount == 4 else {
      throw WireError(.badLength(payload.byteCount), offset: 0, context: "WINDOW_UPDATE")
    }
    var reader = ByteReader(payload)
    let word = try reader.bigEndian(UInt32.self)
    self.init(stream: header.stream, increment: Int(word & 0x7FFF_FFFF))
  }

  package func encode(to writer: inout ByteWriter) {
    FrameHeader(length: 4, type: .windowUpdate, flags: 0, stream: stream).encode(to: &writer)
    writer.append(bigEndian: UInt32(increment))
  }
}
