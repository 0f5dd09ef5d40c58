// SPDX-License-Identifier: Apache-2.0
import Etcd
import Support
import Wire

/// A recorded HTTP/2 connection, decoded in both directions at once: frames, headers and gRPC messages, in order.
final class EtcdConversation {
  /// What was said, and by whom.
  enum Event {
    case preface
    /// The frame as text, and its bytes as recorded and as encoded again.
    case frame(String, recorded: [UInt8], encoded: [UInt8])
    case headers(StreamID, [HeaderField], endsStream: Bool)
    case message(StreamID, path: String, [UInt8])
  }

  struct Spoken {
    let direction: CapturedConnection.Direction
    let event: Event
    /// Index of the recorded chunk that completed it.
    let chunk: Int
  }

  private(set) var spoken: [Spoken] = []
  private var client = Side()
  private var server = Side()
  private var paths: [StreamID: String] = [:]
  private var chunkIndex = 0

  private struct Side {
    let input = ReceiveBuffer()
    var decoder = HPACKDecoder()
    var bodies: [StreamID: [UInt8]] = [:]
    var hasPreface = false
  }

  /// Decodes all of it, each recorded chunk given in the pieces that `feed` makes of it.
  init(_ connection: CapturedConnection, feed: DripFeed) throws {
    for (index, chunk) in connection.chunks.enumerated() {
      chunkIndex = index
      var side = chunk.direction == .fromClient ? client : server
      try feed.feed(chunk.bytes, into: side.input) {
        while try take(&side, chunk.direction) {}
      }
      if chunk.direction == .fromClient { client = side } else { server = side }
    }
  }

  /// Bytes that no frame took.
  var leftOver: Int { client.input.count + server.input.count }

  private func say(_ direction: CapturedConnection.Direction, _ event: Event) {
    spoken.append(Spoken(direction: direction, event: event, chunk: chunkIndex))
  }

  private func take(_ side: inout Side, _ direction: CapturedConnection.Direction) throws -> Bool {
    let input = side.input
    let unread = input.unread
    if direction == .fromClient, !side.hasPreface {
      guard unread.byteCount >= 24 else { return false }
      guard unread.extracting(0..<24).isEqual(to: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") else { throw NotHTTP2() }
      input.consume(24)
      side.hasPreface = true
      say(direction, .preface)
      return true
    }
    guard unread.byteCount >= FrameHeader.size else { return false }
    var reader = ByteReader(unread)
    let header = try FrameHeader(from: &reader)
    guard reader.remaining >= header.length else { return false }
    let frame = try HTTP2Frame(header: header, payload: try reader.bytes(header.length))
    var encoded = ByteWriter()
    frame.encode(to: &encoded)
    let recorded = unread.extracting(0..<reader.offset).array
    try note(frame, header, recorded, encoded.bytes.array, &side, direction)
    input.consume(reader.offset)
    return true
  }

  private func note(
    _ frame: HTTP2Frame, _ header: FrameHeader, _ recorded: [UInt8], _ encoded: [UInt8], _ side: inout Side,
    _ direction: CapturedConnection.Direction
  ) throws {
    func line(_ text: String) { say(direction, .frame(text, recorded: recorded, encoded: encoded)) }
    let stream = "stream \(header.stream) "
    switch frame {
    case .headers(let frame):
      let fields = try side.decoder.decode(frame.fragment)
      let words = fields.map { "\(String(decoding: $0.name, as: UTF8.self))=\($0.valueText)" }
      let flags = frame.endsStream ? "[END_HEADERS,END_STREAM]" : "[END_HEADERS]"
      line(stream + "HEADERS \(flags) " + words.joined(separator: " "))
      if direction == .fromClient { paths[header.stream] = fields.first { $0.isNamed(":path") }?.valueText }
      say(direction, .headers(frame.stream, fields, endsStream: frame.endsStream))
    case .data(let frame):
      line(stream + "DATA \(header.length) \(frame.endsStream ? "[END_STREAM]" : "[]")")
      side.bodies[header.stream, default: []] += frame.data.array
      try takeMessages(header.stream, &side, direction)
    case .settings(let frame):
      let entries = frame.entries.map { "\($0.setting.rawValue): \($0.value)" }.joined(separator: ", ")
      line("SETTINGS \(frame.isAcknowledgement ? "[ACK]" : "[]") {\(entries)}")
    case .ping(let frame):
      let digits = String(frame.opaque, radix: 16)
      line(
        "PING \(frame.isAcknowledgement ? "[ACK]" : "[]") " + String(repeating: "0", count: 16 - digits.count) + digits)
    case .goAway(let frame):
      let words = String(decoding: frame.debugData, as: UTF8.self)
      line("GOAWAY last=\(frame.lastStream) error=\(frame.code.rawValue) b'\(words)'")
    case .windowUpdate(let frame): line(stream + "WINDOW_UPDATE \(frame.increment)")
    case .resetStream(let frame): line(stream + "RST_STREAM \(frame.code.rawValue)")
    case .priority, .pushPromise, .continuation, .other: line("\(header.type) \(header.length)")
    }
  }

  private func takeMessages(
    _ stream: StreamID, _ side: inout Side, _ direction: CapturedConnection.Direction
  ) throws {
    while let body = side.bodies[stream] {
      var reader = ByteReader(body.span.bytes)
      guard reader.remaining >= GRPCPrefix.size else { return }
      let prefix = try GRPCPrefix(from: &reader)
      guard reader.remaining >= prefix.length else { return }
      let message = try reader.bytes(prefix.length).array
      side.bodies[stream] = Array(body.dropFirst(reader.offset))
      say(direction, .message(stream, path: paths[stream] ?? "", message))
    }
  }

  struct NotHTTP2: Error {}
}
