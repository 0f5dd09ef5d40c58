// SPDX-License-Identifier: Apache-2.0
import MySQL
import Testing
import Wire

/// Transaction payloads: inner events one at a time, and a sink that wants a rest between them.
@Suite struct PayloadTests {
  private let inner = LogBuilder(checksum: .none)
  private let builder = LogBuilder()

  private func payload(_ events: [[UInt8]], size: UInt64? = nil) -> [UInt8] {
    let bytes = events.flatMap { $0 }
    var writer = ByteWriter()
    TransactionPayloadEvent(
      compression: .none, uncompressedSize: size ?? UInt64(bytes.count), payload: bytes.span.bytes
    ).encode(to: &writer)
    return builder.event(.transactionPayload, writer.bytes.array)
  }

  private func decoder() throws -> BinlogDecoder {
    let decoder = BinlogDecoder(maximumEventSize: 10_000)
    var sink = LineSink()
    for event in [builder.rotate("b.000001", 4), builder.formatEvent()] {
      _ = try decoder.deliver(event.span.bytes, into: &sink)
    }
    return decoder
  }

  @Test func innerEventsHaveThePayloadsPlace() throws {
    let decoder = try decoder()
    let event = payload([inner.xid(1), inner.xid(2)])
    var sink = LineSink()
    #expect(try decoder.deliver(event.span.bytes, into: &sink) == .more)
    let place = "4-\(4 + event.count)"
    #expect(sink.lines == ["Xid \(place) 1 in payload", "Xid \(place) 2 in payload"])
    #expect(decoder.position.offset == UInt64(4 + event.count))
  }

  @Test func goesOnWhereItPaused() throws {
    let decoder = try decoder()
    let event = payload((1...4).map { inner.xid($0) })
    var sink = LineSink(answers: [.more, .again, .pause, .again, .more, .pause])
    var answers: [BinlogFlow] = []
    repeat { answers.append(try decoder.deliver(event.span.bytes, into: &sink)) } while answers.last == .again
    // Not taken, taken, not taken, taken at the end; then only the end is left.
    #expect(answers == [.again, .again, .again, .again, .more])
    #expect(sink.lines.map { $0.split(separator: " ")[2] } == ["1", "2", "3", "4"])
    #expect(decoder.position.offset == UInt64(4 + event.count))
  }

  @Test func aSinkThatFailsSeesTheEventAgain() throws {
    let decoder = try decoder()
    let event = payload([inner.xid(1), inner.xid(2)])
    var sink = LineSink(limit: 1)
    #expect(throws: BinlogDrainError<LineSink.Full>.self) { try decoder.deliver(event.span.bytes, into: &sink) }
    sink.limit = 9
    #expect(try decoder.deliver(event.span.bytes, into: &sink) == .more)
    #expect(sink.lines.count == 2)
  }

  @Test func whatIsWrongInside() throws {
    var cut = inner.xid(1)
    cut.removeLast()
    var huge = inner.xid(1)
    huge[11] = 1  // 65 kB
    var tiny = inner.xid(1)
    tiny[9] = 18
    let events = [
      (payload([cut]), "ends inside of the event at unpacked byte 0"),
      (payload([inner.xid(1), [1, 2, 3]]), "ends inside of the event at unpacked byte 27"),
      (payload([huge]), "limit 10000"), (payload([tiny]), "an event of 18 bytes at unpacked byte 0"),
      (payload([inner.xid(1)], size: 28), "holds 27 bytes, 28 were said"),
      (payload([inner.rotate("b.000009", 4)]), "Rotate at 4: this kind of event is not supported"),
      (payload([inner.event(.transactionPayload, [])]), "Transaction_payload at 4: this kind"),
      (payload([inner.formatEvent()]), "Format_desc at 4: this kind"),
      (payload([inner.event(.stop, [])]), "Stop at 4: this kind"),
      (payload([inner.event(.heartbeat, [98])]), "Heartbeat at 4: this kind"),
    ]
    for (event, text) in events {
      var sink = LineSink()
      do {
        _ = try decoder().deliver(event.span.bytes, into: &sink)
        Issue.record("accepted: \(text)")
      } catch let error as BinlogDrainError<LineSink.Full> {
        guard case .log(let error) = error else { continue }
        #expect("\(error)".contains(text), "\(error)")
      }
    }
  }

  /// zstd that ends too early, is none, or is followed by something else.
  @Test func brokenFrames() throws {
    for bytes in [[0x28, 0xB5, 0x2F, 0xFD], [1, 2, 3, 4, 5], [0x28, 0xB5, 0x2F, 0xFD, 0x20, 1, 9, 0, 0, 0, 7]]
      as [[UInt8]]
    {
      var writer = ByteWriter()
      TransactionPayloadEvent(compression: .zstd, uncompressedSize: nil, payload: bytes.span.bytes).encode(to: &writer)
      let event = builder.event(.transactionPayload, writer.bytes.array)
      var sink = LineSink()
      let decoder = try decoder()
      #expect(throws: (any Error).self) { try decoder.deliver(event.span.bytes, into: &sink) }
    }
  }
}
