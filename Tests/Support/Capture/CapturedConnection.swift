// SPDX-License-Identifier: Apache-2.0

/// One recorded TCP connection: who spoke to whom, and what, in order.
public struct CapturedConnection: Sendable {
  public enum Direction: Sendable, Equatable {
    case fromClient, fromServer
  }

  public struct Chunk: Sendable, Equatable {
    public let direction: Direction
    public let bytes: [UInt8]

    public init(direction: Direction, bytes: [UInt8]) {
      self.direction = direction
      self.bytes = bytes
    }
  }

  public let client: CapturedEndpoint
  public let server: CapturedEndpoint
  /// What each segment brought, in the order of the capture.
  public let chunks: [Chunk]

  public init(client: CapturedEndpoint, server: CapturedEndpoint, chunks: [Chunk]) {
    self.client = client
    self.server = server
    self.chunks = chunks
  }

  /// The whole of one direction.
  public func stream(_ direction: Direction) -> [UInt8] {
    chunks.reduce(into: []) { if $1.direction == direction { $0 += $1.bytes } }
  }

  public var clientStream: [UInt8] { stream(.fromClient) }
  public var serverStream: [UInt8] { stream(.fromServer) }

  /// The chunks with neighbours of one direction joined: a turn ends when the other side speaks.
  public var turns: [Chunk] {
    var turns: [Chunk] = []
    for chunk in chunks {
      if let last = turns.last, last.direction == chunk.direction {
        turns[turns.count - 1] = Chunk(direction: last.direction, bytes: last.bytes + chunk.bytes)
      } else {
        turns.append(chunk)
      }
    }
    return turns
  }
}
