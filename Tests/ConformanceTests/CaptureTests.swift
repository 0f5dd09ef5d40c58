// SPDX-License-Identifier: Apache-2.0
import Support
import Testing
import Wire

/// The capture reader: on recorded conversations, and on packets built here for what the recordings do not have.
@Suite struct CaptureTests {
  /// psql's five log-ins, as tshark listed them: each stream is whole messages from the first byte to the last.
  @Test func postgresConversation() throws {
    let capture = try Capture(fixture: "postgres/pg-15-login-query.pcap")
    #expect(capture.connections.count >= 4)
    for connection in capture.connections where connection.server.port != 0 {
      #expect(connection.client.port > 1024)
      let tags = try postgresTags(connection.serverStream)
      // tshark: "Authentication request" with code 10 first, whatever the outcome.
      #expect(tags.first == UInt8(ascii: "R"), "\(connection.client)")
    }
    let first = try #require(capture.connections.first)
    #expect(first.turns.first?.direction == .fromClient)
    let statuses = try postgresTags(first.serverStream).filter { $0 == UInt8(ascii: "S") }
    #expect(statuses.count >= 13)
    #expect(first.clientStream.suffix(5) == [UInt8(ascii: "X"), 0, 0, 0, 4])
    #expect(first.turns.flatMap(\.bytes).count == first.clientStream.count + first.serverStream.count)
  }

  /// etcdctl over HTTP/2 (RFC 9113, 3.4 and 4.1): the preface, then whole frames to the end of both streams.
  @Test func etcdConversation() throws {
    let capture = try Capture(fixture: "etcd/etcd-3.5-kv-watch-lease.pcap")
    let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
    #expect(capture.connections.count > 10)
    for connection in capture.connections {
      #expect(connection.clientStream.starts(with: preface))
      try expectWholeFrames(Array(connection.clientStream.dropFirst(preface.count)))
      try expectWholeFrames(connection.serverStream)
    }
  }

  private func postgresTags(_ stream: [UInt8]) throws -> [UInt8] {
    var reader = ByteReader(stream.span.bytes)
    var tags: [UInt8] = []
    while !reader.isAtEnd {
      tags.append(try reader.byte())
      try reader.skip(Int(try reader.bigEndian(Int32.self)) - 4)
    }
    return tags
  }

  private func expectWholeFrames(_ stream: [UInt8]) throws {
    var reader = ByteReader(stream.span.bytes)
    while !reader.isAtEnd {
      let length = Int(try reader.byte()) << 16 | Int(try reader.bigEndian(UInt16.self))
      try reader.skip(6 + length)
    }
  }

  @Test(arguments: PacketBuilder.Link.allCases, [false, true])
  func everyLinkTypeBothAddressFamilies(_ link: PacketBuilder.Link, _ isIPv6: Bool) throws {
    for isBigEndian in [false, true] {
      for isNano in [false, true] {
        var builder = PacketBuilder(link: link, isIPv6: isIPv6, isBigEndian: isBigEndian, isNano: isNano)
        builder.connect()
        builder.client("ping")
        builder.server("pong!")
        builder.finish()
        let pcap = try PcapFile(builder.file)
        #expect(pcap.packets.first?.time == 7_000_000_000 + (isNano ? 1 : 1000))
        let connection = try #require(Capture(builder.file).connections.first)
        #expect(connection.clientStream == Array("ping".utf8))
        #expect(connection.serverStream == Array("pong!".utf8))
        #expect(connection.server.port == 5432)
      }
    }
  }

  @Test func joinsBySequenceNumber() throws {
    var builder = PacketBuilder(clientSequence: UInt32.max - 3)  // wraps in the middle of "abcdef"
    builder.connect()
    builder.client("abcdef")
    builder.client("abcdef", at: 0)  // retransmission
    builder.client("jkl", at: 9)  // early
    builder.client("efghij", at: 4)  // overlaps at both ends
    builder.client("l", at: 11)  // a keep-alive probe's old byte
    builder.server("ok")
    builder.finish()
    let connection = try #require(Capture(builder.file).connections.first)
    #expect(String(decoding: connection.clientStream, as: UTF8.self) == "abcdefghijkl")
    #expect(connection.turns.count == 2)
    #expect(connection.chunks.map(\.bytes.count) == [6, 6, 2])
  }

  @Test func aGapIsAnError() throws {
    var builder = PacketBuilder()
    builder.connect()
    builder.client("abc")
    builder.client("xyz", at: 5)
    #expect(throws: CaptureError.self) { try Capture(builder.file) }
  }

  @Test func samePortsAgainAreAnotherConnection() throws {
    var builder = PacketBuilder()
    for word in ["one", "two"] {
      builder.connect()
      builder.client(word)
      builder.finish()
    }
    let capture = try Capture(builder.file)
    #expect(capture.connections.map { String(decoding: $0.clientStream, as: UTF8.self) } == ["one", "two"])
  }

  @Test func truncatedAnywhereThrows() throws {
    var builder = PacketBuilder()
    builder.connect()
    builder.client("abc")
    let whole = builder.file
    let boundaries = Set(builder.boundaries)
    for length in whole.indices {
      let cut = Array(whole.prefix(length))
      if boundaries.contains(length) {
        _ = try Capture(cut)
      } else {
        #expect(throws: CaptureError.self, "cut at \(length)") { try Capture(cut) }
      }
    }
    #expect(throws: CaptureError.self) { try Capture(Array("not a capture at all, but long enough".utf8)) }
  }
}
