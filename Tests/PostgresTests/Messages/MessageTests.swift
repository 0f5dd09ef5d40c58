// SPDX-License-Identifier: Apache-2.0
import Postgres
import Testing
import Wire

/// Samples of every message, with each kind of field filled.
enum MessageSamples {
  static let format = CopyFormat(overall: 1, columns: [0, 1])
  static let fields = DiagnosticFields(fields: [
    .init(code: UInt8(ascii: "S"), value: "FEHLER"), .init(code: UInt8(ascii: "V"), value: "ERROR"),
    .init(code: UInt8(ascii: "C"), value: "23505"), .init(code: UInt8(ascii: "M"), value: "duplicate ü"),
    .init(code: UInt8(ascii: "P"), value: "7"), .init(code: UInt8(ascii: "?"), value: "of the future"),
  ])

  static let backend: [BackendMessage] = [
    .authentication(.init(request: .ok)), .authentication(.init(request: .cleartextPassword)),
    .authentication(.init(request: .md5Password(salt: [1, 2, 3, 4]))),
    .authentication(.init(request: .sasl(mechanisms: ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"]))),
    .authentication(.init(request: .saslContinue(data: [1, 2]))),
    .authentication(.init(request: .saslFinal(data: [3]))),
    .authentication(.init(request: .other(code: 7, data: [9]))),
    .backendKeyData(.init(processID: 7, secretKey: [1, 2, 3, 4])),
    .backendKeyData(.init(processID: 7, secretKey: [UInt8](repeating: 5, count: 32))),
    .parameterStatus(.init(parameter: "TimeZone", value: "UTC")), .readyForQuery(.init(status: .inTransaction)),
    .readyForQuery(.init(status: .other(1))), .dataRow(.init(values: [[1, 2], nil, []])),
    .commandComplete(.init(commandTag: "SELECT 1")), .emptyQueryResponse(.init()),
    .errorResponse(.init(fields: fields)),
    .noticeResponse(.init(fields: fields)), .copyInResponse(.init(format: format)),
    .copyOutResponse(.init(format: format)), .copyBothResponse(.init(format: format)),
    .copyData(.init(data: [1, 2, 3])), .copyDone(.init()),
    .notificationResponse(.init(processID: 1, channel: "c", payload: "p")),
    .negotiateProtocolVersion(.init(version: 196_608, unknownOptions: ["_pq_.x"])), .parseComplete(.init()),
    .bindComplete(.init()), .closeComplete(.init()), .noData(.init()), .portalSuspended(.init()),
    .parameterDescription(.init(types: [23, 25])), .other(tag: 0x21, body: [1, 2, 3]),
  ]

  static let frontend: [(FrontendMessage, Backend.Authentication.Request)] = [
    (.query(.init(text: "SELECT 1")), .ok),
    (.parse(.init(statement: "s", query: "SELECT $1", parameterTypes: [23])), .ok),
    (
      .bind(.init(portal: "p", statement: "s", parameterFormats: [0], parameters: [[1], nil], resultFormats: [1])), .ok
    ),
    (.describe(.init(kind: UInt8(ascii: "S"), target: "s")), .ok),
    (.close(.init(kind: UInt8(ascii: "P"), target: "p")), .ok), (.execute(.init(portal: "p", rowsMax: 5)), .ok),
    (.sync(.init()), .ok), (.flush(.init()), .ok), (.copyData(.init(data: [1])), .ok), (.copyDone(.init()), .ok),
    (.copyFail(.init(reason: "no")), .ok), (.terminate(.init()), .ok),
    (.password(.init(password: "x")), .cleartextPassword),
    (.saslInitialResponse(.init(mechanism: "SCRAM-SHA-256", response: [1, 2])), .sasl(mechanisms: [])),
    (.saslInitialResponse(.init(mechanism: "SCRAM-SHA-256", response: nil)), .sasl(mechanisms: [])),
    (.saslResponse(.init(data: [1, 2])), .saslContinue(data: [])), (.other(tag: 0x21, body: [1]), .ok),
  ]

  static let initial: [InitialMessage] = [
    .startup(.init(parameters: [.init("user", "u"), .init("database", "d")])), .ssl(.init()), .gssEncryption(.init()),
    .cancel(.init(processID: 5, secretKey: [1, 2, 3, 4])),
  ]
}

@Suite("Messages, both ways and malformed")
struct MessageTests {
  private func bytes(_ encode: (inout ByteWriter) -> Void) -> [UInt8] {
    var writer = ByteWriter()
    encode(&writer)
    return writer.bytes.array
  }

  @Test("every message of the server reads back as it was written")
  func backend() throws {
    for message in MessageSamples.backend {
      let frame = bytes { message.encodeFrame(to: &$0) }
      let header = try #require(try FrameHeader.peek(frame.span.bytes, at: 0, messageBytesMax: 1 << 20))
      #expect(header.frameCount == frame.count)
      #expect(try BackendMessage(tag: header.tag, body: frame.span.bytes.extracting(5..<frame.count)) == message)
    }
  }

  @Test("every message of the client reads back as it was written")
  func frontend() throws {
    for (message, request) in MessageSamples.frontend {
      let frame = bytes { message.encodeFrame(to: &$0) }
      let body = frame.span.bytes.extracting(5..<frame.count)
      #expect(try FrontendMessage(tag: frame[0], body: body, after: request) == message)
    }
    for message in MessageSamples.initial {
      let frame = bytes { message.encodeFrame(to: &$0) }
      #expect(try InitialMessage.peekLength(frame.span.bytes) == frame.count)
      #expect(try InitialMessage(frame: frame.span.bytes) == message)
    }
  }

  @Test("S41 a body cut at any byte is an error inside the body or another message, never a trap")
  func truncated() {
    for message in MessageSamples.backend {
      let frame = bytes { message.encodeFrame(to: &$0) }
      for end in 5..<frame.count {
        let cut = try? BackendMessage(tag: frame[0], body: frame.span.bytes.extracting(5..<end))
        #expect(cut != message)
      }
    }
    for (message, request) in MessageSamples.frontend {
      let frame = bytes { message.encodeFrame(to: &$0) }
      for end in 5..<frame.count {
        let cut = try? FrontendMessage(tag: frame[0], body: frame.span.bytes.extracting(5..<end), after: request)
        #expect(cut != message)
      }
    }
    for message in MessageSamples.initial {
      let frame = bytes { message.encodeFrame(to: &$0) }
      for end in 0..<frame.count {
        #expect((try? InitialMessage(frame: frame.span.bytes.extracting(0..<end))) != message)
      }
    }
  }

  @Test("bytes left over are an error that names the message, but where the body is all that is left")
  func trailing() throws {
    for message in MessageSamples.backend {
      var frame = bytes { message.encodeFrame(to: &$0) }
      frame.append(0)
      let body = frame.span.bytes.extracting(5..<frame.count)
      do {
        #expect(try BackendMessage(tag: frame[0], body: body) != message)
      } catch {
        #expect("\(error.context)" == message.message.map { "\(type(of: $0).name)" })
      }
    }
  }

  @Test("S41 impossible lengths name the message and where it is", arguments: [0, 1, 2, 3, -1, Int32.min])
  func shortLengths(length: Int32) {
    for tag in MessageSamples.backend.compactMap({ $0.message.map { type(of: $0).tag } }) {
      let frame = [tag] + bytes { $0.append(bigEndian: length) } + [0, 0]
      let error = #expect(throws: WireError.self) {
        try FrameHeader.peek(frame.span.bytes, at: 0, messageBytesMax: FrameHeader.messageBytesMaxDefault)
      }
      #expect(error == WireError(.badLength(Int(length)), offset: 1))
    }
  }

  @Test("S41 a length above the limit is an error at once; one below it only waits")
  func longLengths() throws {
    let frame: [UInt8] = [UInt8(ascii: "d"), 0x7F, 0xFF, 0xFF, 0xFF]
    #expect(throws: WireError.self) { try FrameHeader.peek(frame.span.bytes, at: 0, messageBytesMax: 1 << 30) }
    let allowed: [UInt8] = [UInt8(ascii: "d"), 0x00, 0x0F, 0x00, 0x00]
    #expect(try FrameHeader.peek(allowed.span.bytes, at: 0, messageBytesMax: 1 << 20)?.bodyCount == 0x0F0000 - 4)
    #expect(try FrameHeader.peek(allowed.span.bytes.extracting(0..<4), at: 0, messageBytesMax: 1 << 20) == nil)
  }

  @Test(
    "counts that claim more than there is allocate nothing and are errors",
    arguments: [
      (Backend.DataRow.tag, [0x7F, 0xFF] as [UInt8]), (Backend.DataRow.tag, [0x80, 0x00]),
      (Backend.DataRow.tag, [0, 1, 0x7F, 0xFF, 0xFF, 0xFF]), (Backend.DataRow.tag, [0, 1, 0xFF, 0xFF, 0xFF, 0xFE]),
      (Backend.RowDescription.tag, [0x7F, 0xFF]), (Backend.ParameterDescription.tag, [0x7F, 0xFF]),
      (Backend.NegotiateProtocolVersion.tag, [0, 3, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF]),
      (Backend.CopyBothResponse.tag, [0, 0x7F, 0xFF]), (Backend.BackendKeyData.tag, [0, 0, 0, 1, 2, 3]),
      (Backend.Authentication.tag, [0, 0, 0, 5, 1, 2]), (Backend.ErrorResponse.tag, [UInt8(ascii: "M"), 65]),
    ])
  func counts(tag: UInt8, body: [UInt8]) {
    #expect(throws: WireError.self) { try BackendMessage(tag: tag, body: body.span.bytes) }
  }

  @Test("start-up lengths outside the server's bounds are refused", arguments: [0, 3, 7, 10_001, Int32.max])
  func initialLengths(length: Int32) {
    let frame = bytes { $0.append(bigEndian: length) }
    #expect(throws: WireError.self) { try InitialMessage.peekLength(frame.span.bytes) }
  }
}
