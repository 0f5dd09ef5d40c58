// SPDX-License-Identifier: Apache-2.0
import MySQL
import Support
import Wire

/// One direction of a recorded connection, taken apart into payloads: compressed frames, packets, pieces joined.
struct MySQLPackets {
  struct Payload {
    /// Number of its first packet.
    var sequence: UInt8
    var payload: [UInt8]
    /// Its packets, heads included, as they were recorded (inside the frames, where those are compressed).
    var bytes: [UInt8]
  }

  private let raw = ReceiveBuffer()
  private var packets: ReceiveBuffer
  private var algorithm = CompressionAlgorithm.none

  init() { packets = raw }

  var leftOver: Int { raw.count + (isCompressed ? packets.count : 0) }
  var isCompressed: Bool { packets !== raw }

  mutating func startCompression(_ algorithm: CompressionAlgorithm) {
    if algorithm == .none { return }
    self.algorithm = algorithm
    packets = ReceiveBuffer()
  }

  func append(_ bytes: ArraySlice<UInt8>) { raw.append(bytes.span.bytes) }

  /// The next whole payload.
  mutating func next() throws(WireError) -> Payload? {
    while try unpackFrame() {}
    let packets = self.packets
    let bytes = packets.unread
    var offset = 0
    var pieces: [Range<Int>] = []
    var sequence: UInt8?
    var expected: UInt8 = 0
    while true {
      guard let header = PacketHeader.peek(bytes, at: offset), header.frameCount <= bytes.byteCount - offset else {
        return nil
      }
      if sequence != nil, !isCompressed, header.sequence != expected {
        throw WireError(.badValue("packet out of order"), offset: offset)
      }
      expected = header.sequence &+ 1
      sequence = sequence ?? header.sequence
      pieces.append((offset + PacketHeader.byteCount)..<(offset + header.frameCount))
      offset += header.frameCount
      if header.length < PacketHeader.pieceBytesMax { break }
    }
    // Copied once it is whole: a large one is looked at with each of its segments.
    var payload: [UInt8] = []
    for piece in pieces { payload += bytes.extracting(piece).array }
    let whole = Payload(sequence: sequence ?? 0, payload: payload, bytes: bytes.extracting(0..<offset).array)
    packets.consume(offset)
    return whole
  }

  private func unpackFrame() throws(WireError) -> Bool {
    guard isCompressed else { return false }
    let bytes = raw.unread
    guard let header = CompressedHeader.peek(bytes), header.frameCount <= bytes.byteCount else { return false }
    let packed = bytes.extracting(CompressedHeader.byteCount..<header.frameCount)
    do throws(CompressionError) {
      switch algorithm {
      case _ where header.unpackedLength == 0: packets.append(packed)
      case .none: break
      case .zlib: try Inflate.unpack(packed, count: header.unpackedLength, into: packets)
      case .zstd: try Zstd.unpack(packed, count: header.unpackedLength, into: packets)
      }
    } catch {
      throw WireError(.badValue("a frame that does not unpack"), offset: 0)
    }
    raw.consume(header.frameCount)
    return true
  }
}
