// SPDX-License-Identifier: Apache-2.0
internal import CZstd

/// Unpacks Zstandard frames (RFC 8878) piece by piece, each step of a size that the caller chooses.
///
///     while !step.isEnd {
///       step = try stream.unpack(packed.extracting(offset...), room: 64 << 10, into: plain)
///       offset += step.taken
///     }
///
/// Beside the output it holds one window; a frame that asks for a larger one than `windowBytesMax` is refused.
@safe
public final class ZstdStream {
  private let context: OpaquePointer

  /// `windowBytesMax` is a power of two. 128 MiB is what level 22 of the reference implementation needs.
  public init(windowBytesMax: Int = 128 << 20) throws(CompressionError) {
    guard let context = unsafe ZSTD_createDCtx() else { throw CompressionError("zstd", .noMemory) }
    unsafe self.context = context
    _ = unsafe ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Int32(windowBytesMax.trailingZeroBitCount))
  }

  deinit { _ = unsafe ZSTD_freeDCtx(context) }

  /// Forgets a frame that is not finished: the next step begins another one.
  public func reset() { _ = unsafe ZSTD_DCtx_reset(context, ZSTD_reset_session_only) }

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

  func unpack(_ input: RawSpan, into free: UnsafeMutableRawBufferPointer) throws(CompressionError) -> UnpackStep {
    var from = unsafe ZSTD_inBuffer()
    var to = unsafe ZSTD_outBuffer(dst: free.baseAddress, size: free.count, pos: 0)
    let status = unsafe input.withUnsafeBytes { bytes in
      unsafe from = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
      return unsafe ZSTD_decompressStream(context, &to, &from)
    }
    if ZSTD_isError(status) != 0 {
      reset()
      throw CompressionError("zstd", .corrupt(unsafe String(cString: ZSTD_getErrorName(status))))
    }
    return unsafe UnpackStep(taken: from.pos, given: to.pos, isEnd: status == 0)
  }
}
