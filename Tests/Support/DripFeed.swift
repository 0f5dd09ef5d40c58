// SPDX-License-Identifier: Apache-2.0
public import Wire

/// In which pieces a machine is given its input. As an argument of a test it names itself, seed included, where the
/// test fails: `@Test(arguments: DripFeed.all)`.
public enum DripFeed: Sendable, Hashable, CustomStringConvertible {
  case whole
  case byteByByte
  case pieces(seed: UInt64)

  /// Whole, byte by byte, two fixed seeds, and one that differs from run to run.
  public static let all: [DripFeed] = [
    .whole, .byteByByte, .pieces(seed: 1), .pieces(seed: 2), .pieces(seed: SeededGenerator.ofThisRun),
  ]

  public var description: String {
    switch self {
    case .whole: "whole"
    case .byteByByte: "byte by byte"
    case .pieces(let seed): "pieces with SYNC_TEST_SEED=\(seed)"
    }
  }

  /// `bytes` cut up; the pieces joined are `bytes` again, and none is empty.
  public func pieces(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    switch self {
    case .whole: return bytes.isEmpty ? [] : [bytes[...]]
    case .byteByByte: return bytes.indices.map { bytes[$0...$0] }
    case .pieces(let seed):
      var generator = SeededGenerator(seed: seed)
      var pieces: [ArraySlice<UInt8>] = []
      var start = 0
      while start < bytes.count {
        // Mostly a few bytes, so that headers are cut, and now and then many, so that messages share a piece.
        let longest = [3, 16, 200, 5000].randomElement(using: &generator)!
        let end = min(bytes.count, start + Int.random(in: 1...longest, using: &generator))
        pieces.append(bytes[start..<end])
        start = end
      }
      return pieces
    }
  }

  /// Appends the pieces of `bytes` to `buffer`, one at a time, and lets `drain` take what it can after each.
  public func feed<E: Error>(
    _ bytes: [UInt8], into buffer: ReceiveBuffer, _ drain: () throws(E) -> Void
  ) throws(E) {
    for piece in pieces(of: bytes) {
      buffer.append(piece.span.bytes)
      try drain()
    }
  }
}
