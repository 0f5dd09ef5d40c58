// SPDX-License-Identifier: Apache-2.0
//
//   length of what follows   sequence   length before packing   packets, packed
//   int<3>                   int<1>     int<3>, 0: not packed   length bytes
package import Wire

/// The head of a compressed frame ("Compressed Packet Header"). A frame holds packets or parts of packets.
package struct CompressedHeader: Equatable, Sendable {
  package static let byteCount = 7

  package var length: Int
  package var sequence: UInt8
  /// 0 if the frame's payload is not packed: "used when the payload is too short for compression to be worth it".
  package var unpackedLength: Int

  package init(length: Int, sequence: UInt8, unpackedLength: Int) {
    self.length = length
    self.sequence = sequence
    self.unpackedLength = unpackedLength
  }

  package var frameCount: Int { Self.byteCount + length }

  package static func peek(_ bytes: RawSpan) -> CompressedHeader? {
    guard bytes.byteCount >= byteCount else { return nil }
    return CompressedHeader(
      length: Int(bytes[0]) | Int(bytes[1]) << 8 | Int(bytes[2]) << 16, sequence: bytes[3],
      unpackedLength: Int(bytes[4]) | Int(bytes[5]) << 8 | Int(bytes[6]) << 16)
  }

  package func encode(to writer: inout ByteWriter) {
    writer.append(littleEndian24: length)
    writer.append(sequence)
    writer.append(littleEndian24: unpackedLength)
  }
}

extension ByteWriter {
  /// `packets` in compressed frames, none of them packed: what we send is short.
  package mutating func append(frames packets: RawSpan, sequence: inout UInt8) {
    var offset = 0
    while offset < packets.byteCount {
      let count = min(packets.byteCount - offset, PacketHeader.pieceBytesMax)
      CompressedHeader(length: count, sequence: sequence, unpackedLength: 0).encode(to: &self)
      append(packets.extracting(offset..<(offset + count)))
      offset += count
      sequence &+= 1
    }
  }
}
