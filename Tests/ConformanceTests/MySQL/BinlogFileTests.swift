// SPDX-License-Identifier: Apache-2.0
import MySQL
import Support
import Testing
import Wire

/// Each event of the recorded log files: written back, cut, broken.
@Suite("Events of recorded binary logs")
struct BinlogFileTests {
  /// Takes everything and looks at all of it.
  struct Taker: BinlogEventSink {
    var count = 0
    private var layouts: [UInt64: RowLayout] = [:]
    private var fields: [RowField] = []

    mutating func receive(_ event: borrowing BinlogEvent, _ header: EventHeader) throws(WireError) -> BinlogFlow {
      count += 1
      switch event {
      case .tableMap(let event):
        let map = try event.tableMap()
        layouts[map.tableID] = try RowLayout(map.columns)
      case .rows(let event):
        guard let layout = layouts[event.tableID] else { return .more }
        var offset = 0
        let rows = event.rows
        var isAfter = false
        while offset < rows.byteCount {
          let present = isAfter ? event.presentAfter : event.present
          let isPartial = isAfter && event.kind == .partialUpdate
          try layout.index(rows, at: &offset, present: present, isPartial: isPartial, into: &fields)
          for field in fields where field.kind == .differences { try differences(of: rows, field) }
          isAfter = event.hasTwoImages && !isAfter
        }
      case .query(let event): _ = try QueryStatus(decoding: event.status)
      default: break
      }
      return .more
    }

    private func differences(of rows: RawSpan, _ field: RowField) throws(WireError) {
      let start = Int(field.offset)
      var differences = JSONDifferences(rows.extracting(start..<start + Int(field.length)))
      while let difference = try differences.next() { _ = try JSONPath(difference.path) }
    }
  }

  static let smallFiles = BinlogGoldenTests.files.filter { !$0.hasSuffix(".zst") }

  private static func checksum(_ bytes: [UInt8], _ format: FormatDescription?) -> ChecksumAlgorithm {
    EventType(rawValue: bytes[4]) == .formatDescription ? .crc32 : format?.checksum ?? .crc32
  }

  /// Packed events as they are packed; a table map's columns once more from what we read of them.
  @Test("each event encodes to the recorded bytes", arguments: BinlogGoldenTests.files)
  func encoded(name: String) throws {
    var format = FormatDescription(serverVersion: "", postHeaderLengths: [])
    for event in try BinlogFile(fixture: name).events {
      let bytes = event.bytes.span.bytes
      let header = try EventHeader(decoding: bytes)
      let checksum = Self.checksum(event.bytes, format)
      let body = bytes.extracting(EventHeader.byteCount..<bytes.byteCount - checksum.byteCount)
      let decoded = try BinlogEvent(decoding: body, header: header, format: format)
      if case .formatDescription(let description) = decoded { format = description }
      var writer = ByteWriter()
      decoded.encode(header: header, checksum: format.checksum, to: &writer)
      // The file that was being written has the flag "in use", which does not count for the checksum.
      let end = header.flags.contains(.inUse) ? bytes.byteCount - 4 : bytes.byteCount
      let isEqual = bytes.extracting(0..<end).isPrefix(of: writer.bytes) && writer.count == bytes.byteCount
      #expect(isEqual, "\(name) at \(event.offset): \(header.type)")
      if case .tableMap(let table) = decoded {
        let map = try table.tableMap()
        var again = ByteWriter()
        map.encode(to: &again, isMariaDB: format.isMariaDB)
        let reread = try TableMapEvent(decoding: again.bytes, isMariaDB: format.isMariaDB).tableMap()
        #expect(reread == map)
      }
    }
  }

