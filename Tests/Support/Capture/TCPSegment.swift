// SPDX-License-Identifier: Apache-2.0
//
//   link header | IPv4 or IPv6 header | TCP header | payload
//   TCP header: ports u16 u16 | sequence u32 | acknowledged u32 | offset, flags | …
internal import Wire

/// One side of a connection, as the packets name it.
public struct CapturedEndpoint: Hashable, Sendable, CustomStringConvertible {
  /// 4 or 16 bytes.
  public let address: [UInt8]
  public let port: UInt16

  public var description: String {
    if address.count == 4 { return address.map(String.init).joined(separator: ".") + ":\(port)" }
    let groups = stride(from: 0, to: address.count - 1, by: 2).map {
      String(UInt16(address[$0]) << 8 | UInt16(address[$0 + 1]), radix: 16)
    }
    return "[" + groups.joined(separator: ":") + "]:\(port)"
  }
}

/// One TCP segment of a captured packet.
struct TCPSegment {
  let source: CapturedEndpoint
  let destination: CapturedEndpoint
  let sequence: UInt32
  let flags: UInt8
  let payload: [UInt8]

  var isSyn: Bool { flags & 0x02 != 0 }
  var isAck: Bool { flags & 0x10 != 0 }
  var isFin: Bool { flags & 0x01 != 0 }
  var isReset: Bool { flags & 0x04 != 0 }

  /// The segment in a packet, or nil if the packet carries something else than TCP.
  init?(packet: [UInt8], linkType: LinkType) throws(CaptureError) {
    do throws(WireError) {
      var reader = ByteReader(packet.span.bytes)
      guard let version = try Self.skipLink(&reader, linkType) else { return nil }
      let addresses: (source: [UInt8], destination: [UInt8])
      let length: Int
      switch version {
      case .four:
        guard let header = try Self.ipv4(&reader) else { return nil }
        (addresses, length) = header
      case .six:
        guard let header = try Self.ipv6(&reader) else { return nil }
        (addresses, length) = header
      }
      // Ethernet pads short frames: the IP header says how long the segment is.
      let bytes = try reader.bytes(length)
      var tcp = ByteReader(bytes)
      source = CapturedEndpoint(address: addresses.source, port: try tcp.bigEndian())
      destination = CapturedEndpoint(address: addresses.destination, port: try tcp.bigEndian())
      sequence = try tcp.bigEndian()
      try tcp.skip(4)
      let headerWords = Int(try tcp.byte() >> 4)
      flags = try tcp.byte()
      try tcp.skip(headerWords * 4 - 14)
      payload = tcp.rest().withUnsafeBytes { Array($0) }
    } catch {
      throw CaptureError("broken packet: \(error)")
    }
  }

  private enum IPVersion { case four, six }

  /// Skips the link layer's header; nil if what follows is not IP.
  private static func skipLink(_ reader: inout ByteReader, _ type: LinkType) throws(WireError) -> IPVersion? {
    var etherType: UInt16? = nil
    switch type {
    case .null: try reader.skip(4)
    case .raw: break
    case .ethernet:
      try reader.skip(12)
      etherType = try reader.bigEndian(UInt16.self)
      while etherType == 0x8100 || etherType == 0x88A8 {  // VLAN tags
        try reader.skip(2)
        etherType = try reader.bigEndian(UInt16.self)
      }
    case .linuxCooked:
      try reader.skip(14)
      etherType = try reader.bigEndian(UInt16.self)
    case .linuxCooked2:
      etherType = try reader.bigEndian(UInt16.self)
      try reader.skip(18)
    case .other: throw WireError(.badValue("link type that this reader does not know"), offset: 0)
    }
    if let etherType { return etherType == 0x0800 ? .four : etherType == 0x86DD ? .six : nil }
    switch reader.peek().map({ $0 >> 4 }) {
    case 4: return .four
    case 6: return .six
    default: return nil
    }
  }

  private typealias Header = (addresses: (source: [UInt8], destination: [UInt8]), length: Int)

  private static func ipv4(_ reader: inout ByteReader) throws(WireError) -> Header? {
    let start = reader.offset
    let headerLength = Int(try reader.byte() & 0x0F) * 4
    try reader.skip(1)
    let totalLength = Int(try reader.bigEndian(UInt16.self))
    try reader.skip(2)
    let fragment = try reader.bigEndian(UInt16.self)
    guard fragment & 0x3FFF == 0 else { throw WireError(.badValue("IP fragment"), offset: start) }
    try reader.skip(1)
    guard try reader.byte() == 6 else { return nil }
    try reader.skip(2)
    let source = try reader.bytes(4).withUnsafeBytes { Array($0) }
    let destination = try reader.bytes(4).withUnsafeBytes { Array($0) }
    try reader.skip(headerLength - 20)
    // Segmentation offload may leave 0 here: then the packet's end is the segment's.
    return ((source, destination), totalLength == 0 ? reader.remaining : totalLength - headerLength)
  }

  private static func ipv6(_ reader: inout ByteReader) throws(WireError) -> Header? {
    try reader.skip(4)
    let payloadLength = Int(try reader.bigEndian(UInt16.self))
    var next = try reader.byte()
    try reader.skip(1)
    let source = try reader.bytes(16).withUnsafeBytes { Array($0) }
    let destination = try reader.bytes(16).withUnsafeBytes { Array($0) }
    let start = reader.offset
    while next == 0 || next == 43 || next == 60 {  // hop-by-hop, routing, destination options
      next = try reader.byte()
      let more = Int(try reader.byte())
      try reader.skip(more * 8 + 6)
    }
    guard next == 6 else { return nil }
    let extensions = reader.offset - start
    return ((source, destination), payloadLength == 0 ? reader.remaining : payloadLength - extensions)
  }
}
