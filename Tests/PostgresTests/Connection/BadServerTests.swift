// SPDX-License-Identifier: Apache-2.0
import Postgres
import Support
import Testing
import Wire

extension BadServer {
  fileprivate func open(_ mode: TLSMode = .disable, within limit: Duration = .seconds(5)) throws {
    let options = PostgresOptions(
      hosts: ["127.0.0.1"], port: port, user: "u", database: "d", tlsMode: mode, password: { "secret-word" })
    let connection = try PostgresConnection.open(options, loop: try PollLoop(), deadline: .after(limit))
    connection.close()
  }
}

@Suite("S41 servers that are none")
struct BadServerTests {
  private func error(
    _ bytes: [UInt8], closes: Bool, _ mode: TLSMode = .disable, within limit: Duration = .seconds(5)
  ) throws -> PostgresError {
    let server = try BadServer(says: bytes, thenCloses: closes)
    let error = try #require(throws: PostgresError.self) { try server.open(mode, within: limit) }
    #expect("\(error)".contains("127.0.0.1:\(server.port)"))
    #expect(!"\(error)".contains("secret-word"))
    return error
  }

  @Test("a silent one: the deadline, and what we were doing")
  func silent() throws {
    let error = try error([], closes: false, within: .milliseconds(300))
    guard case .timedOut(let activity) = error.reason else {
      Issue.record("\(error)")
      return
    }
    #expect(activity == "logging in")
    let asked = try self.error([], closes: false, .require, within: .milliseconds(300))
    guard case .timedOut("connecting") = asked.reason else {
      Issue.record("\(asked)")
      return
    }
  }

  @Test("one that closes")
  func closes() throws {
    let error = try error([], closes: true)
    switch error.reason {
    case .closed(let activity): #expect(activity == "logging in")
    default: Issue.record("\(error)")
    }
  }

  @Test("a web server")
  func web() throws {
    let error = try error(Array("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n".utf8), closes: true)
    guard case .malformed(_, let message, let offset) = error.reason else {
      Issue.record("\(error)")
      return
    }
    #expect(offset == 0 && message.contains("CopyOutResponse"))
  }

  /// The last one is a length that COPY may have, and no message of a login.
  @Test("lengths of 0, 3, 2^31 - 1 and 512 MiB", arguments: [0, 3, Int32.max, 512 << 20])
  func lengths(length: Int32) throws {
    let frame = [UInt8(ascii: "R")] + withUnsafeBytes(of: length.bigEndian) { Array($0) }
    let error = try error(frame, closes: false)
    guard case .malformed(let cause, let message, _) = error.reason else {
      Issue.record("\(error)")
      return
    }
    #expect(message == "Authentication" && cause.reason == .badLength(Int(length)))
  }

  @Test("one that lets us in in the middle of SCRAM, without showing that it knows the password")
  func impostor() throws {
    var writer = ByteWriter()
    Backend.Authentication(request: .sasl(mechanisms: ["SCRAM-SHA-256"])).encodeFrame(to: &writer)
    Backend.Authentication(request: .ok).encodeFrame(to: &writer)
    Backend.ReadyForQuery(status: .idle).encodeFrame(to: &writer)
    let error = try error(writer.bytes.array, closes: false)
    guard case .refused = error.reason else {
      Issue.record("\(error)")
      return
    }
  }

  @Test(
    "one that asks for the password in clear text, or for a method that we do not speak", arguments: [3, 7] as [Int32])
  func asksForPassword(code: Int32) throws {
    var writer = ByteWriter()
    Backend.Authentication(request: .other(code: code, data: [])).encodeFrame(to: &writer)
    let error = try error(writer.bytes.array, closes: false)
    guard case .refused = error.reason else {
      Issue.record("\(error)")
      return
    }
  }

  @Test("S42 bytes between the answer to SSLRequest and the handshake are refused")
  func injected() throws {
    let error = try error(Array("SE".utf8), closes: false, .require)
    guard case .refused = error.reason else {
      Issue.record("\(error)")
      return
    }
    let other = try self.error(Array("E".utf8), closes: false, .require)
    guard case .unexpected = other.reason else {
      Issue.record("\(other)")
      return
    }
  }

  @Test("S42 one that closes in the handshake; prefer tries again without TLS and meets nonsense there")
  func closesInHandshake() throws {
    let error = try error(Array("S".utf8), closes: true, .require)
    guard case .transport = error.reason else {
      Issue.record("\(error)")
      return
    }
    _ = try self.error(Array("S".utf8), closes: true, .prefer)
  }
}
