// SPDX-License-Identifier: Apache-2.0
//
//   +-----------------------------------------------+
//   |                 Length (24)                   |
//   +---------------+---------------+---------------+
//   |   Type (8)    |   Flags (8)   |                     RFC 9113, section 4.1
//   +-+-------------+---------------+-------------------------------+
//   |R|                 Stream Identifier (31)                      |
//   +-+-------------------------------------------------------------+
//   |                   Frame Payload (0...)                      ...
package import Wire

package struct FrameHeader: Equatable {
  package static let size = 9

  /// Bytes of payload.
  package var length: Int
  package var type: FrameType
  package var flags: UInt8
  package var stream: StreamID

  package init(length: Int, type: FrameType, flags: UInt8, stream: StreamID) {
    self.length = length
    self.type = type
    self.flags = flags
    self.stream = stream
  }

  @_lifetime(reader: copy reader)
  package init(from reader: inout ByteReader) throws(WireError) {
    let word = try reader.bigEndian(UInt32.self)
    length = Int(word >> 8)
    type = FrameType(UInt8(truncatingIfNeeded: word))
    flags = try reader.byte()
    stream = StreamID(try reader.bigEndian())
  }

  package func encode(to writer: inout ByteWriter) {
    writer.append(bigEndian: UInt32(length) << 8 | UInt32(type.rawValue))
    writer.append(flags)
    writer.append(bigEndian: stream.rawValue)
  }

  package func has(_ flag: FrameFlag) -> Bool { flags & flag.rawValue != 0 }
}

package enum FrameType: Hashable, Sendable, CustomStringConvertible {
  case data, headers, priority, resetStream, settings, pushPromise, ping, goAway, windowUpdate, continuation
  /// "Implementations MUST ignore and discard frames of unknown types." (section 4.1)
  case other(UInt8)

  private static let known: [(FrameType, String)] = [
    (.data, "DATA"), (.headers, "HEADERS"), (.priority, "PRIORITY"), (.resetStream, "RST_STREAM"),
    (.settings, "SETTINGS"), (.pushPromise, "PUSH_PROMISE"), (.ping, "PING"), (.goAway, "GOAWAY"),
    (.windowUpdate, "WINDOW_UPDATE"), (.continuation, "CONTINUATION"),
  ]

  package init(_ rawValue: UInt8) {
    self = rawValue < Self.known.count ? Self.known[Int(rawValue)].0 : .other(rawValue)
  }

  package var rawValue: UInt8 {
    switch self {
    case .data: 0
    case .headers: 1
    case .priority: 2
    case .resetStream: 3
    case .settings: 4
    case .pushPromise: 5
    case .ping: 6
    case .goAway: 7
    case .windowUpdate: 8
    case .continuation: 9
    case .other(let value): value
    }
  }

  package var description: String {
    if case .other(let value) = self { return "frame type \(value)" }
    return Self.known[Int(rawValue)].1
  }
}

package enum FrameFlag {
  case endStream, acknowledge, endHeaders, padded, priority

  package var rawValue: UInt8 {
    switch self {
    case .endStream, .acknowledge: 0x1
    case .endHeaders: 0x4
    case .padded: 0x8
    case .priority: 0x20
    }
  }
}
