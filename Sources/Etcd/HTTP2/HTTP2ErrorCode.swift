// SPDX-License-Identifier: Apache-2.0

/// Why a stream or a connection was ended (RFC 9113, section 7).
package enum HTTP2ErrorCode: Hashable, Sendable, CustomStringConvertible {
  case noError, protocolError, internalError, flowControlError, settingsTimeout, streamClosed, frameSizeError
  case refusedStream, cancel, compressionError, connectError, enhanceYourCalm, inadequateSecurity, http11Required
  case other(UInt32)

  private static let known: [(HTTP2ErrorCode, String)] = [
    (.noError, "NO_ERROR"), (.protocolError, "PROTOCOL_ERROR"), (.internalError, "INTERNAL_ERROR"),
    (.flowControlError, "FLOW_CONTROL_ERROR"), (.settingsTimeout, "SETTINGS_TIMEOUT"),
    (.streamClosed, "STREAM_CLOSED"), (.frameSizeError, "FRAME_SIZE_ERROR"), (.refusedStream, "REFUSED_STREAM"),
    (.cancel, "CANCEL"), (.compressionError, "COMPRESSION_ERROR"), (.connectError, "CONNECT_ERROR"),
    (.enhanceYourCalm, "ENHANCE_YOUR_CALM"), (.inadequateSecurity, "INADEQUATE_SECURITY"),
    (.http11Required, "HTTP_1_1_REQUIRED"),
  ]

  package init(_ rawValue: UInt32) {
    self = rawValue < Self.known.count ? Self.known[Int(rawValue)].0 : .other(rawValue)
  }

  package var rawValue: UInt32 {
    if case .other(let value) = self { return value }
    return UInt32(Self.known.firstIndex { $0.0 == self } ?? 0)
  }

  package var description: String {
    if case .other(let value) = self { return "error \(value)" }
    return Self.known[Int(rawValue)].1
  }
}
