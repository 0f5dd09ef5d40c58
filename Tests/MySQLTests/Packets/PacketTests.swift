// SPDX-License-Identifier: Apache-2.0
import MySQL
import Support
import Testing
import Wire

@Suite("Packets and compressed frames")
struct PacketTests {
  private static let piece = PacketHeader.pieceBytesMax

  @Test(
    "a payload is cut at 2^24-1 bytes, and a last piece of that length is followed by an empty packet",
    arguments: [(0, 1), (1, 1), (piece - 1, 1), (piece, 2), (piece + 1, 2), (2 * piece, 3)])
  func cut(size: Int, packets: Int) {
    var writer = ByteWriter()
    var sequence: UInt8 = 254
    writer.append(packets: [UInt8](repeating: 7, count: size).span.bytes, sequence: &sequence)
    #expect(writer.count == size + packets * PacketHeader.byteCount)
    #expect(sequence == 254 &+ UInt8(packets))
  }

  @Test(
    "events of all lengths around the limit come whole, in any pieces", arguments: [DripFeed.whole, .pieces(seed: 3)])
  func joined(feed: DripFeed) throws {
    let sizes = [0, 1, Self.piece - 2, Self.piece - 1, Self.piece, 2 * Self.piece - 1, 5]
    var server = try ScriptedServer.loggedIn()
    try server.session.beginBinlogDump(BinlogDumpCommand(start: .file("", position: 4), serverID: 1))
    server.hear()
    var sink = EventSink()
    for (index, size) in sizes.enumerated() {
      var writer = ByteWriter()
      let event = [UInt8](repeating: UInt8(index), count: size)
      writer.append(packets: ([0] + event).span.bytes, sequence: &server.sequence)
      for piece in feed.pieces(of: writer.bytes.array) {
        server.session.input.append(piece.span.bytes)
        #expect(try server.session.drainBinlog(into: &sink) == .needsInput)
      }
      #expect(sink.events.last == event)
    }
    #expect(sink.calls == sizes.count)
  }

  @Test("the link is told how much the packet at the front needs")
  func wanted() throws {
    var server = try ScriptedServer.loggedIn()
    try server.session.beginBinlogDump(BinlogDumpCommand(start: .file("", position: 4), serverID: 1))
    server.hear()
    server.say(raw: [0, 0, 0x20, 1, 0, 9])
    var sink = EventSink()
    #expect(try server.session.drainBinlog(into: &sink) == .needsInput)
    #expect(server.session.input.wanted == 0x20_0004)
  }

  @Test(
    "`again` brings the event again, `pause` the next one; what a sink throws leaves the event",
    arguments: [1, 1 << 24])
  func flow(size: Int) throws {
    var server = try ScriptedServer.loggedIn()
    try server.session.beginBinlogDump(BinlogDumpCommand(start: .file("", position: 4), serverID: 1))
    server.hear()
    for byte in 1...3 { server.say(payload: [0] + [UInt8](repeating: UInt8(byte), count: size)) }
    server.say(Reply.EndOfFile())
    var sink = EventSink(answers: [.again, .again, .pause, .more, .more])
    sink.throwsAt = 3
    #expect(try server.session.drainBinlog(into: &sink) == .paused)
    #expect(try server.session.drainBinlog(into: &sink) == .paused)
    #expect(try server.session.drainBinlog(into: &sink) == .paused)
    #expect(sink.events.map { $0[0] } == [1])
    #expect(throws: DrainError<EventSink.Stop>.self) { try server.session.drainBinlog(into: &sink) }
    #expect(try server.session.drainBinlog(into: &sink) == .finished)
    #expect(sink.events.map { $0[0] } == [1, 2, 3])
  }

  @Test("a payload above the limit is refused before it is there", arguments: [1000, 1 << 24])
  func tooLong(limit: Int) throws {
    var server = try ScriptedServer.loggedIn(messageBytesMax: limit)
    try server.session.beginBinlogDump(BinlogDumpCommand(start: .file("", position: 4), serverID: 1))
    server.hear()
    var sink = EventSink()
    if limit < Self.piece {
      server.say(raw: [0xE9, 3, 0, 1])
    } else {
      server.say(payload: [UInt8](repeating: 0, count: Self.piece + 2))
    }
    #expect(throws: DrainError<EventSink.Stop>.self) { try server.session.drainBinlog(into: &sink) }
    #expect(!server.session.isAlive && sink.events.isEmpty)
  }

  @Test("length-encoded integers", arguments: [0, 0xFA, 0xFB, 0xFFFF, 0x10000, 0xFF_FFFF, 0x100_0000, UInt64.max])
  func lengthEncoded(value: UInt64) throws {
    var writer = ByteWriter()
    writer.append(lengthEncoded: value)
    var reader = ByteReader(writer.bytes)
    let read = try reader.lengthEncoded()
    #expect(read == value && reader.isAtEnd)
  }

  @Test(
    "a length-encoded integer that is none, or more than there is", arguments: [[0xFB], [0xFF], [0xFC, 1], [0xFE]])
  func badLength(bytes: [UInt8]) {
    #expect(throws: WireError.self) {
      var reader = ByteReader(bytes.span.bytes)
      _ = try reader.lengthEncoded()
    }
    #expect(throws: WireError.self) {
      let long: [UInt8] = [0xFE] + [UInt8](repeating: 0xFF, count: 8)
      var reader = ByteReader(long.span.bytes)
      _ = try reader.lengthEncodedBytes()
    }
  }

  // MARK: Compressed frames

  /// "compress me, me, me", by zlib.
  private static let packed: [UInt8] = [
    120, 156, 75, 206, 207, 45, 40, 74, 45, 46, 86, 200, 77, 213, 129, 98, 0, 71, 43, 6, 155,
  ]

  private static func frame(_ payload: [UInt8], sequence: UInt8, unpacked: Int) -> [UInt8] {
    var writer = ByteWriter()
    CompressedHeader(length: payload.count, sequence: sequence, unpackedLength: unpacked).encode(to: &writer)
    writer.append(payload)
    return writer.bytes.array
  }

  @Test("frames that do not unpack to what their head says, or are out of order, end the session")
  func badFrames() throws {
    let bad = [
      Self.frame([1, 2, 3], sequence: 1, unpacked: 100), Self.frame(Self.packed, sequence: 1, unpacked: 18),
      Self.frame(Self.packed, sequence: 1, unpacked: 0xFF_FFFF), Self.frame([1, 0, 0, 0, 0], sequence: 5, unpacked: 0),
    ]
    for algorithm in [CompressionAlgorithm.zlib, .zstd] {
      for bytes in bad {
        var server = try ScriptedServer.loggedIn(compression: algorithm)
        try server.session.beginPing()
        server.hear()
        server.say(raw: bytes)
        let error = try #require(throws: MySQLError.self) { try server.session.pollCommand() }
        #expect(error.isMalformed && !server.session.isAlive, "\(error)")
      }
    }
  }

  @Test("what we send is framed, and packets may lie across frames")
  func acrossFrames() throws {
    var server = try ScriptedServer.loggedIn(compression: .zlib)
    try server.session.beginPing()
    #expect(server.hear() == [5, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0x0E])
    let answer: [UInt8] = [7, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0]
    server.say(raw: Self.frame(Array(answer.prefix(3)), sequence: 1, unpacked: 0))
    #expect(try !server.session.pollCommand())
    server.say(raw: Self.frame(Array(answer.dropFirst(3)), sequence: 2, unpacked: 0))
    #expect(try server.session.pollCommand())
    #expect(server.session.statusFlags == .autocommit)
  }
}
