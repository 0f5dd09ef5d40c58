// SPDX-License-Identifier: Apache-2.0
//
//   +---------------+
//   |Pad Length? (8)|
//   +---------------+-----------------------------------------------+
//   |                            Data (*)                         ...   RFC 9113, section 6.1
//   +---------------------------------------------------------------+
//   |                           Padding? (*)                      ...
package import Wire

package struct DataFrame: ~Escapable {
  package var stream: StreamID
  package var endsStream: Bool
  package var padLength: Int?
  package var data: RawSpan

  @_lifetime(copy data)
  package init(stream: StreamID, endsStream: Bool, padLength: Int? = nil, data: RawSpan) {
    self.stream = stream
    self.endsStream = endsStream
    self.padLength = padLength
    self.data = data
  }

  @_lifetime(copy payload)
  package init(header: FrameHeader, payload: RawSpan) throws(WireError) {
    guard header.stream != .connection else {
      throw WireError(.badValue("on stream 0"), offset: 0, context: "DATA")
    }
    var content = try FramePadding.content(of: payload, header: header, name: "DATA")
    self.init(
      stream: header.stream, endsStream: header.has(.endStream),
      padLength: try FramePadding.padLength(of: payload, header: header, name: "DATA"), data: content.rest())
  }

  package func encode(to writer: inout ByteWriter) {
    let flags = FramePadding.flag(padLength) | (endsStream ? FrameFlag.endStream.rawValue : 0)
    let length = data.byteCount + (padLength.map { $0 + 1 } ?? 0)
    FrameHeader(length: length, type: .data, flags: flags, stream: stream).encode(to: &writer)
    if let padLength { writer.append(UInt8(padLength)) }
    writer.append(data)
    FramePadding.encode(padLength, to: &writer)
  }
}
