// SPDX-License-Identifier: Apache-2.0
import MySQL
import Support
import Wire

/// The events that replicas were sent in a recorded conversation: one list for each connection that asked for a log.
struct BinlogStreams {
  let streams: [[[UInt8]]]

  /// `feed`: in which pieces both sides' bytes are given to the splitter of packets.
  init(_ capture: Capture, _ feed: DripFeed = .whole) throws {
    streams = try capture.connections.map { connection in
      var conversation = MySQLConversation()
      for chunk in connection.chunks {
        for piece in feed.pieces(of: chunk.bytes) { try conversation.receive(piece, chunk.direction) }
      }
      return conversation.events
    }.filter { !$0.isEmpty }
  }
}
