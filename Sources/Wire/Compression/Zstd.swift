// SPDX-License-Identifier: Apache-2.0

/// Zstandard (RFC 8878) for packed bytes that are all there.
public enum Zstd {
  /// Appends what one frame holds, which must be `count` bytes. The caller holds `count` within its limits.
  public static func unpack(_ packed: RawSpan, count: Int, into output: ReceiveBuffer) throws(CompressionError) {
    try ZstdStream().unpackWhole(packed, count: count, into: output)
  }
}

extension ZstdStream {
  /// As `Zstd.unpack`, with a context that is used again.
  public func unpackWhole(_ packed: RawSpan, count: Int, into output: ReceiveBuffer) throws(CompressionError) {
    reset()
    try UnpackStep.whole(packed, count: count, "zstd") { (rest, room) throws(CompressionError) in
      try unpack(rest, room: room, into: output)
    }
  }
}

extension UnpackStep {
  /// Memory grows with what is really unpacked, not with what `count` claims.
  private static let roomMax = 256 << 10

  static func whole(
    _ packed: RawSpan, count: Int, _ format: StaticString,
    _ next: (RawSpan, _ room: Int) throws(CompressionError) -> UnpackStep
  ) throws(CompressionError) {
    var taken = 0
    var given = 0
    while true {
      // One byte more than is expected, so that too much is noticed.
      let step = try next(packed.extracting(taken..<packed.byteCount), min(roomMax, count - given + 1))
      taken += step.taken
      given += step.given
      if given > count { throw CompressionError(format, .wrongCount(expected: count)) }
      if step.isEnd { break }
      if step.taken == 0, step.given == 0 { throw CompressionError(format, .truncated) }
    }
    if given != count || taken != packed.byteCount { throw CompressionError(format, .wrongCount(expected: count)) }
  }
}
