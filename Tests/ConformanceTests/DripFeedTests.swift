// SPDX-License-Identifier: Apache-2.0
import Support
import Testing
import Wire

@Suite struct DripFeedTests {
  @Test(arguments: DripFeed.all)
  func piecesJoinedAreTheInput(_ feed: DripFeed) throws {
    let input = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let pieces = feed.pieces(of: input)
    #expect(Array(pieces.joined()) == input)
    #expect(pieces.allSatisfy { !$0.isEmpty })
    #expect(feed.pieces(of: []).isEmpty)

    let buffer = ReceiveBuffer()
    var turns = 0
    var taken: [UInt8] = []
    feed.feed(input, into: buffer) {
      turns += 1
      if turns % 3 == 0 {
        taken += buffer.unread.withUnsafeBytes { Array($0) }
        buffer.consume(buffer.count)
      }
    }
    taken += buffer.unread.withUnsafeBytes { Array($0) }
    #expect(taken == input)
    #expect(turns == pieces.count)
  }

  @Test func aSeedGivesTheSamePiecesAgain() {
    let input = [UInt8](repeating: 7, count: 5000)
    let first = DripFeed.pieces(seed: 5).pieces(of: input).map(\.count)
    #expect(first == DripFeed.pieces(seed: 5).pieces(of: input).map(\.count))
    #expect(first != DripFeed.pieces(seed: 6).pieces(of: input).map(\.count))
  }

  /// The published first outputs of this generator for the seed 1234567.
  @Test func generatorIsTheKnownOne() {
    var generator = SeededGenerator(seed: 1_234_567)
    let outputs = (0..<3).map { _ in generator.next() }
    #expect(outputs == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
  }
}
