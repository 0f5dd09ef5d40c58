// SPDX-License-Identifier: Apache-2.0
//
//   length (itself included)   version or request code   ...
//   Int32                      Int32
package import Wire

/// What a client may send before it is logged in: the messages without a tag.
package enum InitialMessage: Sendable, Equatable {
  case startup(Frontend.StartupMessage)
  case ssl(Frontend.SSLRequest)
  case gssEncryption(Frontend.GSSENCRequest)
  case cancel(Frontend.CancelRequest)

  /// The server's own bound (MAX_STARTUP_PACKET_LENGTH).
  package static let bytesMax = 10_000

  /// The length in front, or nil while its four bytes are not there.
  package static func peekLength(_ span: RawSpan) throws(WireError) -> Int? {
    guard span.byteCount >= 4 else { return nil }
    var reader = ByteReader(span)
    let length = Int(try reader.bigEndian(Int32.self))
    guard length >= 8, length <= bytesMax else {
      throw WireError(.badLength(length), offset: 0, context: "StartupMessage")
    }
    return length
  }

  /// A whole message, length included.
  package init(frame: RawSpan) throws(WireError) {
    var reader = ByteReader(frame)
    do throws(WireError) {
      try reader.skip(4)
      let code = try reader.bigEndian(UInt32.self)
      switch code {
      case Frontend.SSLRequest.code: self = .ssl(Frontend.SSLRequest())
      case Frontend.GSSENCRequest.code: self = .gssEncryption(Frontend.GSSENCRequest())
      case Frontend.CancelRequest.code: self = .cancel(try Frontend.CancelRequest(from: &reader))
      default: self = .startup(try Frontend.StartupMessage(version: code, from: &reader))
      }
      try reader.end("StartupMessage")
    } catch {
      throw error.inside("StartupMessage")
    }
  }

  package func encodeFrame(to writer: inout ByteWriter) {
    writer.lengthPrefixed(Int32.self, includingItself: true) { writer in
      switch self {
      case .startup(let message): message.encode(to: &writer)
      case .ssl(let message): message.encode(to: &writer)
      case .gssEncryption(let message): message.encode(to: &writer)
      case .cancel(let message): message.encode(to: &writer)
      }
    }
  }
}
