// SPDX-License-Identifier: Apache-2.0
import Etcd
import Support
import Testing
import Wire

/// Our client in the place of the recorded one (S41 among it).
@Suite struct EtcdReplayTests {
  /// What the recorded server answered on each stream: messages, and the status if it came.
  static func recorded(_ connection: CapturedConnection) throws -> [StreamID: EtcdReplay.Answer] {
    var answers: [StreamID: EtcdReplay.Answer] = [:]
    for spoken in try EtcdConversation(connection, feed: .whole).spoken {
      switch spoken.event {
      case .headers(let stream, let fields, let ends) where spoken.direction == .fromServer:
        if ends, let status = GRPCStatus(fields) { answers[stream, default: .init()].end = .status(status) }
      case .headers(let stream, _, _): answers[stream, default: .init()] = .init()
      case .message(let stream, _, let bytes) where spoken.direction == .fromServer:
        answers[stream, default: .init()].messages.append(bytes)
      case .preface, .frame, .message: break
      }
    }
    return answers
  }

  @Test(arguments: EtcdCaptureTests.names, DripFeed.all)
  func completesEveryConversation(_ name: String, _ feed: DripFeed) throws {
    var calls = 0
    for (number, connection) in try Capture(fixture: "etcd/\(name).pcap").connections.enumerated() {
      let replay = try EtcdReplay(connection, feed: feed)
      #expect(replay.failure == nil, "connection \(number)")
      #expect(replay.client.isGreeted || connection.serverStream.isEmpty, "connection \(number)")
      #expect(replay.answers == (try Self.recorded(connection)), "connection \(number)")
      calls += replay.answers.count
    }
    #expect(calls > 10)
  }

  /// S41: every prefix of what the server said, then a reset, silence, or garbage. Nothing traps, nothing is made up,
  /// and after a reset every call has an end.
  @Test(arguments: EtcdCaptureTests.names) func everyPrefixThenTheWorst(_ name: String) throws {
    var generator = SeededGenerator(seed: SeededGenerator.ofThisRun)
    for connection in try Capture(fixture: "etcd/\(name).pcap").connections where connection.chunks.count < 60 {
      let whole = try Self.recorded(connection)
      let total = connection.serverStream.count
      // Every byte of the short ones; of long ones a part that differs from run to run.
      let cuts = total <= 120 ? Array(0...total) : (0..<24).map { _ in Int.random(in: 0...total, using: &generator) }
      for cut in cuts {
        let replay = try EtcdReplay(connection, feed: .whole, serverBytes: cut)
        #expect(replay.failure == nil)
        for (stream, answer) in replay.answers {
          let full = whole[stream]?.messages ?? []
          #expect(answer.messages.elementsEqual(full.prefix(answer.messages.count)), "seed \(generator.seed), \(cut)")
        }
        switch cut % 3 {
        case 0: replay.reset()
        case 1: replay.hear((0..<64).map { _ in UInt8.random(in: 0 ... .max, using: &generator) } + [0xFF])
        default: continue
        }
        if cut % 3 == 0 { #expect(replay.answers.values.allSatisfy { $0.end != nil }, "\(cut)") }
      }
    }
  }
}
