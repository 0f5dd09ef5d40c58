// SPDX-License-Identifier: Apache-2.0

/// Where in a log a stream of events is, in 64 bits.
///
/// An event's header has the low 32 bits of its end, and MariaDB 11.8 leaves them out inside of transactions: the sizes
/// are summed up from the position that a rotate event names, and corrected by what headers say: a server that looks
/// for a GTID skips events without saying so.
struct LogPosition: Equatable {
  var file = ""
  /// Where the next event begins.
  var offset: UInt64 = 4

  /// Gives `header` its position and moves behind it. Events that are none of the file stay where the stream is.
  mutating func take(_ header: inout EventHeader) {
    header.position = offset
    header.endPosition = offset
    let isOfFile =
      switch header.type {
      case .heartbeat, .heartbeatV2: false
      // The server sends it ahead of a position in the middle of the file, with position 0.
      case .formatDescription: header.logPosition != 0 && !header.flags.contains(.artificial)
      default: !header.flags.contains(.artificial)
      }
    guard isOfFile else { return }
    let size = UInt64(header.size)
    let end = header.logPosition == 0 ? offset + size : Self.extend(header.logPosition, notBelow: offset + size)
    header.position = end - size
    header.endPosition = end
    offset = end
  }

  mutating func rotate(to file: String, offset: UInt64) {
    self.file = file
    self.offset = offset
  }

  /// What a heartbeat says: the sender is at `position`, in 32 or 64 bits.
  mutating func skip(to position: UInt64, isLong: Bool) {
    if isLong {
      offset = max(offset, position)
    } else if position != 0 {
      offset = Self.extend(UInt32(truncatingIfNeeded: position), notBelow: offset)
    }
  }

  /// The lowest position that is not below `floor` and has these 32 bits.
  private static func extend(_ low: UInt32, notBelow floor: UInt64) -> UInt64 {
    let candidate = floor & ~0xFFFF_FFFF | UInt64(low)
    return candidate >= floor ? candidate : candidate &+ 1 << 32
  }
}
