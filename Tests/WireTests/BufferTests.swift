// SPDX-License-Identifier: Apache-2.0
import Testing
import Wire

@Suite struct BufferTests {
  @Test func receiveBufferKeepsOrderThroughMovesAndGrowth() {
    let buffer = ReceiveBuffer(capacity: 64)
    var next: UInt8 = 0
    var expected: UInt8 = 0
    for round in 0..<500 {
      let piece = (0..<(round % 97)).map { _ -> UInt8 in
        defer { next &+= 1 }
        return next
      }
      buffer.append(piece.span.bytes)
      let consumed = buffer.count * (round % 3) / 2
      let wanted = (0..<consumed).map { UInt8(truncatingIfNeeded: Int(expected) + $0) }
      #expect(Array(bytes(buffer).prefix(consumed)) == wanted)
      expected &+= UInt8(truncatingIfNeeded: consumed)
      buffer.consume(consumed)
    }
    #expect(buffer.consumedTotal + buffer.count == (0..<500).reduce(0) { $0 + $1 % 97 })
  }

  @Test func sendBufferKeepsOrderWhenItMoves() {
    let buffer = SendBuffer()
    let bytes = (0..<400_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
    var sent: [UInt8] = []
    var at = 0
    while sent.count < bytes.count {
      let more = min(9_000, bytes.count - at)
      buffer.writer.append(Array(bytes[at..<(at + more)]))
      at += more
      let part = at == bytes.count ? buffer.count : min(buffer.count, 8_500)
      sent += buffer.withUnsent { Array($0.array.prefix(part)) }
      buffer.sent(part)
    }
    #expect(sent == bytes)
    #expect(buffer.isEmpty)
  }
}
