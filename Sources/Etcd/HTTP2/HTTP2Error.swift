// SPDX-License-Identifier: Apache-2.0
package import Wire

/// The peer broke a rule of HTTP/2: the connection ends with `code`. `cause` says which frame, what, and at which byte
/// of the connection.
package struct HTTP2Error: Error, Equatable, CustomStringConvertible {
  package var code: HTTP2ErrorCode
  package var cause: WireError

  package init(_ code: HTTP2ErrorCode, _ cause: WireError) {
    self.code = code
    self.cause = cause
  }

  /// A decoder's error. "An endpoint MUST send an error code of FRAME_SIZE_ERROR if a frame exceeds the size defined in
  /// SETTINGS_MAX_FRAME_SIZE, exceeds any limit defined for the frame type, or is too small to contain mandatory frame
  /// data." (RFC 9113, section 4.2); everything else a frame can do wrong by itself is a PROTOCOL_ERROR.
  package init(decoding cause: WireError) {
    switch cause.reason {
    case .short, .trailing, .badLength: self.init(.frameSizeError, cause)
    case .badValue, .unterminatedString: self.init(.protocolError, cause)
    }
  }

  package var description: String { "\(code): \(cause)" }
}
