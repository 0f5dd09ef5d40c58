// SPDX-License-Identifier: Apache-2.0
import Glibc
import Support
import Testing

@testable import Wire

/// Bytes that are sent from where they lie.
@Suite struct SendBufferTests {
  private final class Owner {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func lend(_ range: Range<Int>, to buffer: SendBuffer) {
      let bytes = self.bytes
      unsafe buffer.lend(bytes.span.bytes.extracting(range), of: self)
    }
  }

  /// What the link would send of it at once.
  private func gather(_ buffer: SendBuffer, pieces: Int) -> [UInt8] {
    unsafe withUnsafeTemporaryAllocation(of: iovec.self, capacity: pieces) { list in
      let used = unsafe buffer.list(into: list)
      return unsafe list.prefix(used).flatMap {
        unsafe Array(UnsafeRawBufferPointer(start: $0.iov_base, count: $0.iov_len))
      }
    }
  }

  @Test(arguments: 0..<40) func keepsTheOrder(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    let owner = Owner((0..<300_000).map { UInt8(truncatingIfNeeded: $0 / 3) })
    let buffer = SendBuffer()
    buffer.gathers = true
    var said: [UInt8] = []
    var sent: [UInt8] = []
    for _ in 0..<200 {
      switch Int.random(in: 0..<4, using: &random) {
      case 0:
        let bytes = [UInt8](
          repeating: UInt8.random(in: 0...255, using: &random), count: Int.random(in: 0..<9_000, using: &random))
        buffer.writer.append(bytes)
        said += bytes
      case 1, 2:
        let start = Int.random(in: 0..<owner.bytes.count, using: &random)
        let range = start..<min(owner.bytes.count, start + Int.random(in: 0..<30_000, using: &random))
        owner.lend(range, to: buffer)
        said += owner.bytes[range]
      default:
        let bytes =
          Bool.random(using: &random)
          ? buffer.withUnsent { $0.array } : gather(buffer, pieces: Int.random(in: 1..<12, using: &random))
        let taken = Bool.random(using: &random) ? bytes.count : Int.random(in: 0...bytes.count, using: &random)
        sent += bytes.prefix(taken)
        buffer.sent(taken)
      }
      #expect(buffer.count == said.count - sent.count && buffer.isEmpty == (buffer.count == 0))
    }
    while !buffer.isEmpty {
      let bytes = gather(buffer, pieces: 3)
      sent += bytes
      buffer.sent(bytes.count)
    }
    #expect(sent == said)
  }

  /// Whoever lends may write there again once nothing here refers to it.
  @Test func givesBackWhatIsSent() {
    let buffer = SendBuffer()
    buffer.gathers = true
    var owner: Owner? = Owner([UInt8](repeating: 7, count: 5_000))
    weak let lent = owner
    buffer.writer.append([1, 2, 3])
    owner?.lend(0..<5_000, to: buffer)
    buffer.writer.append([4])
    owner = nil
    buffer.sent(5_002)
    #expect(lent != nil && buffer.withUnsent { $0.array } == [7])
    buffer.sent(1)
    #expect(lent == nil && buffer.withUnsent { $0.array } == [4])
  }

  @Test func copiesWhatCannotBeGathered() {
    let buffer = SendBuffer()
    var owner: Owner? = Owner([UInt8](repeating: 7, count: 5_000))
    weak let lent = owner
    owner?.lend(0..<5_000, to: buffer)
    owner = nil
    #expect(lent == nil && buffer.count == 5_000)
  }

  /// Through a socket that takes less than there is, more pieces than one call gathers.
  @Test func goesThroughALink() throws {
    let pair = try LoopbackPair()
    let owner = Owner((0..<8_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 5) })
    var said: [UInt8] = []
    var start = 0
    while start < owner.bytes.count {
      let range = start..<min(owner.bytes.count, start + 10_007)
      pair.client.output.writer.append([1, 2, 3])
      owner.lend(range, to: pair.client.output)
      said += [1, 2, 3] + owner.bytes[range]
      start = range.upperBound
    }
    pair.server.inputHighWater = 1 << 30
    #expect(pair.wait { pair.server.input.count == said.count })
    let input = pair.server.input
    let heard = input.unread.array
    #expect(heard == said && pair.client.output.isEmpty)
  }
}
