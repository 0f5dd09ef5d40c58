// SPDX-License-Identifier: Apache-2.0
import Postgres
import Support
import Testing
import Wire

/// Our session against the recorded servers, in every conversation that it can be in.
@Suite("Our client with recorded PostgreSQL servers")
struct PostgresClientTests {
  /// A connection that only cancels another one is no session.
  static func conversations(_ name: String) throws -> [PostgresConversation] {
    try Capture(fixture: name).connections.compactMap { connection in
      var conversation = PostgresConversation()
      for chunk in connection.chunks { try conversation.receive(chunk.bytes[...], chunk.direction) }
      return conversation.lines.first?.message.name == "CancelRequest" ? nil : conversation
    }
  }

  @Test(
    "it says what the recorded client said and takes what the server answers",
    arguments: PostgresGoldenTests.captures, DripFeed.all)
  func play(name: String, feed: DripFeed) throws {
    for (index, conversation) in try Self.conversations(name).enumerated() {
      var play = PostgresPlay(conversation)
      play.run(feed)
      #expect(play.departures.isEmpty, "connection \(index): \(play.departures)")
      let recordedErrors = conversation.lines.compactMap { line -> String? in
        guard case .backend(.errorResponse(let response)) = line.decoded else { return nil }
        return response.fields["C"]
      }
      #expect(play.errors.compactMap(\.sqlState) == recordedErrors, "connection \(index)")
      #expect(play.errors.allSatisfy { $0.server != nil }, "connection \(index): \(play.errors)")
      #expect(play.sink.messages == conversation.lines.compactMap(\.logical), "connection \(index)")
      #expect(play.session.input.count == 0, "connection \(index)")
    }
  }

  @Test("where the password is known, the proofs are the recorded ones")
  func proofs() throws {
    var proofs = 0
    for conversation in try Self.conversations("postgres/pg-15-auth-variants.pcap") {
      var play = PostgresPlay(conversation)
      play.run(.whole)
      proofs += play.recordedProofs
    }
    #expect(proofs == 3)
  }

  // MARK: S41

  /// Where the server's bytes are cut: at every one where that is quick (no key derivation), else at random.
  private static func cuts(_ conversation: PostgresConversation, _ total: Int) -> [Int] {
    let derives = conversation.lines.contains { $0.message.text.hasPrefix("SASLResponse") }
    if !derives { return Array(0..<total) }
    var generator = SeededGenerator(seed: SeededGenerator.ofThisRun)
    return (0..<6).map { _ in Int.random(in: 0..<total, using: &generator) }
  }

  enum Ending: CaseIterable {
    case reset, silence, garbage, zeros, hugeLength, smallLength
  }

  @Test(
    "S41 every prefix of a conversation, then nothing, a reset or nonsense: an error that says who and where",
    arguments: PostgresGoldenTests.captures, Ending.allCases)
  func prefixes(name: String, ending: Ending) throws {
    var generator = SeededGenerator(seed: SeededGenerator.ofThisRun)
    let note = "SYNC_TEST_SEED=\(SeededGenerator.ofThisRun)"
    for conversation in try Self.conversations(name) {
      var whole = PostgresPlay(conversation)
      whole.run(.whole)
      for cut in Self.cuts(conversation, whole.serverBytes) {
        var play = PostgresPlay(conversation)
        play.serverBytesMax = cut
        play.run(.whole)
        guard play.session.isAlive else { continue }
        let before = play.errors.count
        play.session.input.append(Self.bytes(ending, &generator).span.bytes)
        play.poll()
        switch ending {
        case .silence: #expect(play.errors.count == before, "\(note), cut at \(cut)")
        case .reset: #expect("\(play.session.closedError())".contains("recorded:5432"))
        case .garbage, .zeros, .hugeLength, .smallLength: break
        }
        for error in play.errors.dropFirst(before) {
          #expect("\(error)".contains("recorded:5432"))
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
    case .hugeLength: [UInt8(ascii: "d"), 0x7F, 0xFF, 0xFF, 0xFF]
    case .smallLength: [UInt8(ascii: "d"), 0, 0, 0, 3]
    }
  }
}
