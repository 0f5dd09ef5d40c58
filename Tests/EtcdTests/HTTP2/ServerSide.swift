// SPDX-License-Identifier: Apache-2.0
import Support
import Wire

@testable import Etcd

/// A server that says what a test tells it to: it decodes what the client says, and remembers it.
final class ServerSide {
  enum Heard: Equatable {
    case settings(SettingsFrame)
    case headers(StreamID, [HeaderField], ends: Bool)
    case data(StreamID, [UInt8], ends: Bool)
    case windowUpdate(WindowUpdateFrame)
    case ping(PingFrame)
    case reset(ResetStreamFrame)
    case goAway(GoAwayFrame)
    case other
  }

  let input = ReceiveBuffer()
  var output = ByteWriter()
  private(set) var heard: [Heard] = []
  private var decoder: HPACKDecoder
  private var hasPreface = false
  private var block: (StreamID, [UInt8], ends: Bool)?

  init(headerTableSize: Int = 4096) { decoder = HPACKDecoder(tableSizeMax: headerTableSize) }

  /// Decodes what has come.
  func listen() throws {
    if !hasPreface {
      guard input.count >= 24 else { return }
      let input = self.input
      guard input.unread.extracting(0..<24).isEqual(to: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") else { throw NoPreface() }
      input.consume(24)
      hasPreface = true
    }
    while try takeFrame() {}
  }

  struct NoPreface: Error {}

  private func takeFrame() throws -> Bool {
    let input = self.input
    let unread = input.unread
    guard unread.byteCount >= FrameHeader.size else { return false }
    var reader = ByteReader(unread)
    let header = try FrameHeader(from: &reader)
    guard reader.remaining >= header.length else { return false }
    switch try HTTP2Frame(header: header, payload: try reader.bytes(header.length)) {
    case .data(let frame): heard.append(.data(frame.stream, frame.data.array, ends: frame.endsStream))
    case .headers(let frame):
      block = (frame.stream, frame.fragment.array, frame.endsStream)
      if frame.endsHeaders { try endBlock() }
    case .continuation(let frame):
      block?.1 += frame.fragment.array
      if frame.endsHeaders { try endBlock() }
    case .settings(let frame): heard.append(.settings(frame))
    case .windowUpdate(let frame): heard.append(.windowUpdate(frame))
    case .ping(let frame): heard.append(.ping(frame))
    case .resetStream(let frame): heard.append(.reset(frame))
    case .goAway(let frame): heard.append(.goAway(frame))
    case .priority, .pushPromise, .other: heard.append(.other)
    }
    input.consume(reader.offset)
    return true
  }

  private func endBlock() throws {
    guard let (stream, bytes, ends) = block else { return }
    heard.append(.headers(stream, try decoder.decode(bytes.span.bytes), ends: ends))
    block = nil
  }

  /// Forgets what was heard, and answers it.
  func takeHeard() -> [Heard] {
    defer { heard = [] }
    return heard
  }

  /// All request bytes of a stream so far.
  func body(of stream: UInt32) -> [UInt8] {
    heard.reduce(into: []) {
      if case .data(StreamID(stream), let bytes, _) = $1 { $0 += bytes }
    }
  }

  // MARK: Saying

  func settings(_ entries: [SettingsFrame.Entry] = []) { SettingsFrame(entries: entries).encode(to: &output) }

  func headers(_ stream: UInt32, _ fields: [HeaderField], ends: Bool = false) {
    var block = ByteWriter()
    HPACKEncoder().encode(fields, to: &block)
    HeadersFrame(stream: StreamID(stream), endsStream: ends, endsHeaders: true, fragment: block.bytes)
      .encode(to: &output)
  }

  func data(_ stream: UInt32, _ bytes: [UInt8], padLength: Int? = nil, ends: Bool = false) {
    DataFrame(stream: StreamID(stream), endsStream: ends, padLength: padLength, data: bytes.span.bytes)
      .encode(to: &output)
  }

  func windowUpdate(_ stream: UInt32, _ increment: Int) {
    WindowUpdateFrame(stream: StreamID(stream), increment: increment).encode(to: &output)
  }

  static let head = [HeaderField(":status", "200"), HeaderField("content-type", "application/grpc")]

  static func framed(_ message: [UInt8]) -> [UInt8] {
    var writer = ByteWriter()
    GRPCPrefix(length: message.count).encode(to: &writer)
    writer.append(message)
    return writer.bytes.array
  }

  /// A whole unary answer; a message only for status 0.
  func answer(_ stream: UInt32, _ message: [UInt8], status: Int = 0, words: String = "") {
    let trailers = [HeaderField("grpc-status", "\(status)"), HeaderField("grpc-message", words)]
    if status != 0 { return headers(stream, Self.head + trailers, ends: true) }
    headers(stream, Self.head)
    data(stream, Self.framed(message))
    headers(stream, trailers, ends: true)
  }
}

/// A client's machine and a server, joined without a socket.
final class Pair {
  let client = HTTP2Connection(input: ReceiveBuffer(), output: SendBuffer())
  let server: ServerSide

  init(_ settings: [SettingsFrame.Entry] = [], headerTableSize: Int = 4096) throws {
    server = ServerSide(headerTableSize: headerTableSize)
    server.settings(settings)
    try exchange()
  }

  /// Moves bytes both ways until both are silent.
  func exchange() throws {
    while client.output.count > 0 || server.output.count > 0 {
      try deliver()
      server.output.withBytes { client.input.append($0) }
      server.output.clear()
      try client.process()
    }
  }

  /// What the client has said, to the server.
  func deliver() throws {
    let said = takeClientOutput()
    server.input.append(said.span.bytes)
    try server.listen()
  }

  func takeClientOutput() -> [UInt8] {
    let bytes = client.output.withUnsent { $0.array }
    client.output.sent(bytes.count)
    return bytes
  }

  func open(_ path: String = "/x") -> HTTP2Stream {
    client.open([
      HeaderField(":method", "POST"), HeaderField(":scheme", "http"), HeaderField(":path", path),
      HeaderField(":authority", "test"),
    ])
  }

  func send(_ bytes: [UInt8], ends: Bool = true, on stream: HTTP2Stream) {
    client.send(bytes.span.bytes, endsStream: ends, on: stream)
  }
}
