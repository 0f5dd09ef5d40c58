// SPDX-License-Identifier: Apache-2.0
import MySQL
import Testing
import Wire

@Suite struct BinlogDecoderTests {
  private func deliver(_ events: [[UInt8]], to decoder: BinlogDecoder) throws -> [String] {
    var sink = LineSink()
    for event in events { #expect(try decoder.deliver(event.span.bytes, into: &sink) == .more) }
    return sink.lines
  }

  private func failure(_ event: [UInt8], _ decoder: BinlogDecoder) -> BinlogError? {
    var sink = LineSink()
    do {
      _ = try decoder.deliver(event.span.bytes, into: &sink)
      return nil
    } catch {
      if case .log(let error) = error { return error }
      return nil
    }
  }

  /// The header has 32 bits; the rotate event's position has 64.
  @Test func positionsBeyondFourGiB() throws {
    let builder = LogBuilder()
    let decoder = BinlogDecoder()
    let start: UInt64 = 3 << 32 - 20
    let lines = try deliver(
      [
        builder.rotate("binlog.1000000", start), builder.formatEvent(), builder.xid(1),
        builder.xid(2, end: UInt32(truncatingIfNeeded: start + 62)), builder.xid(3),
      ], to: decoder)
    #expect(
      lines[2...] == [
        "Xid \(start)-\(start + 31) 1", "Xid \(start + 31)-\(start + 62) 2", "Xid \(start + 62)-\(start + 93) 3",
      ])
    #expect(decoder.position == BinlogFilePosition(file: "binlog.1000000", offset: start + 93))
  }

  /// A server that looks for a GTID passes over events without sending them; the header says where we are then.
  @Test func skippedEventsMoveThePosition() throws {
    let builder = LogBuilder()
    let decoder = BinlogDecoder()
    let size = UInt32(builder.formatEvent().count)
    let lines = try deliver(
      [
        builder.rotate("b.000001", 4), builder.formatEvent(end: 4 + size), builder.xid(1, end: 5031),
        builder.event(.heartbeat, Array("b.000001".utf8), end: 9000), builder.xid(2),
      ], to: decoder)
    #expect(lines[1] == "Format_desc 4-\(4 + size)")
    #expect(lines[2...] == ["Xid 5000-5031 1", "Heartbeat 5031-5031", "Xid 9000-9031 2"])
  }

  @Test func heartbeatsSayLongPositions() throws {
    let decoder = BinlogDecoder(offset: 100)
    var body = ByteWriter()
    body.append([1, 8] + Array("b.000001".utf8) + [2, 9, 254])
    body.append(littleEndian: UInt64(5) << 32)
    body.append(0 as UInt8)
    let builder = LogBuilder(checksum: .none)
    _ = try deliver([builder.formatEvent(), builder.event(.heartbeatV2, body.bytes.array)], to: decoder)
    #expect(decoder.position.offset == 5 << 32)
    let maria = LogBuilder(isMariaDB: true)
    let other = BinlogDecoder(offset: 100)
    _ = try deliver(
      [maria.formatEvent(), maria.event(.heartbeat, [0, 0, 0, 0, 7, 0, 0, 0] + Array("b.1".utf8))], to: other)
    #expect(other.position.offset == 7 << 32)
  }

  /// "Rotate" ends a file; the artificial one that follows says the same again.
  @Test func rotation() throws {
    let builder = LogBuilder()
    let decoder = BinlogDecoder()
    _ = try deliver(
      [builder.rotate("b.000001", 4), builder.formatEvent(), builder.xid(1), builder.rotate("b.000002", 4, flags: [])],
      to: decoder)
    #expect(decoder.position == BinlogFilePosition(file: "b.000002", offset: 4))
    _ = try deliver([builder.rotate("b.000002", 4), builder.formatEvent(), builder.xid(2)], to: decoder)
    #expect(decoder.position.offset == 35)
  }

  /// Ahead of a place in the middle of an encrypted file MariaDB says that it is encrypted: at no position. The event
  /// behind it is not 4 GiB further for that.
  @Test func encryptionIsSaidAtNoPlace() throws {
    let builder = LogBuilder(isMariaDB: true)
    let decoder = BinlogDecoder()
    let encryption = builder.event(.startEncryption, [UInt8](repeating: 1, count: 17))
    let size = UInt32(builder.xid(1).count)
    _ = try deliver(
      [builder.rotate("b.000001", 1200), builder.formatEvent(), encryption, builder.xid(1, end: 1200 + size)],
      to: decoder)
    #expect(decoder.position.offset == UInt64(1200 + size))
  }

  /// A server may say any position; no arithmetic with it ends the process.
  @Test func positionsAtTheEndOfTheNumbers() throws {
    for (position, end) in [(UInt64.max, 0), (.max, 1), (.max - 30, UInt32.max)] {
      let builder = LogBuilder()
      let decoder = BinlogDecoder()
      let events = [builder.rotate("b.000001", position), builder.formatEvent(), builder.xid(1, end: end)]
      #expect(try deliver(events, to: decoder).count == 3)
    }
  }

