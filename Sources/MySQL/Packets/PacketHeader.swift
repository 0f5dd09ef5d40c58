// SPDX-License-Identifier: Apache-2.0
//
//   length   sequence   payload
//   int<3>   int<1>     length bytes
public import Wire

/// The head of a packet (client/server protocol, "MySQL Packets").
///
/// "If the payload is larger than or equal to 2^24-1 bytes the length is set to 2^24-1 (ff ff ff) and additional
/// packets are sent with the rest of the payload until the payload of a packet is less than 2^24-1 bytes."
@frozen
public struct PacketHeader: Equatable, Sendable {
  public static let byteCount = 4
  /// A packet of this length is followed by another one of the same payload.
  public static let pieceBytesMax = 0xFF_FFFF

  public var length: Int
  public var sequence: UInt8

  @inlinable
  public init(length: Int, sequence: UInt8) {
    self.length = length
    self.sequence = sequence
  }

  /// Head and payload.
  @inlinable public var frameCount: Int { Self.byteCount &+ length }

  /// The head at `offset`, or nil while its bytes are missing.
  @inlinable
  public static func peek(_ bytes: RawSpan, at offset: Int = 0) -> PacketHeader? {
    guard bytes.byteCount &- offset >= byteCount else { return nil }
    let length = Int(bytes[offset]) | Int(bytes[offset &+ 1]) << 8 | Int(bytes[offset &+ 2]) << 16
    return PacketHeader(length: length, sequence: bytes[offset &+ 3])
  }

  package func encode(to writer: inout ByteWriter) {
    writer.append(littleEndian24: length)
    writer.append(sequence)
  }
}

extension ByteWriter {
  /// `payload` as one packet or as many as it needs, from `sequence` on, which then is the next one's.
  package mutating func append(packets payload: RawSpan, sequence: inout UInt8) {
    var offset = 0
    while true {
      let count = min(payload.byteCount - offset, PacketHeader.pieceBytesMax)
      PacketHeader(length: count, sequence: sequence).encode(to: &self)
      append(payload.extracting(offset..<(offset + count)))
      offset += count
      sequence &+= 1
      // A last piece of the full length is followed by an empty packet.
      if count < PacketHeader.pieceBytesMax { return }
    }
  }
}
