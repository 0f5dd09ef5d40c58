// SPDX-License-Identifier: Apache-2.0

/// One direction of a TCP connection, put together by sequence number (RFC 9293, 3.10.7.4): retransmissions are
/// dropped, overlaps cut, segments that come early kept until the gap before them is closed.
struct StreamAssembly {
  /// The sequence number of the next byte that can be delivered; nil before the first segment.
  private var next: UInt32?
  private var early: [(sequence: UInt32, payload: [UInt8])] = []
  private(set) var isFinished = false
  private var finish: UInt32?

  /// Bytes waiting for a gap to be closed.
  var earlyBytes: Int { early.reduce(0) { $0 + $1.payload.count } }

  init() {}

  /// The sender's initial sequence number: its first byte of data has the one after it.
  mutating func begin(synchronizing sequence: UInt32) {
    if next == nil { next = sequence &+ 1 }
  }

  /// Takes a segment; answers the bytes that can be delivered now, in order.
  mutating func add(sequence: UInt32, payload: [UInt8], isFin: Bool) -> [UInt8] {
    if isFin { finish = sequence &+ UInt32(payload.count) }
    if next == nil { next = sequence }
    if !payload.isEmpty { early.append((sequence, payload)) }
    var delivered: [UInt8] = []
    while let piece = takeNext() { delivered += piece }
    isFinished = finish != nil && finish == next
    return delivered
  }

  /// Takes a waiting segment that continues the stream, without the part that was delivered before.
  private mutating func takeNext() -> ArraySlice<UInt8>? {
    guard let next else { return nil }
    for index in early.indices {
      let (sequence, payload) = early[index]
      // The numbers wrap at 2^32: distance is signed.
      let behind = Int(Int32(bitPattern: next &- sequence))
      guard behind >= 0 else { continue }
      early.remove(at: index)
      let fresh = payload.dropFirst(behind)
      self.next = next &+ UInt32(fresh.count)
      return fresh
    }
    return nil
  }
}
