// SPDX-License-Identifier: Apache-2.0
import Postgres
import Support
import Testing
import Wire

/// The captures against what other programs made of the same conversation (the `.expected.txt` beside each).
@Suite("Recorded conversations with PostgreSQL and their oracles")
struct PostgresOracleTests {
  static let streams = PostgresGoldenTests.captures.filter { $0.contains("pgoutput") }
  static let dissected = PostgresGoldenTests.captures.filter { !$0.contains("pgoutput") }

  private static func expected(_ name: String) throws -> [Substring] {
    try Fixture.text(name.replacing(".pcap", with: ".expected.txt")).split(separator: "\n")
  }

  /// The messages that `pg_logical_slot_peek_binary_changes` printed for a twin of the recorded slot, in hexadecimal.
  private static func peeked(_ name: String) throws -> [String] {
    let lines = try expected(name)
    let start = try #require(lines.firstIndex { $0.hasPrefix("## pg_logical_slot_peek_binary_changes") })
    return lines[(start + 1)...].prefix { !$0.hasPrefix("##") }.compactMap { line in
      line.split(separator: "|").count == 3 ? String(line.split(separator: "|")[2]) : nil
    }
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  @Test("the plugin's messages are those that the server shows in SQL, but for repeated Relations", arguments: streams)
  func plugin(name: String) throws {
    let conversations = try PostgresClientTests.conversations(name)
    let recorded = conversations.flatMap { $0.lines.compactMap(\.logical) }.map(Self.hexadecimal)
    #expect(Self.withoutRepeats(recorded) == Self.withoutRepeats(try Self.peeked(name)))
  }

  /// A live walsender may repeat a Relation or Type after an invalidation.
  private static func withoutRepeats(_ messages: [String]) -> [String] {
    var seen: Set<String> = []
    return messages.filter { message in
      !(message.hasPrefix("52") || message.hasPrefix("59")) || seen.insert(message).inserted
    }
  }

  /// The dissector's names for our messages.
  private static let names = [
    "Startup message": "StartupMessage", "SSL request": "SSLRequest",
    "Authentication request": "Authentication", "Password message": "PasswordMessage",
    "SASLInitialResponse message": "SASLInitialResponse", "SASLResponse message": "SASLResponse",
    "Parameter status": "ParameterStatus", "Backend key data": "BackendKeyData", "Ready for query": "ReadyForQuery",
    "Simple query": "Query", "Termination": "Terminate", "Row description": "RowDescription",
    "Data row": "DataRow", "Command completion": "CommandComplete", "Error": "ErrorResponse",
    "Notice": "NoticeResponse", "Notification": "NotificationResponse", "CopyOut response": "CopyOutResponse",
    "CopyIn response": "CopyInResponse", "Copy data": "CopyData", "Copy completion": "CopyDone",
    "Copy failure": "CopyFail", "Cancel request": "CancelRequest", "Empty query": "EmptyQueryResponse",
    "CopyBoth response": "CopyBothResponse", "Parse": "Parse", "Bind": "Bind", "Describe": "Describe",
    "Execute": "Execute", "Sync": "Sync", "Parse completion": "ParseComplete", "Bind completion": "BindComplete",
    "No data": "NoData",
  ]

  @Test(
    "the messages are those that the dissector of tshark found, of each kind as many in each connection",
    arguments: dissected)
  func dissector(name: String) throws {
    let lines = try Self.expected(name)
    let start = try #require(lines.firstIndex { $0.hasPrefix("# tshark") })
    var theirs: [Int: [String: Int]] = [:]
    for line in lines[(start + 1)...] {
      let fields = line.split(separator: "|", omittingEmptySubsequences: false)
      guard fields.count > 3, let stream = Int(fields[0]) else { continue }
      for kind in fields[3].split(separator: ",") {
        let known = try #require(Self.names[String(kind)], "\(kind)")
        theirs[stream, default: [:]][known, default: 0] += 1
      }
    }
    var ours: [Int: [String: Int]] = [:]
    for (index, connection) in try Capture(fixture: name).connections.enumerated() {
      var conversation = PostgresConversation()
      for chunk in connection.chunks { try conversation.receive(chunk.bytes[...], chunk.direction) }
      // The dissector does not list the one byte that answers SSLRequest.
      for line in conversation.lines where line.decoded != .tlsAnswer {
        ours[index, default: [:]][line.message.name, default: 0] += 1
      }
    }
    #expect(ours == theirs)
  }
}
