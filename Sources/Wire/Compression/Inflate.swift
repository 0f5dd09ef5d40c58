// SPDX-License-Identifier: Apache-2.0
internal import CZlib

/// Unpacks zlib streams (RFC 1950), one after the other.
@safe
public final class Inflate {
  // zlib keeps a pointer to it: it must not move.
  private let stream: UnsafeMutablePointer<z_stream>

  public init() throws(CompressionError) {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    if unsafe sync_inflateInit(stream) != Z_OK {
      unsafe stream.deallocate()
      throw CompressionError("zlib", .noMemory)
    }
  }

  deinit {
    _ = unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// Forgets a stream that is not finished: the next step begins another one.
  public func reset() { _ = unsafe inflateReset(stream) }

  /// Appends what one stream holds, which must be `count` bytes. The caller holds `count` within its limits.
  public static func unpack(_ packed: RawSpan, count: Int, into output: ReceiveBuffer) throws(CompressionError) {
    try Inflate().unpackWhole(packed, count: count, into: output)
  }

  /// As `unpack(_:count:into:)`, with a state that is used again.
  public func unpackWhole(_ packed: RawSpan, count: Int, into output: ReceiveBuffer) throws(CompressionError) {
    reset()
    try UnpackStep.whole(packed, count: count, "zlib") { (rest, room) throws(CompressionError) in
      try unpack(rest, room: room, into: output)
    }
  }

  /// Takes what it can of `input` and appends at most `room` bytes to `output`. A step that neither takes nor gives
  /// anything needs more input.
  public func unpack(_ input: RawSpan, room: Int, into output: ReceiveBuffer) throws(CompressionError) -> UnpackStep {
    var step = UnpackStep(taken: 0, given: 0, isEnd: false)
    step.given = try unsafe output.fill(room: room) {
      (free: UnsafeMutableRawBufferPointer) throws(CompressionError) -> Int in
      let part = try unsafe unpack(input, into: UnsafeMutableRawBufferPointer(rebasing: free.prefix(room)))
      step = part
      return part.given
    }
    return step
  }

  private func unpack(
    _ input: RawSpan, into free: UnsafeMutableRawBufferPointer
  ) throws(CompressionError) -> UnpackStep {
    let inputCount = min(input.byteCount, Int(UInt32.max))
    let status = unsafe input.withUnsafeBytes { bytes in
      let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
      unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: start)
      unsafe stream.pointee.avail_in = UInt32(inputCount)
      unsafe stream.pointee.next_out = free.baseAddress?.assumingMemoryBound(to: UInt8.self)
      unsafe stream.pointee.avail_out = UInt32(min(free.count, Int(UInt32.max)))
      return unsafe inflate(stream, Z_NO_FLUSH)
    }
    let taken = unsafe inputCount - Int(stream.pointee.avail_in)
    let given = unsafe free.count - Int(stream.pointee.avail_out)
    switch status {
    case Z_OK, Z_BUF_ERROR: return UnpackStep(taken: taken, given: given, isEnd: false)
    case Z_STREAM_END: return UnpackStep(taken: taken, given: given, isEnd: true)
    case Z_MEM_ERROR: throw CompressionError("zlib", .noMemory)
    case Z_NEED_DICT: throw CompressionError("zlib", .corrupt("needs a dictionary"))
    default:
      let words = unsafe stream.pointee.msg.map { unsafe String(cString: $0) }
      throw CompressionError("zlib", .corrupt(words ?? "zlib error \(status)"))
    }
  }
}
