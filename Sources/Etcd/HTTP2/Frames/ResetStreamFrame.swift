// SPDX-License-Identifier: Apache-2.0
//
//   +---------------------------------------------------------------+
//   |                        Error Code (32)                        |   RFC 9113, section 6.4
//   +---------------------------------------------------------------+
package import Wire

package struct ResetStreamFrame: Equatable {
  package var stream: StreamID
  package var code: HTTP2ErrorCode

  package init(stream: StreamID, code: HTTP2ErrorCode) {
    self.stream = stream
    self.code = code
  }

  package init(header: FrameHeader, payload: RawSpan) throws(WireError) {
    guard header.stream != .connection else {
      throw WireError(.badValue("on stream 0"), offset: 0, context: "RST_STREAM")
    }
    guard payload.byteCount == 4 else {
      throw WireError(.badLength(payload.byteCount), offset: 0, context: "RST_STREAM")
    }
    var reader = ByteReader(payload)
    self.init(stream: header.stream, code: HTTP2ErrorCode(try reader.bigEndian()))
  }

  package func encode(to writer: inout ByteWriter) {
    FrameHeader(length: 4, type: .resetStream, flags: 0, stream: stream).encode(to: &writer)
    writer.append(bigEndian: code.rawValue)
  }
}
