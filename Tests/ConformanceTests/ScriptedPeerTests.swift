// SPDX-License-Identifier: Apache-2.0
import Support
import Testing
import Wire

@Suite struct ScriptedPeerTests {
  private func conversation() throws -> CapturedConnection {
    try #require(Capture(fixture: "postgres/pg-15-login-query.pcap").connections.first)
  }

  /// The recorded client's own bytes drive the recorded server to the end, in whatever pieces they come.
  @Test(arguments: DripFeed.all)
  func recordedClientHearsTheRecordedServer(_ feed: DripFeed) throws {
    let connection = try conversation()
    for matching in [ScriptedPeer.Matching.exact, .messages(Self.postgresLength)] {
      var server = ScriptedPeer(playing: .fromServer, of: connection, matching: matching)
      var heard = server.opening
      #expect(heard.isEmpty)
      for piece in feed.pieces(of: connection.clientStream) { heard += server.receive(Array(piece)) }
      #expect(heard == connection.serverStream)
      #expect(server.isFinished)
      #expect(server.departure == nil)
    }
  }

  @Test func exactMatchingNamesTheFirstOtherByte() throws {
    let connection = try conversation()
    var bytes = connection.clientStream
    bytes[20] ^= 0xFF
    var server = ScriptedPeer(playing: .fromServer, of: connection, matching: .exact)
    #expect(server.receive(bytes).isEmpty)
    #expect(server.departure == .init(offset: 20, expected: bytes[20] ^ 0xFF, actual: bytes[20]))
    #expect(!server.isFinished)
  }

  @Test func messageMatchingAllowsOtherContent() throws {
    let connection = try conversation()
    var bytes = connection.clientStream
    bytes[20] ^= 0xFF
    var server = ScriptedPeer(playing: .fromServer, of: connection, matching: .messages(Self.postgresLength))
    #expect(server.receive(bytes) == connection.serverStream)
    #expect(server.isFinished)
  }

  @Test func saysNothingBeforeItsTurn() throws {
    let connection = try conversation()
    var server = ScriptedPeer(playing: .fromServer, of: connection, matching: .messages(Self.postgresLength))
    let first = try #require(connection.turns.first).bytes
    #expect(server.receive(Array(first.dropLast())).isEmpty)
    #expect(server.receive([first[first.count - 1]]) == connection.turns[1].bytes)
    #expect(!server.isFinished)
  }

  /// A start-up packet has no tag before its length ("Message Formats", StartupMessage).
  private static func postgresLength(_ index: Int, _ bytes: ArraySlice<UInt8>) -> Int? {
    let tagBytes = index == 0 ? 0 : 1
    guard bytes.count >= tagBytes + 4 else { return nil }
    let length = bytes.dropFirst(tagBytes).prefix(4).reduce(0) { $0 << 8 | Int($1) }
    return tagBytes + length
  }
}