  /// A wrong length is refused at once; a cut event whose header and checksum were made right again must not crash.
  @Test("cut anywhere", arguments: smallFiles)
  func cut(name: String) throws {
    let events = try BinlogFile(fixture: name).events
    var refused = 0
    var before = Taker()
    for (index, event) in events.enumerated() {
      for length in 0..<event.bytes.count {
        // Byte by byte in the fields of the front, then in steps: the back is rows and text.
        if length > 120 && length % 13 != 0 { continue }
        let decoder = try Self.decoder(events[..<index])
        var sink = before
        var bytes = Array(event.bytes[..<length])
        #expect(throws: (any Error).self) { try decoder.deliver(bytes.span.bytes, into: &sink) }
        guard length >= EventHeader.byteCount + 4 else { continue }
        Self.makeRight(&bytes, decoder.format, at: event.offset)
        do {
          _ = try decoder.deliver(bytes.span.bytes, into: &sink)
        } catch {
          refused += 1
          guard case .log(let error) = error else { continue }
          #expect("\(error)".contains(" at \(event.offset): "))
        }
      }
      _ = try? Self.decoder(events[..<index]).deliver(event.bytes.span.bytes, into: &before)
    }
    #expect(refused > events.count)
  }

  /// One bit of an event with a checksum: always refused. With the checksum made right again: never a crash.
  @Test("a bit is wrong", arguments: smallFiles)
  func flipped(name: String) throws {
    let events = try BinlogFile(fixture: name).events
    var generator = SeededGenerator(seed: 20_261_125)
    var before = Taker()
    for (index, event) in events.enumerated() {
      let isFormat = event.bytes[4] == EventType.formatDescription.rawValue
      for _ in 0..<16 {
        let bit = Int.random(in: 0..<event.bytes.count * 8, using: &generator)
        var bytes = event.bytes
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        let decoder = try Self.decoder(events[..<index])
        var sink = before
        // What says whether there is a checksum, and the flag that does not count for it, have none.
        if decoder.format?.checksum != ChecksumAlgorithm.none, !isFormat {
          #expect(throws: (any Error).self) { try decoder.deliver(bytes.span.bytes, into: &sink) }
        }
        Self.makeRight(&bytes, decoder.format)
        _ = try? Self.decoder(events[..<index]).deliver(bytes.span.bytes, into: &sink)
      }
      _ = try? Self.decoder(events[..<index]).deliver(event.bytes.span.bytes, into: &before)
    }
  }

  /// A decoder that has read the file's description, at the place of the event behind `events`.
  private static func decoder(_ events: ArraySlice<BinlogFile.Event>) throws -> BinlogDecoder {
    let decoder = BinlogDecoder(
      checksumAsked: .crc32, offset: UInt64(events.last.map { $0.offset + $0.bytes.count } ?? 4))
    guard var first = events.first?.bytes else { return decoder }
    // As a server sends it before events in the middle of a file: with position 0.
    for index in 13..<17 { first[index] = 0 }
    makeRight(&first, nil)
    var sink = Taker()
    _ = try decoder.deliver(first.span.bytes, into: &sink)
    return decoder
  }

  /// Size and checksum as the bytes have them, and where they end if they begin at `offset`.
  static func makeRight(_ bytes: inout [UInt8], _ format: FormatDescription?, at offset: Int? = nil) {
    for index in 0..<4 { bytes[9 + index] = UInt8(truncatingIfNeeded: bytes.count >> (8 * index)) }
    if let offset {
      for index in 0..<4 { bytes[13 + index] = UInt8(truncatingIfNeeded: (offset + bytes.count) >> (8 * index)) }
    }
    guard checksum(bytes, format) == .crc32, bytes.count >= EventHeader.byteCount + 4 else { return }
    let end = bytes.count - 4
    if bytes[4] == EventType.formatDescription.rawValue { bytes[17] &= ~UInt8(EventHeader.Flags.inUse.rawValue) }
    let value = CRC32.of(bytes.span.bytes.extracting(0..<end))
    for index in 0..<4 { bytes[end + index] = UInt8(truncatingIfNeeded: value >> (8 * UInt32(index))) }
  }
}
