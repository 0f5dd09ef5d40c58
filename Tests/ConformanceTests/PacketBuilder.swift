// SPDX-License-Identifier: Apache-2.0
import Wire

/// Writes the packets of one TCP connection as a capture file, for the tests of the reader.
struct PacketBuilder {
  enum Link: UInt32, CaseIterable, Sendable {
    case null = 0
    case ethernet = 1
    case raw = 101
    case linuxCooked = 113
    case linuxCooked2 = 276
  }

  private let link: Link
  private let isIPv6: Bool
  private let isBigEndian: Bool
  private let start: (client: UInt32, server: UInt32)
  private var sent: (client: UInt32, server: UInt32) = (0, 0)
  private(set) var file: [UInt8] = []
  /// Lengths at which the file ends between two packets.
  private(set) var boundaries: [Int] = []

  init(
    link: Link = .ethernet, isIPv6: Bool = false, isBigEndian: Bool = false, isNano: Bool = false,
    clientSequence: UInt32 = 1000
  ) {
    self.link = link
    self.isIPv6 = isIPv6
    self.isBigEndian = isBigEndian
    start = (clientSequence, 77)
    word(isNano ? 0xA1B2_3C4D : 0xA1B2_C3D4)
    file += isBigEndian ? [0, 2, 0, 4] : [2, 0, 4, 0]
    for value: UInt32 in [0, 0, 262_144, link.rawValue] { word(value) }
    boundaries.append(file.count)
  }

  private static let syn: UInt8 = 2
  private static let ack: UInt8 = 16
  private static let fin: UInt8 = 1

  mutating func connect() {
    sent = (0, 0)
    packet(fromClient: true, sequence: start.client, flags: Self.syn, [])
    packet(fromClient: false, sequence: start.server, flags: Self.syn | Self.ack, [])
  }

  mutating func client(_ text: String, at offset: Int? = nil) {
    let bytes = Array(text.utf8)
    let position = offset.map { UInt32($0) } ?? sent.client
    packet(fromClient: true, sequence: start.client &+ 1 &+ position, flags: Self.ack, bytes)
    sent.client = max(sent.client, position + UInt32(bytes.count))
  }

  mutating func server(_ text: String) {
    let bytes = Array(text.utf8)
    packet(fromClient: false, sequence: start.server &+ 1 &+ sent.server, flags: Self.ack, bytes)
    sent.server += UInt32(bytes.count)
  }

  mutating func finish() {
    packet(fromClient: true, sequence: start.client &+ 1 &+ sent.client, flags: Self.fin | Self.ack, [])
    packet(fromClient: false, sequence: start.server &+ 1 &+ sent.server, flags: Self.fin | Self.ack, [])
  }

  private mutating func packet(fromClient: Bool, sequence: UInt32, flags: UInt8, _ payload: [UInt8]) {
    let ports: (UInt16, UInt16) = fromClient ? (40000, 5432) : (5432, 40000)
    var tcp = Self.bytes(ports.0) + Self.bytes(ports.1) + Self.bytes(sequence) + Self.bytes(UInt32(0))
    tcp += [6 << 4, flags, 1, 0, 0, 0, 0, 0] + [1, 1, 1, 1]  // four bytes of options: no-operation
    tcp += payload
    let hosts: (UInt8, UInt8) = fromClient ? (1, 2) : (2, 1)
    var bytes = linkHeader
    if isIPv6 {
      bytes += [0x60, 0, 0, 0] + Self.bytes(UInt16(tcp.count + 8)) + [0, 64]
      for host in [hosts.0, hosts.1] { bytes += [UInt8](repeating: 0, count: 15) + [host] }
      bytes += [6, 0, 1, 4, 0, 0, 0, 0]  // a hop-by-hop header with padding only
    } else {
      bytes += [0x46, 0] + Self.bytes(UInt16(tcp.count + 24)) + [0, 0, 0x40, 0, 64, 6, 0, 0]
      bytes += [127, 0, 0, hosts.0, 127, 0, 0, hosts.1] + [1, 1, 1, 1]  // options
    }
    bytes += tcp
    if link == .ethernet { bytes += [0, 0, 0, 0, 0, 0] }  // the padding of short frames
    for value in [7, 1, UInt32(bytes.count), UInt32(bytes.count)] { word(value) }
    file += bytes
    boundaries.append(file.count)
  }

  private var linkHeader: [UInt8] {
    let type: [UInt8] = isIPv6 ? [0x86, 0xDD] : [0x08, 0x00]
    switch link {
    case .null: return [UInt8(isIPv6 ? 10 : 2), 0, 0, 0]
    case .raw: return []
    case .ethernet: return [UInt8](repeating: 0, count: 12) + [0x81, 0x00, 0, 5] + type
    case .linuxCooked: return [UInt8](repeating: 0, count: 14) + type
    case .linuxCooked2: return type + [UInt8](repeating: 0, count: 18)
    }
  }

  private mutating func word(_ value: UInt32) {
    let bytes = Self.bytes(value)
    file += isBigEndian ? bytes : bytes.reversed()
  }

  private static func bytes<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
    (0..<(T.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> (T.bitWidth - 8 - $0 * 8)) }
  }
}
