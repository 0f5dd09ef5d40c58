// SPDX-License-Identifier: Apache-2.0
import MySQL
import Support
import Testing
import Wire

/// Our session against the recorded servers, in every conversation.
@Suite("Our client with recorded servers of MySQL and MariaDB")
struct MySQLClientTests {
  /// The password in each connection, in order. Nil where the recorded client gave up in the middle.
  static let passwords: [String: [String?]] = [
    "mysql/mysql-9.7-login.pcap": [
      nil, "pässword", "pässword", "wrong", "", "x", "pässword", "secret", "", "x", "x", "pässword",
    ],
    "mysql/mysql-9.7-compressed-protocol.pcap": ["pässword", "pässword"],
    "mariadb/mariadb-10.11-login.pcap": [
      "pässword", "pässword", "wrong", "", "x", "pässword", "secret", "wrong", "pässword",
    ],
    "mariadb/mariadb-10.11-compressed-protocol.pcap": ["pässword"],
  ]

  /// A play of each connection, made anew by each call of what is returned.
  static func plays(_ name: String) throws -> [() -> MySQLPlay] {
    let connections = try Capture(fixture: name).connections
    let passwords = try #require(passwords[name])
    try #require(connections.count == passwords.count)
    return try zip(connections, passwords).compactMap { connection, password in
      guard let password else { return nil }
      var conversation = MySQLConversation()
      for chunk in connection.chunks { try conversation.receive(chunk.bytes[...], chunk.direction) }
      return { MySQLPlay(connection, conversation, password: password) }
    }
  }

  @Test(
    "it says what the recorded client said, to the byte, and takes what the server answers",
    arguments: MySQLGoldenTests.sessions, DripFeed.all)
  func play(name: String, feed: DripFeed) throws {
    for (index, fresh) in try Self.plays(name).enumerated() {
      var play = fresh()
      play.run(feed)
      #expect(play.departures.isEmpty, "connection \(index): \(play.departures)")
      var codes: [Int] = []
      var rows: [[[UInt8]?]] = []
      for case .message(let message) in play.conversation.lines.map(\.decoded) {
        if let failure = message as? Reply.Failure { codes.append(Int(failure.number)) }
        if let row = message as? Reply.TextRow { rows.append(row.values) }
      }
      #expect(play.errors.compactMap { $0.server?.code } == codes, "connection \(index): \(play.errors)")
      #expect(play.errors.count == codes.count, "connection \(index): \(play.errors)")
      #expect(play.rows == rows, "connection \(index)")
      #expect(play.session.input.count == 0, "connection \(index)")
    }
  }

  // MARK: S41

  enum Ending: CaseIterable {
    case reset, silence, garbage, zeros, ones
  }

  @Test(
    "S41 prefixes of a conversation, then nothing, a reset or nonsense: an error that says who and where",
    arguments: MySQLGoldenTests.sessions, Ending.allCases)
  func prefixes(name: String, ending: Ending) throws {
    var generator = SeededGenerator(seed: SeededGenerator.ofThisRun)
    let note = "SYNC_TEST_SEED=\(SeededGenerator.ofThisRun)"
    for fresh in try Self.plays(name) {
      let total = fresh().connection.serverStream.count
      // At every one in the first packets, then at random: each costs a whole log-in.
      let cuts = Array(0..<min(100, total)) + (0..<30).map { _ in Int.random(in: 0..<total, using: &generator) }
      for cut in cuts {
        var play = fresh()
        play.serverBytesMax = cut
        play.run(.whole)
        guard play.session.isAlive else { continue }
        let before = play.errors.count
        play.session.input.append(Self.bytes(ending, &generator).span.bytes)
        play.poll()
        switch ending {
        case .silence: #expect(play.errors.count == before, "\(note), cut at \(cut)")
        case .reset: #expect("\(play.session.closedError())".contains("recorded:3306"))
        case .garbage, .zeros, .ones: break
        }
        for error in play.errors.dropFirst(before) {
          #expect("\(error)".contains("recorded:3306"))
          if case .malformed(_, _, let offset) = error.reason { #expect(offset <= cut + 4096) }
        }
      }
    }
  }

  private static func bytes(_ ending: Ending, _ generator: inout SeededGenerator) -> [UInt8] {
    switch ending {
    case .reset, .silence: []
    case .garbage: (0..<200).map { _ in UInt8.random(in: 0...255, using: &generator) }
    case .zeros: [UInt8](repeating: 0, count: 64)
    case .ones: [UInt8](repeating: 0xFF, count: 64)
    }
  }
}
