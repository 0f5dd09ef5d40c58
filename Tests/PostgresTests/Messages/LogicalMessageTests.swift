// SPDX-License-Identifier: Apache-2.0
import Postgres
import Support
import Testing
import Wire

@Suite("pgoutput messages, both ways and malformed")
struct LogicalMessageTests {
  /// One of each, as bytes; those after the bar carry a transaction inside a streamed block.
  static let samples: [String: [UInt8]] = {
    func message(_ tag: Character, _ parts: [UInt8]...) -> [UInt8] { [tag.asciiValue ?? 0] + parts.flatMap { $0 } }
    let lsn: [UInt8] = [0, 0, 0, 0x16, 0xB3, 0x74, 0xD8, 0x48]
    let time: [UInt8] = [0, 2, 3, 4, 5, 6, 7, 8]
    let word: [UInt8] = [0, 0, 0x40, 1]
    let name = Array("name".utf8) + [0]
    let tuple: [UInt8] =
      [
        0, 4, UInt8(ascii: "t"), 0, 0, 0, 2, 65, 66, UInt8(ascii: "n"), UInt8(ascii: "u"), UInt8(ascii: "b"), 0, 0, 0,
        0,
      ]
    let columns: [UInt8] = [0, 2, 1] + name + word + word + [0] + name + word + [0xFF, 0xFF, 0xFF, 0xFF]
    return [
      "begin": message("B", lsn, time, word), "commit": message("C", [0], lsn, lsn, time),
      "origin": message("O", lsn, name), "relation": message("R", word, name, name, [UInt8(ascii: "d")], columns),
      "type": message("Y", word, name, name), "insert": message("I", word, Array("N".utf8), tuple),
      "update": message("U", word, Array("N".utf8), tuple),
      "updateKey": message("U", word, Array("K".utf8), tuple, Array("N".utf8), tuple),
      "updateFull": message("U", word, Array("O".utf8), tuple, Array("N".utf8), tuple),
      "delete": message("D", word, Array("K".utf8), tuple), "deleteFull": message("D", word, Array("O".utf8), tuple),
      "truncate": message("T", [0, 0, 0, 2, 3], word, word),
      "message": message("M", [1], lsn, name, [0, 0, 0, 3, 1, 2, 3]),
      "streamStart": message("S", word, [1]), "streamStop": message("E"),
      "streamCommit": message("c", word, [0], lsn, lsn, time), "streamAbort": message("A", word, word),
      "streamAbortParallel": message("A", word, word, lsn, time),
      "beginPrepare": message("b", lsn, lsn, time, word, name),
      "prepare": message("P", [0], lsn, lsn, time, word, name),
      "commitPrepared": message("K", [0], lsn, lsn, time, word, name),
      "rollbackPrepared": message("r", [0], lsn, lsn, time, time, word, name),
      "streamPrepare": message("p", [0], lsn, lsn, time, word, name), "other": message("!", [1, 2, 3]),
    ]
  }()

  /// These have a transaction of their own inside a streamed block.
  static let streamed = [
    "relation", "type", "insert", "update", "updateKey", "updateFull", "delete", "deleteFull",
    "truncate", "message",
  ]

  /// Reads all there is to read, tuples and columns too, and writes it again.
  private static func roundTrip(_ bytes: [UInt8], inStream: Bool = false) throws(WireError) -> [UInt8] {
    let span = bytes.span.bytes
    let message = try LogicalMessage(span, inStream: inStream)
    var fields: [FieldRange] = []
    switch message {
    case .insert(let insert): try insert.new.index(into: &fields)
    case .update(let update):
      if update.oldTuple != .none { try update.old.index(into: &fields) }
      try update.new.index(into: &fields)
    case .delete(let delete): try delete.old.index(into: &fields)
    case .relation(let relation): _ = try relation.columns()
    case .truncate(let truncate): for index in 0..<truncate.relationCount { _ = truncate.relation(at: index) }
    default: break
    }
    var writer = ByteWriter()
    message.encode(to: &writer)
    return writer.bytes.array
  }

