// SPDX-License-Identifier: Apache-2.0
//
//   count and flags   { domain  server  sequence }
//   UInt32, top 4 bits  UInt32  UInt32  UInt64
public import Wire

/// GTID_LIST_EVENT of MariaDB: the last transactions of the files before this one, for each domain and server.
public struct GTIDListEvent: Equatable, Sendable {
  /// The last of a domain comes last among its servers.
  public var gtids: [MariaDBGTID]
  /// The four highest bits of the count.
  public var flags: UInt8

  public init(gtids: [MariaDBGTID], flags: UInt8 = 0) {
    self.gtids = gtids
    self.flags = flags
  }

  public init(decoding body: RawSpan) throws(WireError) {
    var reader = ByteReader(body)
    let head: UInt32 = try reader.littleEndian()
    flags = UInt8(head >> 28)
    let count = Int(head & 0xFFF_FFFF)
    guard count <= reader.remaining / 16 else { throw WireError(.badLength(count), offset: 0) }
    gtids = []
    for _ in 0..<count {
      let domain: UInt32 = try reader.littleEndian()
      let server: UInt32 = try reader.littleEndian()
      gtids.append(MariaDBGTID(domain: domain, server: server, sequence: try reader.littleEndian()))
    }
    if count > 0 { try reader.end("") }
  }

  public func encode(to writer: inout ByteWriter) {
    writer.append(littleEndian: UInt32(gtids.count) & 0xFFF_FFFF | UInt32(flags) << 28)
    // An empty list is padded: the server wants its body to have six bytes.
    if gtids.isEmpty { writer.append([0, 0]) }
    for gtid in gtids {
      writer.append(littleEndian: gtid.domain)
      writer.append(littleEndian: gtid.server)
      writer.append(littleEndian: gtid.sequence)
    }
  }
}
