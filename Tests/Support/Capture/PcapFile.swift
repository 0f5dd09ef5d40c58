// SPDX-License-Identifier: Apache-2.0
//
//   file    magic u32 | version u16 u16 | zone i32 | accuracy u32 | snap length u32 | link type u32
//   packet  seconds u32 | fraction u32 | captured length u32 | original length u32 | bytes
internal import Wire

/// The classic capture file of libpcap: both byte orders, microseconds and nanoseconds.
public struct PcapFile: Sendable {
  public let linkType: LinkType
  public let packets: [Packet]

  public struct Packet: Sendable {
    /// Nanoseconds since 1970.
    public let time: UInt64
    /// From the link layer's header on.
    public let bytes: [UInt8]
    /// Bytes that were on the wire and are not in the file.
    public let missing: Int
  }

  public init(_ file: [UInt8]) throws(CaptureError) {
    do throws(WireError) {
      try self.init(decoding: file)
    } catch {
      throw CaptureError("not a whole capture file: \(error)")
    }
  }

  private init(decoding file: [UInt8]) throws(WireError) {
    var reader = ByteReader(file.span.bytes)
    let magic = try reader.bigEndian(UInt32.self)
    let order: ByteOrder
    let tick: UInt64
    switch magic {
    case 0xA1B2_C3D4: (order, tick) = (.big, 1000)
    case 0xD4C3_B2A1: (order, tick) = (.little, 1000)
    case 0xA1B2_3C4D: (order, tick) = (.big, 1)
    case 0x4D3C_B2A1: (order, tick) = (.little, 1)
    default: throw WireError(.badValue("magic number of a capture file"), offset: 0)
    }
    try reader.skip(16)
    // The upper bits hold the length of a frame check sequence, which no capture of ours has.
    linkType = LinkType(number: try order.uint32(&reader) & 0xFFFF)
    var packets: [Packet] = []
    while !reader.isAtEnd {
      let seconds = UInt64(try order.uint32(&reader))
      let fraction = UInt64(try order.uint32(&reader))
      let captured = Int(try order.uint32(&reader))
      let original = Int(try order.uint32(&reader))
      let span = try reader.bytes(captured)
      packets.append(
        Packet(
          time: seconds * 1_000_000_000 + fraction * tick,
          bytes: span.withUnsafeBytes { Array($0) },
          missing: max(0, original - captured)))
    }
    self.packets = packets
  }

  private enum ByteOrder {
    case big, little

    func uint32(_ reader: inout ByteReader) throws(WireError) -> UInt32 {
      switch self {
      case .big: try reader.bigEndian()
      case .little: try reader.littleEndian()
      }
    }
  }
}

/// What stands before the IP packet (tcpdump.org, "Link-layer header types").
public enum LinkType: Sendable, Equatable {
  case null
  case ethernet
  case raw
  case linuxCooked
  case linuxCooked2
  case other(UInt32)

  init(number: UInt32) {
    self =
      switch number {
      case 0: .null
      case 1: .ethernet
      case 12, 14, 101: .raw
      case 113: .linuxCooked
      case 276: .linuxCooked2
      default: .other(number)
      }
  }
}

/// A capture that cannot be used, and why.
public struct CaptureError: Error, CustomStringConvertible, Equatable {
  public let description: String
  public init(_ description: String) { self.description = description }
}