  /// The first rotate event has a checksum only if the replica asked for one; all others as the description says.
  @Test(arguments: [ChecksumAlgorithm.none, .crc32], [ChecksumAlgorithm.none, .crc32])
  func checksumIsWhatTheDescriptionSays(_ first: ChecksumAlgorithm, _ rest: ChecksumAlgorithm) throws {
    for asked in [nil, first] {
      let decoder = BinlogDecoder(checksumAsked: asked)
      let builder = LogBuilder(checksum: rest)
      _ = try deliver(
        [LogBuilder(checksum: first).rotate("binlog.000001", 4), builder.formatEvent(), builder.xid(1)], to: decoder)
      #expect(decoder.position.file == "binlog.000001")
      #expect(decoder.format?.checksum == rest)
      var broken = builder.xid(2)
      broken[20] ^= 1
      let error = failure(broken, decoder)
      #expect((error == nil) == (rest == .none))
      if let error { #expect("\(error)".contains("Xid at 35: checksum")) }
    }
  }

  @Test func refusedByName() throws {
    let builder = LogBuilder(isMariaDB: true)
    let decoder = BinlogDecoder()
    #expect(failure(builder.xid(1), decoder)?.reason == .beforeFormatDescription)
    _ = try deliver([builder.rotate("b.000001", 4), builder.formatEvent()], to: decoder)
    // Rows before MySQL 5.1, a piece of a rows event of MariaDB 12, and what nobody knows.
    for (type, name) in [(20, "Write_rows_event_old"), (172, "Partial_row_data"), (200, "event 200"), (1, "Start_v3")] {
      let type = EventType(rawValue: UInt8(type))
      let error = try #require(failure(builder.event(type, [1, 2, 3]), decoder))
      #expect(error.reason == .unsupported)
      #expect("\(error)" == "binary log: \(name) at 4: this kind of event is not supported")
    }
    #expect(failure(builder.event(.partialRowData, [1], flags: .ignorable), decoder)?.reason == .unsupported)
    let kept = [builder.event(EventType(rawValue: 200), [], flags: .ignorable), builder.event(.viewChange, [1])]
    #expect(try deliver(kept, to: decoder) == ["event 200 4-27", "View_change 27-51"])
  }

  /// Events are laid out as the file's description says: before MySQL 5.1.4 a table's number had four bytes.
  @Test func layoutIsWhatTheDescriptionSays() throws {
    var builder = LogBuilder()
    // Number, flags, one column that is present, a row of two bytes.
    let short = builder.event(.writeRowsV1, [7, 0, 0, 0, 1, 0, 1, 1, 0, 9])
    let usual = builder.event(.writeRowsV1, [7, 0, 0, 0, 0, 0, 1, 0, 1, 1, 0, 9])
    for (length, event) in [(6, short), (8, usual), (6, short)] as [(UInt8, [UInt8])] {
      builder.rowsHeaderLength = length
      let decoder = BinlogDecoder()
      let lines = try deliver([builder.rotate("b.000001", 4), builder.formatEvent(), event], to: decoder)
      #expect(lines.last?.split(separator: " ").last == "2")
    }
  }

  /// MariaDB's packed statement: what it holds, and lies about its size.
  @Test func packedStatements() throws {
    let builder = LogBuilder(isMariaDB: true)
    let decoder = BinlogDecoder(maximumEventSize: 1 << 20)
    _ = try deliver([builder.rotate("b.000001", 4), builder.formatEvent()], to: decoder)
    // zlib.compress(b"create table packed")
    let zlib: [UInt8] = [
      0x78, 0x9C, 0x4B, 0x2E, 0x4A, 0x4D, 0x2C, 0x49, 0x55, 0x28, 0x49, 0x4C, 0xCA, 0x49, 0x55, 0x28, 0x48, 0x4C, 0xCE,
      0x4E, 0x4D, 0x01, 0x00, 0x47, 0xEA, 0x07, 0x25,
    ]
    let front = [UInt8](repeating: 0, count: 13) + [0]
    let whole = builder.event(.queryCompressed, front + [0x81, 19] + zlib)
    #expect(try deliver([whole], to: decoder).map { $0.contains("create table packed") } == [true])
    for size in [18, 20, 255] as [UInt8] {
      let error = failure(builder.event(.queryCompressed, front + [0x81, size] + zlib), decoder)
      guard case .packed? = error?.reason else {
        Issue.record("\(size): \(String(describing: error))")
        continue
      }
    }
    let huge = failure(builder.event(.queryCompressed, front + [0x84, 0xFF, 0xFF, 0xFF, 0xFF] + zlib), decoder)
    #expect(huge?.reason == .tooLarge(0xFFFF_FFFF, limit: 1 << 20))
    #expect(failure(builder.event(.queryCompressed, front + [0x91, 19] + zlib), decoder) != nil)
    #expect(failure(builder.event(.queryCompressed, front), decoder) != nil)
  }
}
