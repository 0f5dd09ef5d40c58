// SPDX-License-Identifier: Apache-2.0
//
//   raw (the link's input) ─────────────────────→ packets     plain
//   raw → compressed frames → unpack → packets               compressed
//   packets of one payload of 2²⁴-1 bytes and more → joined
public import Wire

/// Takes packets apart: sequence numbers, payloads of several packets, compressed frames.
public final class PacketReader {
  /// What a look at the front has found.
  @frozen
  public enum Front: Equatable, Sendable {
    case missing
    /// A payload of its own, all of it there.
    case packet(PacketHeader)
    /// One piece of a payload of several packets.
    case piece
  }

  /// Where bytes arrive.
  public let raw: ReceiveBuffer
  /// Where packets lie: `raw`, or what has been unpacked.
  @usableFromInline var packets: ReceiveBuffer
  /// A payload of several packets; whole once `isJoined`.
  @usableFromInline let joined = ReceiveBuffer(capacity: 64)
  @usableFromInline var isJoined = false
  /// Some pieces are in `joined`, and more are to come.
  @usableFromInline var isJoining = false
  /// The number that the next packet must have.
  @usableFromInline var sequence: UInt8 = 0
  /// The server has said why it ends the session, unasked.
  private(set) var isOutOfTurn = false
  /// A longer payload is malformed.
  @usableFromInline var bytesMax: Int

  private var compression = Compression.none
  private var frameSequence: UInt8 = 0

  private enum Compression {
    case none
    case zlib(Inflate)
    case zstd(ZstdStream)
  }

  package init(raw: ReceiveBuffer, bytesMax: Int) {
    self.raw = raw
    self.bytesMax = bytesMax
    packets = raw
  }

  @usableFromInline var isCompressed: Bool { packets !== raw }

  /// From here on frames come. What is there already was sent before the server switched too.
  package func startCompression(_ algorithm: CompressionAlgorithm) throws(CompressionError) {
    switch algorithm {
    case .none: return
    case .zlib: compression = .zlib(try Inflate())
    case .zstd: compression = .zstd(try ZstdStream(windowBytesMax: 32 << 20))
    }
    packets = ReceiveBuffer()
  }

  /// The answer to a command that was sent with `next - 1`; `frame` likewise for compressed frames.
  package func expect(_ next: UInt8, frame: UInt8) {
    sequence = next
    frameSequence = frame
  }

  package var nextFrameSequence: UInt8 { frameSequence }

  /// What lies at `offset` of `packets.unread`. Numbers are not compared inside compressed frames, where a server sets
  /// them by its frames' after a flush; the frames' own are.
  @inlinable
  func look(_ bytes: RawSpan, at offset: Int) throws(WireError) -> Front {
    guard let header = PacketHeader.peek(bytes, at: offset) else { return .missing }
    if header.sequence != sequence, !isCompressed { try checkOutOfTurn(bytes, at: offset, header) }
    if header.length > bytesMax { throw WireError(.badLength(header.length), offset: offset) }
    if header.frameCount > bytes.byteCount &- offset { return .missing }
    if header.length == PacketHeader.pieceBytesMax || isJoining { return .piece }
    return .packet(header)
  }

  /// A server that gives up on an idle session says so with number 0, ahead of whatever we ask next.
  @usableFromInline
  func checkOutOfTurn(_ bytes: RawSpan, at offset: Int, _ header: PacketHeader) throws(WireError) {
    let start = offset + PacketHeader.byteCount
    let isError = header.length > 0 && (start >= bytes.byteCount || bytes[start] == Reply.Failure.code)
    guard header.sequence == 0, isError else {
      throw WireError(.badValue("packet out of order"), offset: offset + 3)
    }
    isOutOfTurn = true
  }

  /// Consumes what is delivered; the link is told how much the packet at the front needs.
  @usableFromInline
  func needMore(consumed offset: Int) {
    let packets = self.packets
    packets.consume(offset)
    if isCompressed { return }
    let bytes = packets.unread
    if let header = PacketHeader.peek(bytes) { raw.wanted = header.frameCount }
  }

  /// Takes the piece at the front, which is there. True once the payload is whole in `joined`.
  @usableFromInline
  func join() throws(WireError) -> Bool {
    let packets = self.packets
    let bytes = packets.unread
    guard let header = PacketHeader.peek(bytes) else { return false }
    if joined.count + header.length > bytesMax {
      throw WireError(.badLength(joined.count + header.length), offset: 0)
    }
    joined.append(bytes.extracting(PacketHeader.byteCount..<header.frameCount))
    packets.consume(header.frameCount)
    sequence &+= 1
    isJoined = header.length < PacketHeader.pieceBytesMax
    isJoining = !isJoined
    return isJoined
  }

  /// The joined payload is done with.
  @usableFromInline
  func dropJoined() {
    joined.consume(joined.count)
    isJoined = false
  }

  /// Unpacks the compressed frame at the front of `raw`; false if there is none that is whole.
  @usableFromInline
  func unpackFrame() throws(WireError) -> Bool {
    if !isCompressed { return false }
    let raw = self.raw
    let bytes = raw.unread
    guard let header = CompressedHeader.peek(bytes) else { return false }
    if header.sequence != frameSequence, header.sequence != 0 {
      throw WireError(.badValue("packet out of order"), offset: 3, context: "compressed frame")
    }
    if header.frameCount > bytes.byteCount {
      raw.wanted = header.frameCount
      return false
    }
    let payload = bytes.extracting(CompressedHeader.byteCount..<header.frameCount)
    do throws(CompressionError) {
      switch compression {
      case _ where header.unpackedLength == 0: packets.append(payload)
      case .none: break
      case .zlib(let stream): try stream.unpackWhole(payload, count: header.unpackedLength, into: packets)
      case .zstd(let stream): try stream.unpackWhole(payload, count: header.unpackedLength, into: packets)
      }
    } catch {
      throw WireError(.badValue("does not unpack to what its head says"), offset: 0, context: "compressed frame")
    }
    raw.consume(header.frameCount)
    if header.sequence != frameSequence { try checkFrameOutOfTurn() }
    frameSequence &+= 1
    return true
  }

  /// As `checkOutOfTurn`, for what a frame has brought.
  private func checkFrameOutOfTurn() throws(WireError) {
    let packets = self.packets
    let bytes = packets.unread
    guard bytes.byteCount > PacketHeader.byteCount, bytes[PacketHeader.byteCount] == Reply.Failure.code else {
      throw WireError(.badValue("packet out of order"), offset: 3, context: "compressed frame")
    }
    isOutOfTurn = true
  }
}
