// SPDX-License-Identifier: Apache-2.0
//
//   +---------------------------------------------------------------+
//   |                      Opaque Data (64)                         |   RFC 9113, section 6.7
//   +---------------------------------------------------------------+
package import Wire

package struct PingFrame: Equatable {
  package var isAcknowledgement: Bool
  package var opaque: UInt64

  package init(isAcknowledgement: Bool = false, opaque: UInt64) {
    self.isAcknowledgement = isAcknowledgement
    self.opaque = opaque
  }

  package init(header: FrameHeader, payload: RawSpan) throws(WireError) {
    guard header.stream == .connection else {
      throw WireError(.badValue("not on stream 0"), offset: 0, context: "PING")
    }
    guard payload.byteCount == 8 else {
      throw WireError(.badLength(payload.byteCount), offset: 0, context: "PING")
    }
    var reader = ByteReader(payload)
    self.init(isAcknowledgement: header.has(.acknowledge), opaque: try reader.bigEndian())
  }

  package func encode(to writer: inout ByteWriter) {
    let flags = isAcknowledgement ? FrameFlag.acknowledge.rawValue : 0
    FrameHeader(length: 8, type: .ping, flags: flags, stream: .connection).encode(to: &writer)
    writer.append(bigEndian: opaque)
  }
}
