// SPDX-License-Identifier: Apache-2.0
import Etcd
import Support
import Testing
import Wire

/// Every recorded conversation with etcd: decoded whole and in pieces, compared with what others made of it, and
/// encoded again to the recorded bytes.
@Suite struct EtcdCaptureTests {
  static let names = ["etcd-3.5-kv-watch-lease", "etcd-3.5-batches", "etcd-3.5-auth"]

  /// One line a frame and one a message, long messages cut.
  static func lines(of name: String, feed: DripFeed) throws -> [String] {
    var lines: [String] = []
    for (number, connection) in try Capture(fixture: "etcd/\(name).pcap").connections.enumerated() {
      let conversation = try EtcdConversation(connection, feed: feed)
      #expect(conversation.leftOver == 0)
      for spoken in conversation.spoken {
        let start = "\(number) \(spoken.direction == .fromClient ? "C" : "S") "
        switch spoken.event {
        case .preface: lines.append(start + "preface")
        case .frame(let text, _, _): lines.append(start + text)
        case .headers: break
        case .message(let stream, let path, let bytes):
          let message = try EtcdMessageText(path: path, direction: spoken.direction, bytes: bytes)
          lines.append(
            start + "stream \(stream) MESSAGE \(message.name) compressed=0 \(bytes.count) bytes: "
              + String((message.text ?? "(not ours)").prefix(400)))
        }
      }
    }
    return lines
  }

  @Test(arguments: names, DripFeed.all) func decodesToTheGoldenText(_ name: String, _ feed: DripFeed) throws {
    let text = try Self.lines(of: name, feed: feed).joined(separator: "\n") + "\n"
    let difference = try Fixture.difference(text, fromGolden: "etcd/\(name).golden.txt")
    #expect(difference == nil)
  }

  /// hpack, hyperframe and protobuf's descriptors saw the same frames, headers, and message types and lengths. Their
  /// messages are printed in another way: the golden text was read beside them.
  @Test(arguments: names) func agreesWithOtherDecoders(_ name: String) throws {
    func comparable(_ line: some StringProtocol) -> String {
      let text = String(line)
      guard text.contains(" MESSAGE "), let end = text.firstRange(of: " bytes:") else { return text }
      return String(text[..<end.upperBound])
    }
    let expected = try Fixture.text("etcd/\(name).expected.txt").split(
      separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(expected.firstIndex { $0.hasPrefix("# decoded") })
    var theirs: [String: [String]] = [:]
    for line in expected[(start + 1)...] where !line.isEmpty {
      theirs[String(line.prefix { $0 != " " }), default: []].append(comparable(line).trimmingSpaces)
    }
    var ours: [String: [String]] = [:]
    for line in try Self.lines(of: name, feed: .whole) {
      ours[String(line.prefix { $0 != " " }), default: []].append(comparable(line).trimmingSpaces)
    }
    #expect(ours.keys.sorted() == theirs.keys.sorted())
    for (connection, lines) in theirs {
      let mine = ours[connection] ?? []
      // Two frames of different directions may have crossed on the wire: each direction has its order.
      for side in [" C ", " S "] {
        let a = mine.filter { $0.contains(side) }
        let b = lines.filter { $0.contains(side) }
        let first = zip(a, b).first { $0 != $1 }
        #expect(first == nil && a.count == b.count, "connection \(connection): \(a.count) and \(b.count) lines")
      }
    }
  }

  @Test(arguments: names) func encodesToTheRecordedBytes(_ name: String) throws {
    var frames = 0
    var messages = 0
    for connection in try Capture(fixture: "etcd/\(name).pcap").connections {
      for spoken in try EtcdConversation(connection, feed: .whole).spoken {
        switch spoken.event {
        case .preface: break
        case .frame(let text, let recorded, let encoded):
          #expect(encoded == recorded, "\(text)")
          frames += 1
        case .headers(_, let fields, _):
          var block = ByteWriter()
          HPACKEncoder().encode(fields, to: &block)
          var decoder = HPACKDecoder(tableSizeMax: 0)
          #expect(try decoder.decode(block.bytes) == fields)
        case .message(_, let path, let bytes):
          let message = try EtcdMessageText(path: path, direction: spoken.direction, bytes: bytes)
          if let encoded = message.encoded {
            #expect(encoded == bytes, "\(message.name)")
            messages += 1
          }
        }
      }
    }
    #expect(frames > 50 && messages > 10)
  }

  /// Every recorded message cut at every byte, and with each byte changed: an error or another message, never a trap.
  @Test(arguments: names) func messagesCutOrChangedAnywhereNeverTrap(_ name: String) throws {
    var generator = SeededGenerator(seed: SeededGenerator.ofThisRun)
    for connection in try Capture(fixture: "etcd/\(name).pcap").connections {
      for spoken in try EtcdConversation(connection, feed: .whole).spoken {
        guard case .message(_, let path, let bytes) = spoken.event else { continue }
        let step = max(1, bytes.count / 40)
        for end in stride(from: 0, to: bytes.count, by: step) {
          _ = try? EtcdMessageText(path: path, direction: spoken.direction, bytes: Array(bytes[..<end]))
          var changed = bytes
          changed[end] = UInt8.random(in: 0 ... .max, using: &generator)
          _ = try? EtcdMessageText(path: path, direction: spoken.direction, bytes: changed)
        }
      }
    }
  }
}

extension String {
  /// The oracle leaves a space where a list is empty.
  fileprivate var trimmingSpaces: String {
    var text = self
    while text.hasSuffix(" ") { text.removeLast() }
    return text
  }
}
