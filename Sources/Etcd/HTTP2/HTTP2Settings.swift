// SPDX-License-Identifier: Apache-2.0
internal import Wire

/// What the peer has announced, beginning with what holds before its SETTINGS (RFC 9113, section 6.5.2).
package struct PeerSettings: Equatable {
  package var maxConcurrentStreams = Int(UInt32.max)
  package var initialWindowSize = FlowWindow.initial.available
  package var maxFrameSize = 16_384
  package var maxHeaderListSize = Int(UInt32.max)
  // HEADER_TABLE_SIZE needs no place: our encoder keeps no table.

  mutating func apply(_ entry: SettingsFrame.Entry) throws(HTTP2Error) {
    let value = Int(entry.value)
    switch entry.setting {
    case .maxConcurrentStreams: maxConcurrentStreams = value
    case .maxHeaderListSize: maxHeaderListSize = value
    case .initialWindowSize:
      // "Values above the maximum flow-control window size of 2^31-1 MUST be treated as a connection error of type
      // FLOW_CONTROL_ERROR."
      guard value <= FlowWindow.max else { throw Self.error(.flowControlError, "INITIAL_WINDOW_SIZE above 2^31-1") }
      initialWindowSize = value
    case .maxFrameSize:
      // "The value advertised by an endpoint MUST be between this initial value and the maximum allowed frame size
      // (2^24-1 or 16,777,215 octets), inclusive."
      guard (16_384...16_777_215).contains(value) else {
        throw Self.error(.protocolError, "MAX_FRAME_SIZE out of range")
      }
      maxFrameSize = value
    case .enablePush:
      // "A server MUST NOT send a value of 1; a client MUST treat it as a connection error of type PROTOCOL_ERROR."
      guard value == 0 else { throw Self.error(.protocolError, "ENABLE_PUSH from a server") }
    case .headerTableSize, .other: break
    }
  }

  private static func error(_ code: HTTP2ErrorCode, _ what: StaticString) -> HTTP2Error {
    HTTP2Error(code, WireError(.badValue(what), offset: 0, context: "SETTINGS"))
  }
}

/// What we announce and allow.
package struct HTTP2Limits {
  /// Octets a stream may send before we say that there is room again.
  package var streamWindowBytes = 1 << 20
  package var connectionWindowBytes = 8 << 20
  /// We announce no MAX_FRAME_SIZE, so the initial one holds.
  package let frameBytesMax = 16_384
  /// Of one list of headers, as SETTINGS_MAX_HEADER_LIST_SIZE counts.
  package var headerListBytesMax = 64 << 10
  /// A block may be spread over as many CONTINUATION frames; a flood of them ends the connection.
  package var continuationsMax = 32
  /// While more than this waits to be sent, nothing more is read: a peer that asks but does not read cannot fill
  /// memory.
  package var outputBytesMax = 16 << 20

  package init() {}
}
