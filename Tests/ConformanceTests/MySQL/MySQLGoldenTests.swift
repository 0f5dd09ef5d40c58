// SPDX-License-Identifier: Apache-2.0
import MySQL
import Support
import Testing
import Wire

/// Every recorded conversation with MySQL and MariaDB, held to a text that was reviewed (how: the READMEs beside them).
@Suite("Recorded conversations with MySQL and MariaDB")
struct MySQLGoldenTests {
  static let captures =
    ((try? Fixture.names(in: "mysql", suffix: ".pcap")) ?? [])
    + ((try? Fixture.names(in: "mariadb", suffix: ".pcap")) ?? [])
  /// Those that are not about the binary log.
  static let sessions = captures.filter { $0.contains("login") || $0.contains("compressed-protocol") }

  static func decode(_ capture: Capture, _ feed: DripFeed) throws -> [MySQLConversation] {
    try capture.connections.map { connection in
      var conversation = MySQLConversation()
      for chunk in connection.chunks {
        for piece in feed.pieces(of: chunk.bytes) { try conversation.receive(piece, chunk.direction) }
      }
      return conversation
    }
  }

  static func text(_ conversations: [MySQLConversation]) -> String {
    var text = ""
    for (index, conversation) in conversations.enumerated() {
      text += "# connection \(index)\n"
      for line in conversation.lines { text += line.text + "\n" }
    }
    return text
  }

  @Test("there are captures")
  func present() {
    #expect(Self.sessions.count >= 4)
  }

  @Test("decoded in any pieces they read as the golden text", arguments: sessions, DripFeed.all)
  func golden(name: String, feed: DripFeed) throws {
    let conversations = try Self.decode(Capture(fixture: name), feed)
    for conversation in conversations { #expect(conversation.leftOver == 0) }
    let golden = name.replacing(".pcap", with: ".golden.txt")
    if let difference = try Fixture.difference(Self.text(conversations), fromGolden: golden) {
      Issue.record("\(difference)")
    }
  }

  @Test("each message encodes to the recorded bytes", arguments: sessions)
  func encoded(name: String) throws {
    for conversation in try Self.decode(Capture(fixture: name), .whole) {
      for line in conversation.lines where line.encoded != line.bytes {
        Issue.record("\(line.text): \(line.encoded) is not \(line.bytes)")
      }
    }
  }
}
