// SPDX-License-Identifier: Apache-2.0
//
//   +-+-------------------------------------------------------------+
//   |R|                  Last-Stream-ID (31)                        |
//   +-+-------------------------------------------------------------+
//   |                      Error Code (32)                          |   RFC 9113, section 6.8
//   +---------------------------------------------------------------+
//   |                  Additional Debug Data (*)                  ...
package import Wire

package struct GoAwayFrame: Equatable {
  /// Streams of ours above it did not happen; those up to it may have.
  package var lastStream: StreamID
  package var code: HTTP2ErrorCode
  /// A peer's words, for people: "too_many_pings".
  package var debugData: [UInt8]

  package init(lastStream: StreamID, code: HTTP2ErrorCode, debugData: [UInt8] = []) {
    self.lastStream = lastStream
    self.code = code
    self.debugData = debugData
  }

  package init(header: FrameHeader, payload: RawSpan) throws(WireError) {
    guard header.stream == .connection else {
      throw WireError(.badValue("not on stream 0"), offset: 0, context: "GOAWAY")
    }
    var reader = ByteReader(payload)
    do {
      self.init(
        lastStream: StreamID(try reader.bigEndian()), code: HTTP2ErrorCode(try reader.bigEndian()),
        debugData: reader.rest().array)
    } catch {
      throw error.inside("GOAWAY")
    }
  }

  package func encode(to writer: inout ByteWriter) {
    FrameHeader(length: 8 + debugData.count, type: .goAway, flags: 0, stream: .connection).encode(to: &writer)
    writer.append(bigEndian: lastStream.rawValue)
    writer.append(bigEndian: code.rawValue)
    writer.append(debugData)
  }
}
