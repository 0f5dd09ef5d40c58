// SPDX-License-Identifier: Apache-2.0
//
//   +---------------+
//   |Pad Length? (8)|
//   +-+-------------+-----------------------------------------------+
//   |R|                  Promised Stream ID (31)                    |
//   +-+-----------------------------+-------------------------------+   RFC 9113, section 6.6
//   |                   Field Block Fragment (*)                  ...
//   +---------------------------------------------------------------+
//   |                           Padding? (*)                      ...
package import Wire

/// Refused: we announce ENABLE_PUSH 0, and "A client that has set this parameter to 0 and had it acknowledged MUST
/// treat the receipt of a PUSH_PROMISE frame as a connection error of type PROTOCOL_ERROR."
package struct PushPromiseFrame: ~Escapable {
  package var stream: StreamID
  package var promised: StreamID
  package var endsHeaders: Bool
  package var padLength: Int?
  package var fragment: RawSpan

  @_lifetime(copy payload)
  package init(header: FrameHeader, payload: RawSpan) throws(WireError) {
    guard header.stream != .connection else {
      throw WireError(.badValue("on stream 0"), offset: 0, context: "PUSH_PROMISE")
    }
    var content = try FramePadding.content(of: payload, header: header, name: "PUSH_PROMISE")
    stream = header.stream
    endsHeaders = header.has(.endHeaders)
    padLength = try FramePadding.padLength(of: payload, header: header, name: "PUSH_PROMISE")
    do {
      promised = StreamID(try content.bigEndian())
    } catch {
      throw error.inside("PUSH_PROMISE")
    }
    fragment = content.rest()
  }

  package func encode(to writer: inout ByteWriter) {
    let flags = FramePadding.flag(padLength) | (endsHeaders ? FrameFlag.endHeaders.rawValue : 0)
    let length = fragment.byteCount + 4 + (padLength.map { $0 + 1 } ?? 0)
    FrameHeader(length: length, type: .pushPromise, flags: flags, stream: stream).encode(to: &writer)
    if let padLength { writer.append(UInt8(padLength)) }
    writer.append(bigEndian: promised.rawValue)
    writer.append(fragment)
    FramePadding.encode(padLength, to: &writer)
  }
}
