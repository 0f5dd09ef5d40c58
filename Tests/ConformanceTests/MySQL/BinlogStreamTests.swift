// SPDX-License-Identifier: Apache-2.0
import MySQL
import Support
import Testing
import Wire

/// What replicas were sent, against the files that it was read from; and sinks that want a rest.
@Suite("Recorded streams of binary logs")
struct BinlogStreamTests {
  static let captures = (try? Fixture.names(in: "binlog", suffix: ".pcap")) ?? []
  /// Of 87 MB: taken apart only in the segments in which they came.
  static let largeCaptures = (try? Fixture.names(in: "binlog", suffix: ".pcap.zst")) ?? []

  @Test("there are captures") func present() {
    #expect(Self.captures.count >= 7)
    #expect(!Self.largeCaptures.isEmpty)
  }

  /// The events of all files of a recording by name and offset.
  private static func files(_ capture: String) throws -> [String: [UInt64: [UInt8]]] {
    let stem = String(capture[..<(capture.firstRange(of: ".pcap")?.lowerBound ?? capture.endIndex)])
    var files: [String: [UInt64: [UInt8]]] = [:]
    for name in BinlogGoldenTests.files where name.hasPrefix(stem + ".binlog.") {
      let file = try BinlogFile(fixture: name)
      files[file.name] = Dictionary(uniqueKeysWithValues: file.events.map { (UInt64($0.offset), $0.bytes) })
    }
    return files
  }

  /// Every event of the stream that is not made for it is the file's event at the position that the decoder knows.
  @Test("the stream's events are the file's", arguments: captures, DripFeed.all)
  func events(name: String, feed: DripFeed) throws {
    try compare(BinlogStreams(Capture(fixture: name), feed).streams, with: Self.files(name))
  }

  /// Events of two and of three packets.
  @Test("and those of large events", arguments: largeCaptures)
  func largeEvents(name: String) throws {
    let streams = try BinlogStreams(Capture(BinlogFile.unpack(Fixture.bytes(name)))).streams
    for pieces in 1...2 { #expect(streams.joined().contains { $0.count > pieces * PacketHeader.pieceBytesMax }) }
    try compare(streams, with: Self.files(name))
  }

  private func compare(_ streams: [[[UInt8]]], with files: [String: [UInt64: [UInt8]]]) throws {
    #expect(!streams.isEmpty)
    var found = 0
    for stream in streams {
      let decoder = BinlogDecoder()
      var sink = BinlogText()
      for event in stream {
        let begin = decoder.position
        #expect(try decoder.deliver(event.span.bytes, into: &sink) == .more)
        guard decoder.position.file == begin.file, decoder.position != begin else { continue }
        let offset = decoder.position.offset - UInt64(event.count)
        #expect(files[begin.file]?[offset] == event || event[4] == EventType.formatDescription.rawValue)
        found += 1
      }
    }
    let count = files.values.reduce(0) { $0 + $1.count }
    #expect(found * 2 > count, "\(found) of \(count)")
  }

  /// Answers as a seed says; what it takes must be what is there, once and in order.
  struct RestlessSink: BinlogEventSink {
    var text = BinlogText()
    var generator: SeededGenerator
    var calls = 0

    mutating func receive(_ event: borrowing BinlogEvent, _ header: EventHeader) throws -> BinlogFlow {
      calls += 1
      switch Int.random(in: 0..<3, using: &generator) {
      case 0: return .again
      case 1:
        _ = try text.receive(event, header)
        return .pause
      default: return try text.receive(event, header)
      }
    }
  }

  @Test("a sink that pauses misses nothing", arguments: BinlogFileTests.smallFiles, [1, 2, SeededGenerator.ofThisRun])
  func pauses(name: String, seed: UInt64) throws {
    let file = try BinlogFile(fixture: name)
    let calm = BinlogDecoder(file: file.name)
    let restless = BinlogDecoder(file: file.name)
    var text = BinlogText()
    var sink = RestlessSink(generator: SeededGenerator(seed: seed))
    for event in file.events {
      _ = try calm.deliver(event.bytes.span.bytes, into: &text)
      while try restless.deliver(event.bytes.span.bytes, into: &sink) == .again {
        #expect(restless.position.offset == UInt64(event.offset), "an event that comes again has not been passed")
      }
      #expect(restless.position == calm.position)
    }
    #expect(sink.text.lines == text.lines)
    #expect(sink.calls > text.lines.count / 4)
  }
}
