// SPDX-License-Identifier: Apache-2.0
//
//   +-------------------------------+
//   |       Identifier (16)         |
//   +-------------------------------+-------------------------------+   RFC 9113, section 6.5,
//   |                        Value (32)                             |   any number of these
//   +---------------------------------------------------------------+
package import Wire

package enum HTTP2Setting: Hashable, CustomStringConvertible {
  case headerTableSize, enablePush, maxConcurrentStreams, initialWindowSize, maxFrameSize, maxHeaderListSize
  /// "An endpoint that receives a SETTINGS frame with any unknown or unsupported identifier MUST ignore that setting."
  case other(UInt16)

  private static let known: [(HTTP2Setting, String)] = [
    (.headerTableSize, "HEADER_TABLE_SIZE"), (.enablePush, "ENABLE_PUSH"),
    (.maxConcurrentStreams, "MAX_CONCURRENT_STREAMS"), (.initialWindowSize, "INITIAL_WINDOW_SIZE"),
    (.maxFrameSize, "MAX_FRAME_SIZE"), (.maxHeaderListSize, "MAX_HEADER_LIST_SIZE"),
  ]

  package init(_ rawValue: UInt16) {
    self = (1...UInt16(Self.known.count)).contains(rawValue) ? Self.known[Int(rawValue) - 1].0 : .other(rawValue)
  }

  package var rawValue: UInt16 {
    if case .other(let value) = self { return value }
    return UInt16(Self.known.firstIndex { $0.0 == self } ?? 0) + 1
  }

  package var description: String {
    if case .other(let value) = self { return "setting \(value)" }
    return Self.known[Int(rawValue) - 1].1
  }
}

package struct SettingsFrame: Equatable {
  package struct Entry: Equatable {
    package var setting: HTTP2Setting
    package var value: UInt32

    package init(_ setting: HTTP2Setting, _ value: UInt32) {
      self.setting = setting
      self.value = value
    }
  }

  package var isAcknowledgement: Bool
  /// In the order sent: "The values in the SETTINGS frame MUST be processed in the order they appear" (section 6.5.3).
  package var entries: [Entry]

  package init(isAcknowledgement: Bool = false, entries: [Entry] = []) {
    self.isAcknowledgement = isAcknowledgement
    self.entries = entries
  }

  package init(header: FrameHeader, payload: RawSpan) throws(WireError) {
    guard header.stream == .connection else {
      throw WireError(.badValue("not on stream 0"), offset: 0, context: "SETTINGS")
    }
    let acknowledges = header.has(.acknowledge)
    guard payload.byteCount % 6 == 0, !acknowledges || payload.byteCount == 0 else {
      throw WireError(.badLength(payload.byteCount), offset: 0, context: "SETTINGS")
    }
    var reader = ByteReader(payload)
    var entries: [Entry] = []
    while !reader.isAtEnd {
      entries.append(Entry(HTTP2Setting(try reader.bigEndian()), try reader.bigEndian()))
    }
    self.init(isAcknowledgement: acknowledges, entries: entries)
  }

  package func encode(to writer: inout ByteWriter) {
    let flags = isAcknowledgement ? FrameFlag.acknowledge.rawValue : 0
    FrameHeader(length: entries.count * 6, type: .settings, flags: flags, stream: .connection).encode(to: &writer)
    for entry in entries {
      writer.append(bigEndian: entry.setting.rawValue)
      writer.append(bigEndian: entry.value)
    }
  }
}
