// SPDX-License-Identifier: Apache-2.0
internal import Wire

/// The server's answer to an SSLRequest.
package enum TLSAnswer: Sendable {
  case accepted
  case none
}

extension PostgresSession {
  package func beginTLSNegotiation() {
    InitialMessage.ssl(Frontend.SSLRequest()).encodeFrame(to: &output.writer)
  }

  /// The answer's one byte, or nil while it is missing.
  package func pollTLSAnswer() throws(PostgresError) -> TLSAnswer? {
    let input = self.input
    let bytes = input.unread
    guard bytes.byteCount > 0 else { return nil }
    let byte = bytes[0]
    switch byte {
    case UInt8(ascii: "S"):
      // What is there already was not encrypted: somebody between us could have put it there (CVE-2021-23222).
      guard bytes.byteCount == 1 else {
        abandon()
        throw failure(.refused("the server sends data between its answer to SSLRequest and the TLS handshake"))
      }
      input.consume(1)
      return .accepted
    case UInt8(ascii: "N"):
      input.consume(1)
      return TLSAnswer.none
    default:
      let message = byte == Backend.ErrorResponse.tag ? "an error" : "byte \(byte)"
      let offset = input.consumedTotal
      abandon()
      // An error's text is not shown: nobody has vouched for it yet (CVE-2024-10977).
      throw failure(
        .unexpected(message: "\(message) in answer to SSLRequest", while: "connecting", streamOffset: offset))
    }
  }

  /// Not ended by either side.
  package var isAlive: Bool { phase != .ended }

  /// The session is over without a good-bye.
  package func abandon() { phase = .ended }
}
