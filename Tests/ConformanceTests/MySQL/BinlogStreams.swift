// SPDX-License-Identifier: Apache-2.0
import MySQL
import Support
import Wire

/// The events that replicas were sent in a recorded conversation.
///
/// An event is the rest of an OK packet: a byte 0 before it. Payloads of 2²⁴−1 bytes go on in the next packet.
struct BinlogStreams {
  /// One for each connection that asked for the log.
  let streams: [[[UInt8]]]

  /// COM_BINLOG_DUMP and COM_BINLOG_DUMP_GTID.
  private static let dumps: Set<UInt8> = [0x12, 0x1E]

  init(_ capture: Capture) throws {
    var streams: [[[UInt8]]] = []
    for connection in capture.connections {
      var isDumping = false
      var bytes: [UInt8] = []
      for turn in connection.turns {
        switch turn.direction {
        case .fromClient: isDumping = isDumping || (turn.bytes.count > 4 && Self.dumps.contains(turn.bytes[4]))
        case .fromServer: if isDumping { bytes += turn.bytes }
        }
      }
      if isDumping { streams.append(try Self.events(bytes)) }
    }
    self.streams = streams
  }

  private static func events(_ bytes: [UInt8]) throws -> [[UInt8]] {
    var reader = ByteReader(bytes.span.bytes)
    var events: [[UInt8]] = []
    while !reader.isAtEnd {
      var payload: [UInt8] = []
      var length: Int
      repeat {
        length = Int(try reader.littleEndian(UInt16.self)) | Int(try reader.byte()) << 16
        try reader.skip(1)
        payload += try reader.bytes(length).array
      } while length == 0xFF_FFFF
      // ERR and EOF end a stream.
      guard payload.first == 0 else { break }
      events.append(Array(payload.dropFirst()))
    }
    return events
  }
}
