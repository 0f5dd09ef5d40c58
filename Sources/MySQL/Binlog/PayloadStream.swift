// SPDX-License-Identifier: Apache-2.0
internal import Wire

/// The events inside of one transaction payload, one at a time: it holds the packed stream's state, so that it can stop
/// between two events, and the bytes of one inner event (and what a step unpacks beyond it).
final class PayloadStream {
  private let stream: ZstdStream?
  private let plain = ReceiveBuffer(capacity: 32 << 10)
  /// Packed bytes that are taken.
  private var taken = 0
  /// Unpacked bytes that are delivered.
  private(set) var delivered: UInt64 = 0
  private var isFrameOver = true
  private let limit: Int

  /// Bytes unpacked at a time.
  private static let step = 64 << 10

  init(
    _ compression: TransactionPayloadEvent.Compression, _ header: EventHeader, limit: Int
  ) throws(BinlogError) {
    do throws(CompressionError) {
      stream = compression == .zstd ? try ZstdStream() : nil
    } catch {
      throw BinlogError(.packed("\(error)"), header)
    }
    self.limit = limit
  }

  /// The header of the next inner event, which is then at the front; nil at the payload's end. `outer` is the payload's
  /// own.
  func next(in payload: RawSpan, _ outer: EventHeader) throws(BinlogError) -> EventHeader? {
    try fill(EventHeader.byteCount, from: payload, outer)
    if plain.count == 0, isFrameOver { return nil }
    let plain = self.plain
    guard let header = try? EventHeader(decoding: plain.unread) else { throw cut(outer) }
    guard header.size >= EventHeader.byteCount else {
      throw BinlogError(.packed("an event of \(header.size) bytes at unpacked byte \(delivered)"), outer)
    }
    guard header.size <= limit else { throw BinlogError(.tooLarge(UInt64(header.size), limit: limit), outer) }
    try fill(Int(header.size), from: payload, outer)
    guard plain.count >= Int(header.size) else { throw cut(outer) }
    return header
  }

  private func cut(_ outer: EventHeader) -> BinlogError {
    BinlogError(.packed("ends inside of the event at unpacked byte \(delivered)"), outer)
  }

  /// The inner event that `next` found.
  @_lifetime(borrow self)
  func event(_ header: EventHeader) -> RawSpan {
    let plain = self.plain
    let bytes = plain.unread.extracting(0..<Int(header.size))
    return unsafe _overrideLifetime(bytes, borrowing: self)
  }

  /// The event that `next` found is done with.
  func advance(_ header: EventHeader) {
    plain.consume(Int(header.size))
    delivered += UInt64(header.size)
  }

  /// Unpacks until `count` bytes are there or nothing is left.
  private func fill(_ count: Int, from payload: RawSpan, _ outer: EventHeader) throws(BinlogError) {
    while plain.count < count, taken < payload.byteCount || !isFrameOver {
      let rest = payload.extracting(taken..<payload.byteCount)
      guard let stream else {
        let size = min(rest.byteCount, max(Self.step, count - plain.count))
        plain.append(rest.extracting(0..<size))
        taken += size
        continue
      }
      do throws(CompressionError) {
        let part = try stream.unpack(rest, room: Self.step, into: plain)
        taken += part.taken
        isFrameOver = part.isEnd
        // The packed bytes end in the middle of a frame.
        if part.taken == 0, part.given == 0 { return }
      } catch {
        throw BinlogError(.packed("\(error)"), outer)
      }
    }
  }
}
