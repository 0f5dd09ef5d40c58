// SPDX-License-Identifier: Apache-2.0

// Where in a log a stream of events is, in 64 bits. An event's header has the low 32 bits of its end, and MariaDB 11.8
// leaves them out inside of transactions: the sizes are summed up from the position that a rotate event names, and
// corrected by what headers say: a server that looks for a GTID skips events without saying so.

extension EventHeader {
  /// Notes where the event lies, of which the stream stands at `offset`; behind it the stream stands at its end. Events
  /// that are none of the file stay where the stream is.
  @inline(__always)
  mutating func place(at offset: UInt64) {
    position = offset
    endPosition = offset
    let isOfFile =
      switch type {
      case .heartbeat, .heartbeatV2: false
      // The server sends them ahead of a position in the middle of the file, with position 0.
      case .formatDescription, .startEncryption: logPosition != 0 && !flags.contains(.artificial)
      default: !flags.contains(.artificial)
      }
    guard isOfFile else { return }
    // A server may have said any position.
    let floor = offset &+ UInt64(size)
    endPosition = logPosition == 0 ? floor : extend(logPosition, notBelow: floor)
    position = endPosition &- UInt64(size)
  }
}

extension HeartbeatEvent {
  /// Where the stream is that was at `offset`: the sender is at a position that it says in 32 or 64 bits.
  func offset(after offset: UInt64, _ header: EventHeader) -> UInt64 {
    if let position { return max(offset, position) }
    return header.logPosition == 0 ? offset : extend(header.logPosition, notBelow: offset)
  }
}

/// The lowest position that is not below `floor` and has these 32 bits.
private func extend(_ low: UInt32, notBelow floor: UInt64) -> UInt64 {
  let candidate = floor & ~0xFFFF_FFFF | UInt64(low)
  return candidate >= floor ? candidate : candidate &+ 1 << 32
}
