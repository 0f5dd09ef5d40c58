// SPDX-License-Identifier: Apache-2.0
//
//   +---------------------------------------------------------------+
//   |                   Field Block Fragment (*)                  ...   RFC 9113, section 6.10
package import Wire

package struct ContinuationFrame: ~Escapable {
  package var stream: StreamID
  package var endsHeaders: Bool
  package var fragment: RawSpan

  @_lifetime(copy fragment)
  package init(stream: StreamID, endsHeaders: Bool, fragment: RawSpan) {
    self.stream = stream
    self.endsHeaders = endsHeaders
    self.fragment = fragment
  }

  @_lifetime(copy payload)
  package init(header: FrameHeader, payload: RawSpan) throws(WireError) {
    guard header.stream != .connection else {
      throw WireError(.badValue("on stream 0"), offset: 0, context: "CONTINUATION")
    }
    self.init(stream: header.stream, endsHeaders: header.has(.endHeaders), fragment: payload)
  }

  package func encode(to writer: inout ByteWriter) {
    let flags = endsHeaders ? FrameFlag.endHeaders.rawValue : 0
    FrameHeader(length: fragment.byteCount, type: .continuation, flags: flags, stream: stream).encode(to: &writer)
    writer.append(fragment)
  }
}
