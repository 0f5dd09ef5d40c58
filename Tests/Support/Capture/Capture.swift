// SPDX-License-Identifier: Apache-2.0

/// The conversations of a capture, in the order in which they began.
public struct Capture: Sendable {
  public let connections: [CapturedConnection]

  /// A capture among the fixtures: `try Capture(fixture: "postgres/pg-15-login-query.pcap")`.
  public init(fixture name: String) throws {
    try self.init(Fixture.bytes(name))
  }

  public init(_ file: [UInt8]) throws(CaptureError) {
    let pcap = try PcapFile(file)
    var open: [Set<CapturedEndpoint>: Int] = [:]
    var building: [ConnectionAssembly] = []
    for packet in pcap.packets {
      guard let segment = try TCPSegment(packet: packet.bytes, linkType: pcap.linkType) else { continue }
      guard packet.missing == 0 else { throw CaptureError("a packet of \(segment.source) was cut by the snap length") }
      let pair: Set = [segment.source, segment.destination]
      // A pair of ports may be used again: a SYN after the end is another connection.
      if let index = open[pair], !(segment.isSyn && building[index].isOver) {
        building[index].add(segment)
      } else {
        open[pair] = building.count
        var fresh = ConnectionAssembly(first: segment)
        fresh.add(segment)
        building.append(fresh)
      }
    }
    var connections: [CapturedConnection] = []
    for assembly in building {
      try assembly.checkComplete()
      connections.append(
        CapturedConnection(client: assembly.client, server: assembly.server, chunks: assembly.chunks))
    }
    self.connections = connections
  }
}

/// Both directions of one connection while its packets are read.
private struct ConnectionAssembly {
  let client: CapturedEndpoint
  let server: CapturedEndpoint
  var chunks: [CapturedConnection.Chunk] = []
  private var fromClient = StreamAssembly()
  private var fromServer = StreamAssembly()
  private var wasReset = false

  init(first segment: TCPSegment) {
    // Who sends SYN is the client; in the middle of a conversation the lower port is taken for the server's.
    let sentByClient =
      segment.isSyn ? !segment.isAck : segment.destination.port < segment.source.port
    client = sentByClient ? segment.source : segment.destination
    server = sentByClient ? segment.destination : segment.source
  }

  var isOver: Bool { wasReset || (fromClient.isFinished && fromServer.isFinished) }

  mutating func add(_ segment: TCPSegment) {
    if segment.isReset {
      wasReset = true
      return
    }
    let direction: CapturedConnection.Direction = segment.source == client ? .fromClient : .fromServer
    var assembly = direction == .fromClient ? fromClient : fromServer
    var delivered: [UInt8] = []
    if segment.isSyn {
      assembly.begin(synchronizing: segment.sequence)
    } else {
      delivered = assembly.add(sequence: segment.sequence, payload: segment.payload, isFin: segment.isFin)
    }
    if direction == .fromClient { fromClient = assembly } else { fromServer = assembly }
    if !delivered.isEmpty { chunks.append(.init(direction: direction, bytes: delivered)) }
  }

  func checkComplete() throws(CaptureError) {
    for (name, stream) in [("client", fromClient), ("server", fromServer)] where stream.earlyBytes > 0 {
      throw CaptureError(
        "\(client) to \(server): \(stream.earlyBytes) bytes of the \(name) come after a gap in the capture")
    }
  }
}