  @Test("each reads back as the same bytes, in a streamed block too", arguments: samples.keys.sorted())
  func roundTrip(name: String) throws {
    let bytes = try #require(Self.samples[name])
    #expect(try Self.roundTrip(bytes) == bytes)
    guard Self.streamed.contains(name) else { return }
    let inStream = bytes.prefix(1) + [0, 0, 3, 4] + bytes.dropFirst()
    #expect(try Self.roundTrip(Array(inStream), inStream: true) == Array(inStream))
  }

  @Test("S41 cut at any byte it is an error, never a trap", arguments: samples.keys.sorted())
  func truncated(name: String) throws {
    let bytes = try #require(Self.samples[name])
    // A longer form of Stream Abort may be cut down to the shorter one; of an unknown message any bytes are one.
    let whole = name == "streamAbortParallel" ? [9] : name == "other" ? Array(1..<bytes.count) : []
    for end in 0..<bytes.count where !whole.contains(end) {
      let error = #expect(throws: WireError.self) { try Self.roundTrip(Array(bytes.prefix(end))) }
      #expect((error?.offset ?? 0) <= end)
    }
  }

  @Test("bytes left over are an error that names the message", arguments: samples.keys.sorted())
  func trailing(name: String) throws {
    guard name != "other" else { return }
    let bytes = try #require(Self.samples[name]) + [0]
    let error = #expect(throws: WireError.self) { try Self.roundTrip(bytes) }
    let context = "\(try #require(error).context)"
    #expect(context.hasPrefix("pgoutput"))
  }

  @Test(
    "S41 any byte changed to any of these is an error or another message, never a trap",
    arguments: samples.keys.sorted())
  func mutated(name: String) throws {
    let bytes = try #require(Self.samples[name])
    for index in bytes.indices {
      for value in [0, 1, 3, 0x7F, 0x80, 0xFF] as [UInt8] {
        var changed = bytes
        changed[index] = value
        if let again = try? Self.roundTrip(changed) { #expect(again == changed) }
        _ = try? Self.roundTrip(changed, inStream: true)
      }
    }
  }

  @Test("lengths of 2^31 - 1 allocate nothing and are errors")
  func lengths() throws {
    let huge: [UInt8] = [0x7F, 0xFF, 0xFF, 0xFF]
    let insert: [UInt8] = [UInt8(ascii: "I"), 0, 0, 0, 1, UInt8(ascii: "N")]
    #expect(throws: WireError.self) { try Self.roundTrip(insert + [0, 1, UInt8(ascii: "t")] + huge) }
    #expect(throws: WireError.self) { try Self.roundTrip(insert + [0x7F, 0xFF]) }
    #expect(throws: WireError.self) { try Self.roundTrip(insert + [0xFF, 0xFF]) }
    #expect(throws: WireError.self) { try Self.roundTrip([UInt8(ascii: "T")] + huge + [0]) }
    #expect(throws: WireError.self) {
      try Self.roundTrip([UInt8(ascii: "M"), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] + huge)
    }
  }

  @Test("a tuple's fields are told apart, and the array is used again")
  func fields() throws {
    let bytes = try #require(Self.samples["insert"])
    let span = bytes.span.bytes
    guard case .insert(let insert) = try LogicalMessage(span) else {
      Issue.record("no insert")
      return
    }
    var fields = [FieldRange](repeating: FieldRange(kind: .binary), count: 9)
    try insert.new.index(into: &fields)
    #expect(fields.map(\.kind) == [.text, .null, .unchanged, .binary])
    #expect(insert.new.bytes(fields[0]).array == [65, 66])
    #expect(insert.new.bytes(fields[3]).byteCount == 0)
    #expect(insert.new.columnCount == 4)
  }

  @Test("random bytes never trap")
  func random() {
    var generator = SeededGenerator(seed: SeededGenerator.ofThisRun)
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 0...60, using: &generator)).map { _ in
        // Small numbers make plausible lengths.
        Bool.random(using: &generator)
          ? UInt8.random(in: 0...4, using: &generator)
          : "BCORYIUDTMSEcAbPKrpNKOtnub".utf8.randomElement(using: &generator)!
      }
      if let again = try? Self.roundTrip(bytes) { #expect(again == bytes) }
      _ = try? ReplicationMessage(bytes.span.bytes)
    }
  }
}
