// SPDX-License-Identifier: Apache-2.0
//
//   tag   length (itself included)   body
//   Byte1 Int32                      length - 4 bytes
package import Wire

/// A message with a tag (protocol documentation, "Message Formats"). The start-up messages have none: `InitialMessage`.
package protocol Message: Sendable, Equatable {
  static var tag: UInt8 { get }
  /// The name in the protocol's documentation, for errors and golden texts.
  static var name: StaticString { get }
  /// Reads the body; the caller checks that nothing is left.
  init(from reader: inout ByteReader) throws(WireError)
  /// Writes the body.
  func encode(to writer: inout ByteWriter)
}

extension Message {
  /// The whole body or an error that names the message.
  package init(body: RawSpan) throws(WireError) {
    var reader = ByteReader(body)
    do throws(WireError) {
      self = try Self(from: &reader)
      try reader.end(Self.name)
    } catch {
      throw error.inside(Self.name)
    }
  }

  /// Tag, length and body.
  package func encodeFrame(to writer: inout ByteWriter) {
    writer.append(Self.tag)
    writer.lengthPrefixed(Int32.self, includingItself: true) { encode(to: &$0) }
  }
}

/// A message that is its tag and nothing else.
package protocol EmptyMessage: Message {
  init()
}

extension EmptyMessage {
  package init(from reader: inout ByteReader) throws(WireError) { self.init() }
  package func encode(to writer: inout ByteWriter) {}
}

/// Messages of the client.
package enum Frontend {}

/// Messages of the server.
package enum Backend {}
