// SPDX-License-Identifier: Apache-2.0
import MySQL
import Wire

/// Events as a server would write them.
struct LogBuilder {
  var checksum: ChecksumAlgorithm = .crc32
  var isMariaDB = false
  /// Of rows events of version 1; 6 before MySQL 5.1.4.
  var rowsHeaderLength: UInt8 = 8

  var format: FormatDescription {
    // As MySQL 9.7 and MariaDB 10.11 say them, as far as they differ from our defaults.
    var lengths = [UInt8](repeating: 0, count: isMariaDB ? 171 : 42)
    for (type, length) in [(2, 13), (4, 8), (15, 98), (18, 26), (19, 8), (26, 2)] {
      lengths[type - 1] = UInt8(length)
    }
    for type in 23...25 { lengths[type - 1] = rowsHeaderLength }
    for type in [30, 31, 32, 39] { lengths[type - 1] = 10 }
    if isMariaDB {
      for type in [165: 13, 166: 8, 167: 8, 168: 8, 169: 10, 170: 10, 171: 10] {
        lengths[type.key - 1] = UInt8(type.value)
      }
    }
    return FormatDescription(
      serverVersion: isMariaDB ? "10.11.18-MariaDB-log" : "9.7.4", postHeaderLengths: lengths, checksum: checksum)
  }

  /// `end`: what the header says, 0 for nothing.
  func event(
    _ type: EventType, _ body: [UInt8], end: UInt32 = 0, flags: EventHeader.Flags = [], server: UInt32 = 1
  ) -> [UInt8] {
    var writer = ByteWriter()
    let header = EventHeader(type: type, serverID: server, logPosition: end, flags: flags)
    BinlogEvent.other(OtherEvent(type: type, body: body.span.bytes)).encode(
      header: header, checksum: checksum, to: &writer)
    return writer.bytes.array
  }

  func formatEvent(end: UInt32 = 0) -> [UInt8] {
    var writer = ByteWriter()
    let header = EventHeader(type: .formatDescription, logPosition: end)
    BinlogEvent.formatDescription(format).encode(header: header, checksum: checksum, to: &writer)
    return writer.bytes.array
  }

  func rotate(_ file: String, _ position: UInt64, flags: EventHeader.Flags = .artificial) -> [UInt8] {
    var writer = ByteWriter()
    RotateEvent(position: position, file: Array(file.utf8).span.bytes).encode(to: &writer)
    return event(.rotate, writer.bytes.array, flags: flags)
  }

  func xid(_ number: UInt64, end: UInt32 = 0) -> [UInt8] {
    var writer = ByteWriter()
    XIDEvent(xid: number).encode(to: &writer)
    return event(.xid, writer.bytes.array, end: end)
  }
}

/// Remembers what came, one line each.
struct LineSink: BinlogEventSink {
  var lines: [String] = []
  /// Answers, first one first; then `.more`.
  var answers: [BinlogFlow] = []
  struct Full: Error {}
  var limit = Int.max

  mutating func receive(_ event: borrowing BinlogEvent, _ header: EventHeader) throws(Full) -> BinlogFlow {
    guard lines.count < limit else { throw Full() }
    let answer = answers.isEmpty ? .more : answers.removeFirst()
    if answer == .again { return .again }
    var text = "\(header.type) \(header.position)-\(header.endPosition)"
    switch event {
    case .xid(let event): text += " \(event.xid)"
    case .query(let event): text += " \(String(decoding: event.statement))"
    case .rows(let event): text += " \(event.rows.byteCount)"
    default: break
    }
    lines.append(text + (header.isInPayload ? " in payload" : ""))
    return answer
  }
}
