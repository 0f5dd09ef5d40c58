// SPDX-License-Identifier: Apache-2.0
package import Wire

/// The payload of one packet, or of several joined. What it looks like may depend on what client and server agreed on.
package protocol Message: Sendable, Equatable {
  /// The name in the protocol's documentation, for errors and golden texts.
  static var name: StaticString { get }
  /// Reads the whole payload; the caller checks that nothing is left.
  init(from reader: inout ByteReader, _ capabilities: Capabilities) throws(WireError)
  func encode(to writer: inout ByteWriter, _ capabilities: Capabilities)
}

extension Message {
  /// The whole payload or an error that names the message.
  package init(payload: RawSpan, _ capabilities: Capabilities) throws(WireError) {
    var reader = ByteReader(payload)
    do throws(WireError) {
      self = try Self(from: &reader, capabilities)
      try reader.end(Self.name)
    } catch {
      throw error.inside(Self.name)
    }
  }

  package func payload(_ capabilities: Capabilities) -> [UInt8] {
    var writer = ByteWriter()
    encode(to: &writer, capabilities)
    return writer.bytes.array
  }
}

/// A command of one byte.
package protocol BareCommand: Message {
  static var code: UInt8 { get }
  init()
}

extension BareCommand {
  package init(from reader: inout ByteReader, _ capabilities: Capabilities) throws(WireError) {
    try reader.expect(Self.code)
    self.init()
  }

  package func encode(to writer: inout ByteWriter, _ capabilities: Capabilities) { writer.append(Self.code) }
}

extension ByteReader {
  /// The byte that a message begins with.
  @_lifetime(self: copy self)
  mutating func expect(_ code: UInt8) throws(WireError) {
    guard try byte() == code else { throw WireError(.badValue("another message"), offset: offset - 1) }
  }
}

/// What is said before the connection is ready for commands.
package enum Login {}

/// Messages of the client.
package enum Command {}

/// Messages of the server.
package enum Reply {}
