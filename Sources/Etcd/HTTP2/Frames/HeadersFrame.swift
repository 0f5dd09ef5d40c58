// SPDX-License-Identifier: Apache-2.0
//
//   +---------------+
//   |Pad Length? (8)|
//   +-+-------------+-----------------------------------------------+
//   |E|                 Stream Dependency? (31)                     |
//   +-+-------------+-----------------------------------------------+
//   |  Weight? (8)  |                                                     RFC 9113, section 6.2
//   +---------------+-----------------------------------------------+
//   |                   Field Block Fragment (*)                  ...
//   +---------------------------------------------------------------+
//   |                           Padding? (*)                      ...
package import Wire

package struct HeadersFrame: ~Escapable {
  package var stream: StreamID
  package var endsStream: Bool
  package var endsHeaders: Bool
  package var padLength: Int?
  /// Deprecated by RFC 9113; read and otherwise ignored.
  package var priority: StreamPriority?
  package var fragment: RawSpan

  @_lifetime(copy fragment)
  package init(
    stream: StreamID, endsStream: Bool, endsHeaders: Bool, padLength: Int? = nil, priority: StreamPriority? = nil,
    fragment: RawSpan
  ) {
    self.stream = stream
    self.endsStream = endsStream
    self.endsHeaders = endsHeaders
    self.padLength = padLength
    self.priority = priority
    self.fragment = fragment
  }

  @_lifetime(copy payload)
  package init(header: FrameHeader, payload: RawSpan) throws(WireError) {
    guard header.stream != .connection else {
      throw WireError(.badValue("on stream 0"), offset: 0, context: "HEADERS")
    }
    var content = try FramePadding.content(of: payload, header: header, name: "HEADERS")
    var priority: StreamPriority?
    if header.has(.priority) {
      do {
        priority = try StreamPriority(from: &content)
      } catch {
        throw error.inside("HEADERS")
      }
    }
    self.init(
      stream: header.stream, endsStream: header.has(.endStream), endsHeaders: header.has(.endHeaders),
      padLength: try FramePadding.padLength(of: payload, header: header, name: "HEADERS"), priority: priority,
      fragment: content.rest())
  }

  package func encode(to writer: inout ByteWriter) {
    var flags = FramePadding.flag(padLength)
    if endsStream { flags |= FrameFlag.endStream.rawValue }
    if endsHeaders { flags |= FrameFlag.endHeaders.rawValue }
    if priority != nil { flags |= FrameFlag.priority.rawValue }
    let extra = (padLength.map { $0 + 1 } ?? 0) + (priority == nil ? 0 : StreamPriority.size)
    FrameHeader(length: fragment.byteCount + extra, type: .headers, flags: flags, stream: stream).encode(to: &writer)
    if let padLength { writer.append(UInt8(padLength)) }
    priority?.encode(to: &writer)
    writer.append(fragment)
    FramePadding.encode(padLength, to: &writer)
  }
}
