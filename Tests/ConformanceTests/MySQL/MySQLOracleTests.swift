// SPDX-License-Identifier: Apache-2.0
import MySQL
import Support
import Testing
import Wire

/// The captures against what another program made of the same conversation (the `.expected.txt` beside each).
@Suite("Recorded conversations with MySQL and MariaDB and their oracle")
struct MySQLOracleTests {
  static let dissected = MySQLGoldenTests.sessions.filter { $0.contains("login") }

  /// One line of the dissector: packets that one segment brought.
  private struct Dissected {
    var stream: Int
    var isServer: Bool
    var packets: [String]
    var plugin: String
    var query: String
    var error: String
    var message: String
  }

  private static func dissected(_ name: String) throws -> [Dissected] {
    let lines = try Fixture.text(name.replacing(".pcap", with: ".expected.txt")).split(separator: "\n")
    let start = try #require(lines.firstIndex { $0.hasPrefix("# tshark") })
    return try lines[(start + 1)...].map { line in
      let fields = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      try #require(fields.count > 12)
      let lengths = fields[3].split(separator: ",")
      let numbers = fields[4].split(separator: ",")
      return Dissected(
        stream: try #require(Int(fields[0])), isServer: fields[2] == "S",
        packets: zip(lengths, numbers).map { "\($0) \($1)" }, plugin: fields[7] + fields[8], query: fields[10],
        error: fields[11], message: fields[12])
    }
  }

  @Test("lengths, numbers, plugins, queries and errors are those that tshark found", arguments: dissected)
  func dissector(name: String) throws {
    let theirs = try Self.dissected(name)
    for (index, conversation) in try MySQLGoldenTests.decode(Capture(fixture: name), .whole).enumerated() {
      let lines = theirs.filter { $0.stream == index }
      for direction in [CapturedConnection.Direction.fromClient, .fromServer] {
        let ours = conversation.lines.filter { $0.direction == direction }.map { "\($0.payload.count) \($0.sequence)" }
        let dissected = lines.filter { $0.isServer == (direction == .fromServer) }.flatMap(\.packets)
        #expect(ours == dissected, "connection \(index)")
      }
      var plugins: [String] = []
      var queries: [String] = []
      var errors: [String] = []
      for case .message(let message) in conversation.lines.map(\.decoded) {
        switch message {
        case let m as Login.Handshake: plugins.append(m.plugin)
        case let m as Login.HandshakeResponse: plugins.append(m.plugin)
        case let m as Command.Query: queries.append(m.text)
        case let m as Reply.Failure: errors.append("\(m.number) \(String(decoding: m.text, as: UTF8.self))")
        default: break
        }
      }
      #expect(plugins == lines.map(\.plugin).filter { !$0.isEmpty }, "connection \(index)")
      #expect(errors == lines.filter { !$0.error.isEmpty }.map { "\($0.error) \($0.message)" }, "connection \(index)")
      // The dissector shows text beyond ASCII as question marks.
      let dissected = lines.map(\.query).filter { !$0.isEmpty }
      #expect(queries.count == dissected.count)
      for (ours, theirs) in zip(queries, dissected) where !theirs.contains("\u{FFFD}") { #expect(ours == theirs) }
    }
  }
}
